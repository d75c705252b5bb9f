"""Virtual time: an event loop whose clock jumps to the next thing that happens.

A ten-minute call takes milliseconds, and the same call is the same every time. The clock stands
still while a function runs: functions are called between two turns of the loop, where no loop is
running, so that `asyncio.run` works inside them.
"""

import asyncio
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from contextvars import Context
from heapq import heappop, heappush
from typing import Final, ParamSpec, TypeVar, TypeVarTuple, Unpack

from offhook.emulator import threads

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Watch = Callable[[], bool]

MOST_TIMERS: Final = 100
"""From so many on, asyncio looks for those that were cancelled."""


class _Selector(selectors.DefaultSelector):
    """Waits by moving the clock; asks the operating system only when real work is under way."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.loop.in_flight:
            return super().select(None if timeout is None or timeout > 0 else timeout)
        if self.loop.holds_still and timeout != 0:
            self.loop.is_idle = True
            self.loop.stop()
        elif timeout is None:
            self.loop.stalled = True
            self.loop.stop()
        elif timeout > 0:
            self.loop.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time, driven by `run`."""

    # asyncio's own.
    _selector: _Selector
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _stopping: bool
    _clock_resolution: float
    _timer_cancelled_count: int
    _thread_id: int | None

    def __init__(self) -> None:
        self.now = 0.0
        self.in_flight = 0
        """Work in threads, processes or sockets that the clock waits for."""
        self._ssock: socket.socket | None = None
        self._csock: socket.socket | None = None
        self.holds_still = False
        """Whether time must not pass."""
        self.is_idle = False
        """Whether nothing more happens at this moment."""
        self.stalled = False
        """Whether the last run ended because nothing could happen any more."""
        self.faults: list[BaseException] = []
        """What was raised where nobody waits for it: by a timer, in a far end."""
        self._outside: deque[Callable[[], None]] = deque()
        self._watch: Watch = lambda: False
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self.set_exception_handler(lambda _loop, context: self._broken(context))

    @property
    def holds_sockets(self) -> bool:
        """Whether other threads may wake it: that takes a pair of sockets, which most loops have no
        use for."""
        return self._ssock is not None

    def take_sockets(self) -> None:
        """Other threads may wake it from now on."""
        if not self.holds_sockets:
            super()._make_self_pipe()  # type: ignore[misc]

    def _make_self_pipe(self) -> None:
        """Not when it is made: `take_sockets`."""

    def _close_self_pipe(self) -> None:
        if self.holds_sockets:
            super()._close_self_pipe()  # type: ignore[misc]

    def _broken(self, context: Mapping[str, object]) -> None:
        fault = context.get("exception")
        if isinstance(fault, BaseException):
            self.faults.append(fault)
        else:
            self.default_exception_handler(dict(context))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.now

    def call_soon(
        self,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """As asyncio's own, which looks at more."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """As asyncio's own, which looks at more."""
        timer = asyncio.TimerHandle(self.now + delay, callback, args, self, context)
        heappush(self._scheduled, timer)
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def _run_once(self) -> None:
        """As asyncio's own, in the same order, and quicker: nothing is selected from where nothing
        real is under way."""
        ready, timers = self._ready, self._scheduled
        if self.in_flight or len(timers) > MOST_TIMERS:
            super()._run_once()  # type: ignore[misc]
        else:
            while timers and timers[0]._cancelled:
                self._timer_cancelled_count -= 1
                heappop(timers)._scheduled = False  # type: ignore[attr-defined]
            if not (ready or self._stopping):
                self._selector.select(max(0.0, timers[0].when() - self.now) if timers else None)
            if timers:
                end = self.now + self._clock_resolution
                while timers and timers[0].when() < end:
                    timer = heappop(timers)
                    timer._scheduled = False  # type: ignore[attr-defined]
                    ready.append(timer)
            for _ in range(len(ready)):
                handle = ready.popleft()
                if not handle._cancelled:
                    handle._run()
        if self._outside:
            self._step_out()

    def _step_out(self) -> None:
        """Where no loop is running."""
        thread, self._thread_id = self._thread_id, None
        asyncio._set_running_loop(None)
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(None, None)
        try:
            while self._outside:
                self._outside.popleft()()
        finally:
            self._thread_id = thread
            asyncio._set_running_loop(self)
            sys.set_asyncgen_hooks(*hooks)

    def run(self, until: Watch) -> bool:
        """Let things happen until the condition holds. `False`: it never will.

        The condition is looked at whenever `noticed` is called.
        """
        self._watch = until
        try:
            while not until():
                self.stalled = False
                self.run_forever()
                if self.stalled:
                    return until()
        finally:
            self._watch = lambda: False
        return True

    def run_for(self, seconds: float) -> None:
        """Let a time pass."""
        arrived = False

        def arrive() -> None:
            nonlocal arrived
            arrived = True
            self.stop()

        self.call_later(seconds, arrive)
        while not arrived:
            self.run_forever()

    def settle(self) -> None:
        """Let everything happen that happens at this very moment."""
        self.holds_still, self.is_idle = True, False
        try:
            while not self.is_idle:
                self.run_forever()
        finally:
            self.holds_still = False

    def noticed(self) -> None:
        """Something happened that the condition of `run` may depend on."""
        if self._watch():
            self.stop()

    async def outside(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a blocking function where no event loop is running, in no time."""
        result: asyncio.Future[T] = self.create_future()

        def call() -> None:
            try:
                answer = function(*args, **kwargs)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                result.set_exception(error)
            else:
                result.set_result(answer)

        self._outside.append(call)
        return await result


class Stopwatch:
    """The wall clock for what a function takes: it stands still while the desk has it wait for
    something of its own, as for its S3 to start."""

    def __init__(self) -> None:
        self._held = 0.0
        self._since: float | None = None

    def __call__(self) -> float:
        """Seconds since any moment, as of `time.monotonic`."""
        return (time.monotonic() if self._since is None else self._since) - self._held

    @contextmanager
    def held(self) -> Generator[None]:
        """Let it stand still meanwhile; one at a time."""
        self._since = began = time.monotonic()
        try:
            yield
        finally:
            self._held += time.monotonic() - began
            self._since = None


stopwatch = Stopwatch()


@contextmanager
def standing_still() -> Generator[None]:
    """While something real is under way, virtual time stands still; real time goes on."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualLoop):
        yield
        return
    loop.take_sockets()
    loop.in_flight += 1
    try:
        yield
    finally:
        loop.in_flight -= 1


async def call_outside(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a blocking function outside the running loop: virtual time stands still meanwhile."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, VirtualLoop):
        return await loop.outside(function, *args, **kwargs)
    return await in_thread(function, *args, **kwargs)


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a blocking function in a thread of its own: virtual time stands still meanwhile."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def hand_over(give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if result.done() else give())

    def call() -> None:
        try:
            answer = function(*args, **kwargs)
        except BaseException as error:
            fault = error
            hand_over(lambda: result.set_exception(fault))
        else:
            hand_over(lambda: result.set_result(answer))

    threads.run(call)
    with standing_still():
        return await result
