"""How the service brings an event to a function: twice when it must, for 20 seconds at most.

Reference C.4 (dg/timeouts, dg/invoke-on-call-leg, dg/unexpected-hangups): no reply in 5 s, and the
same event goes out once more, while the first is not called back; whichever replies first is
heard. A 4XX from Lambda is tried once more. After 20 s, or when both have failed, the call ends.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.aside import Aside
from offhook.emulator.function.function import Failure, Function, Invoked
from offhook.emulator.function.moment import later

RETRY_SECONDS = 5.0
"""Without a reply for so long, the event is sent again (dg/timeouts)."""
GIVE_UP_SECONDS = 20.0
"""Without a reply for so long, the call is dropped (dg/invoke-on-call-leg)."""
ATTEMPTS = 2
"""At most so often: "by default retried once" (dg/timeouts)."""

LOGS: Mapping[Failure, str] = {
    "function": "the function failed",
    "throttled": "The AWS Lambda function was throttled.",
    "denied": "Access denied while invoking the AWS Lambda function.",
    "refused": "Lambda refused the invocation",
    "unreachable": "the function cannot be reached",
    "timed_out": "AWS Lambda client operation timed out.",
}
"""The line in the SIP media application's log, for each way to fail (dg/unexpected-hangups; the
texts without a capital are ours)."""

RETRIED: frozenset[Failure] = frozenset({"throttled", "denied", "refused"})
"""What Lambda answers with a 4XX."""

TIMED_OUT = Invoked(
    error=f"no reply in {GIVE_UP_SECONDS:.0f} s: reply sooner, and do slow work behind a Pause or "
    "in another function that updates the call",
    failure="timed_out",
)

Background = set[asyncio.Task[Invoked]]


class Invoker:
    """Brings events to one function."""

    def __init__(self, function: Function, aside: Aside | None = None) -> None:
        """`aside` has what those write that the function invokes."""
        self.function = function
        self._aside = aside or Aside()
        self.under_way: Background = set()
        """Invocations that nobody may be waiting for any more, but that go on."""

    async def invoke(self, event: Mapping[str, object], report: Callable[[str], None]) -> Invoked:
        """The first reply, or why there is none."""
        deliver = self._while_refused if _takes_no_time(self.function) else self._in_time
        is_virtual = isinstance(asyncio.get_running_loop(), VirtualLoop)
        with self._aside.asking(in_real_time=not is_virtual):
            answer = await deliver(event, report)
            if is_virtual:
                self._aside.settle()
            return self._aside.told(answer)

    def exchange(self, function: Function) -> None:
        """From the next event on it is this one; the other may end what it is doing."""
        old, self.function = self.function, function
        if not self.under_way:
            old.close()
            return
        ending = asyncio.gather(*self.under_way, return_exceptions=True)
        ending.add_done_callback(lambda _: old.close())

    def cancel(self) -> None:
        """Call back whatever is still under way: the desk closes."""
        for task in self.under_way:
            task.cancel()

    async def _while_refused(
        self, event: Mapping[str, object], report: Callable[[str], None]
    ) -> Invoked:
        answer = await self.function.invoke(event)
        if answer.error and answer.failure in RETRIED:
            report(_refused(answer))
            answer = await self.function.invoke(event)
        return answer

    async def _in_time(self, event: Mapping[str, object], report: Callable[[str], None]) -> Invoked:
        loop = asyncio.get_running_loop()
        began = loop.time()
        waiting = {self._send(event)}
        attempts = 1
        while True:
            passed = loop.time() - began
            until = GIVE_UP_SECONDS if attempts == ATTEMPTS else RETRY_SECONDS
            done, waiting = await asyncio.wait(
                waiting, timeout=max(0.0, until - passed), return_when=asyncio.FIRST_COMPLETED
            )
            if loop.time() - began >= GIVE_UP_SECONDS:  # a reply at this very moment is too late
                return TIMED_OUT
            answers = [task.result() for task in done]
            heard = [each for each in answers if not (each.error and each.failure in RETRIED)]
            if heard:
                for late in waiting:
                    late.add_done_callback(lambda task: _is_late(task, event, report))
                return heard[0]
            if attempts < ATTEMPTS:
                attempts += 1
                report(
                    _refused(answers[0])
                    if answers
                    else f"no reply in {RETRY_SECONDS:.0f} s: the same event is sent again"
                )
                later(loop.time() - began)
                waiting = {*waiting, self._send(event)}
            elif answers and not waiting:
                return answers[-1]

    def _send(self, event: Mapping[str, object]) -> asyncio.Task[Invoked]:
        invocation: Coroutine[Any, Any, Invoked] = self.function.invoke(event)
        task = asyncio.get_running_loop().create_task(invocation)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task


def _takes_no_time(function: Function) -> bool:
    """Whether no reply can be late: virtual time stands still while a function runs, unless a
    fault gives it some."""
    return isinstance(asyncio.get_running_loop(), VirtualLoop) and not getattr(
        function, "takes_time", False
    )


def _is_late(
    task: asyncio.Task[Invoked], event: Mapping[str, object], report: Callable[[str], None]
) -> None:
    if not task.cancelled():
        which = f"{event.get('InvocationEventType')} {event.get('Sequence')}"
        report(f"a late reply to {which} is thrown away")


def _refused(answer: Invoked) -> str:
    return f"{LOGS[answer.failure]} ({answer.error}): it is tried once more"
