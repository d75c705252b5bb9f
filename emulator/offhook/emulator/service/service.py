"""The service on your desk: it places calls to and from our numbers."""

import asyncio
import random
import uuid
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from offhook.actions.fields import PROMPTS_BUCKET, RECORDINGS_BUCKET
from offhook.emulator.call.audio import Prompts
from offhook.emulator.call.call import Call
from offhook.emulator.call.media import Media
from offhook.emulator.call.payload import Identity
from offhook.emulator.call.recording import Recordings
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.call.telling import Teller
from offhook.emulator.function.function import Function, Limits
from offhook.emulator.function.functions import Functions
from offhook.emulator.service.config import NO_NUMBER, ConfigError, Desk, provide
from offhook.emulator.service.failover import Failover
from offhook.emulator.service.far_ends import FarEnd
from offhook.emulator.service.surroundings import Surroundings
from offhook.emulator.service.switchboard import (
    DeskLines,
    Line,
    Lines,
    NobodyAnswers,
    UnknownNumber,
)

__all__ = ["HISTORY", "NobodyAnswers", "Service", "UnknownNumber"]

HISTORY = 100
"""How many calls that are over can still be looked at."""


class Service:
    """Places calls on an event loop; all of them end with `close`."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        media: Callable[[], Media] = SilentMedia,
        deliveries: int = 1,
        seed: int | None = None,
        lines: Lines | None = None,
        cold: bool = False,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names. With a `seed`,
        the ids of calls are the same every time. `lines` is the switchboard: what the desk says,
        by default. With `cold`, each call finds its function freshly started."""
        prompts_bucket = provide(PROMPTS_BUCKET, desk.prompts_bucket)
        provide(RECORDINGS_BUCKET, desk.recordings_bucket)
        self.desk = desk
        self.lines: Lines = lines or DeskLines(desk)
        self.loop = loop
        self._random = random.Random(seed)
        self._deliveries = deliveries
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self.calls: dict[str, Call] = {}
        """The calls that are up, by transaction id."""
        self.ended: deque[Call] = deque(maxlen=HISTORY)
        """The latest of those that are over, oldest first."""
        self.when_over: list[Callable[[Call], None]] = []
        """Who wants to know that a call is over."""
        self.surroundings = Surroundings(
            loop=loop,
            settings=desk.settings,
            prompts=Prompts(desk.prompts, prompts_bucket),
            recordings=Recordings(desk.recordings),
            new_id=self._id,
            new_media=media,
            our_numbers=lambda: self.numbers,
        )
        self.functions = Functions(self.named, self.surroundings.faults, function, cold=cold)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers."""
        return self.lines.numbers

    def named(self, name: str) -> tuple[str, Limits]:
        """What a function's name stands for at this desk now."""
        return self.desk.named(name)

    def call_in(
        self,
        to: str | None,
        from_: str,
        *,
        at: datetime | None = None,
        sip_headers: Mapping[str, str] | None = None,
        host: str | None = None,
    ) -> Call:
        """Somebody dials one of our numbers (the first by default), or a number behind the host
        of a Voice Connector. Raises `UnknownNumber`, `NobodyAnswers`."""
        to = to or self._first_number()
        lines = self.lines.answering(to, host)
        headers = sip_headers or {}
        passed_on = {name: value for name, value in headers.items() if _is_passed_on(name)}
        call = self._new_call(lines, at)
        call.legs.append(
            self.surroundings.new_leg(
                call, "LEG-A", to=to, from_=from_, direction="Inbound", sip_headers=passed_on
            )
        )
        call.report(call.legs[0], "call", f"{from_} dials {to}")
        for name in headers.keys() - passed_on.keys():
            call.report(call.legs[0], "note", f"{name} is not passed on: it is not a custom header")
        self._start(call, call.live_inbound())
        return call

    def call_out(
        self,
        from_: str | None,
        to: str,
        *,
        at: datetime | None = None,
        arguments: Mapping[str, str] | None = None,
        sip_headers: Mapping[str, str] | None = None,
        far_end: FarEnd | None = None,
        line: Line | None = None,
    ) -> Call:
        """We call somebody from one of our numbers (the first by default).

        `sip_headers` are those of our INVITE. `far_end` is who answers there; whoever the desk
        has at that number by default. `line` is the application that calls; the number's by
        default.
        """
        from_ = from_ or self._first_number()
        call = self._new_call([line or self.lines.calling(from_)], at)
        call.legs.append(
            self.surroundings.new_leg(
                call, "LEG-A", to=to, from_=from_, direction="Outbound", invite_headers=sip_headers
            )
        )
        call.report(call.legs[0], "call", f"{from_} calls {to}")
        self._start(call, call.live_outbound(arguments, far_end))
        return call

    async def until_over(self, call: Call) -> None:
        """Wait for a call to end."""
        if call in self._tasks:
            await self._tasks[call]

    def close(self) -> None:
        """End every call at once, and the processes of their functions."""
        for task in self._tasks.values():
            task.cancel()
        self.functions.close()

    def failure(self) -> BaseException | None:
        """The first fault of the emulator itself, which should not be."""
        for task in self._tasks.values():
            if task.done() and not task.cancelled() and task.exception() is not None:
                return task.exception()
        return None

    def _start(self, call: Call, life: Coroutine[None, None, None]) -> None:
        task = self.loop.create_task(life)
        self._tasks[call] = task
        self.calls[call.teller.identity.transaction_id] = call
        task.add_done_callback(lambda _: self._over(call, task))

    def _over(self, call: Call, task: asyncio.Task[None]) -> None:
        del self.calls[call.teller.identity.transaction_id]
        if task.cancelled() or task.exception() is None:
            del self._tasks[call]
        for tell in self.when_over:
            tell(call)
        self.ended.append(call)

    def _new_call(self, lines: Sequence[Line], at: datetime | None) -> Call:
        identity = Identity(
            transaction_id=self._id(),
            account=self.desk.account,
            region=self.desk.region,
            sip_media_application_id=lines[0].sip_media_application_id,
            sip_rule_id=lines[0].sip_rule_id,
        )
        delivery = self.functions.invoker(lines[0].function)
        teller = Teller(identity, delivery, self.desk.settings, deliveries=self._deliveries)
        if len(lines) > 1:

            def move(application_id: str) -> None:
                teller.identity = replace(identity, sip_media_application_id=application_id)

            ways = [
                (line.sip_media_application_id, self.functions.invoker(line.function))
                for line in lines
            ]
            teller.delivery = Failover(ways, move, self.desk.settings)
        return Call(
            surroundings=self.surroundings,
            teller=teller,
            started_ms=int((at or datetime.now(UTC)).timestamp() * 1000),
        )

    def _first_number(self) -> str:
        if not self.numbers:
            raise ConfigError(NO_NUMBER)
        return self.numbers[0]

    def _id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


def _is_passed_on(header: str) -> bool:
    """Whether the function sees a SIP header that a caller sent (dg/sip-headers)."""
    return header.lower().startswith("x-") or header.lower() in ("user-to-user", "diversion")
