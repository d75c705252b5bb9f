"""The service on your desk: it places calls to and from our numbers, and has what they need."""

import asyncio
import logging
import random
import uuid
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from offhook.actions.fields import PROMPTS_BUCKET, RECORDINGS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator import behaviours
from offhook.emulator.call.audio import AUDIO_AT_FAULT, NOT_PCM, Clip
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.media import Media
from offhook.emulator.call.meetings import MEETING_NUMBER, MeetingLine, Meetings
from offhook.emulator.call.payload import Identity
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.faults import AUDIO, DESTINATIONS, Fault, Faults
from offhook.emulator.function.function import Function, Limits
from offhook.emulator.function.functions import Functions
from offhook.emulator.service.config import NO_NUMBER, ConfigError, Desk, provide
from offhook.emulator.service.far_ends import AT_FAULT, Answers
from offhook.emulator.service.prompts import Prompts
from offhook.emulator.service.recordings import Recordings
from offhook.emulator.service.switchboard import (
    DeskSwitchboard,
    Line,
    NobodyAnswers,
    Switchboard,
    UnknownNumber,
)
from offhook.emulator.service.ways import Ways
from offhook.emulator.settings import Settings

__all__ = ["HISTORY", "NobodyAnswers", "Service", "UnknownNumber"]

log = logging.getLogger("offhook.service")

HISTORY = 100
"""How many calls that are over can still be looked at."""


class Service:
    """Places calls on an event loop; all of them end with `close`. The `World` of each call."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        media: Callable[[], Media] = SilentMedia,
        deliveries: int = 1,
        seed: int | None = None,
        switchboard: Switchboard | None = None,
        reached: Callable[[str, FarEnd], FarEnd] = lambda _number, outside: outside,
        when_over: Iterable[Callable[[Call], None]] = (),
        prompts: Prompts | None = None,
        recordings: Recordings | None = None,
        cold: bool = False,
        goes_on: bool = False,
    ) -> None:
        """`function` answers all numbers instead of those that the desk names. With a `seed`,
        the ids of calls are the same every time. `switchboard` says who answers, `prompts` and
        `recordings` are where audio is: what the desk says, by default. `reached` is who is at a
        number where this far end is outside: another application of ours, perhaps. `when_over` is
        told of calls that are over. With `cold`, each call finds its function freshly started.
        Where the desk `goes_on`, a function that is not found fails when it is invoked."""
        prompts_bucket = provide(PROMPTS_BUCKET, desk.prompts_bucket)
        provide(RECORDINGS_BUCKET, desk.recordings_bucket)
        self.desk = desk
        self.loop = loop
        self.switchboard: Switchboard = switchboard or DeskSwitchboard(desk)
        self._random = random.Random(seed)
        self._deliveries = deliveries
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self.calls: dict[str, Call] = {}
        """The calls that are up, by transaction id."""
        self.ended: deque[Call] = deque(maxlen=HISTORY)
        """The latest of those that are over, oldest first."""
        self.when_over = list(when_over)
        """Who wants to know that a call is over."""
        self.far_ends: dict[str, FarEnd] = {}
        """Who is at which number (or user behind a Voice Connector)."""
        self.default_far_end: FarEnd = Answers()
        self._reached = reached
        self.prompts = prompts or Prompts(desk.prompts, prompts_bucket)
        self.recordings = recordings or Recordings(desk.recordings)
        self.new_media = media
        self.meetings = Meetings()
        self.bots: dict[str, Bot] = {}
        """By BotAliasArn."""
        self.faults = Faults()
        """What goes wrong on purpose."""
        self.voice_focus_times: list[float] = []
        self.functions = Functions(self.named, self.faults, function, cold=cold, goes_on=goes_on)

    # What calls ask of it.

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say."""
        return self.desk.settings

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers."""
        return self.switchboard.numbers

    def new_id(self) -> str:
        """A fresh UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def at(self, number: str, call: LiveCall, somebody: FarEnd | None = None) -> FarEnd:
        """Who, or what, is at a number that a call rings: `somebody`, if nothing is wrong there."""
        fault = self.strike(call, DESTINATIONS, number)
        if fault is not None:
            return AT_FAULT[fault.name]
        if somebody is not None:
            return somebody
        outside = self.default_far_end
        if number == MEETING_NUMBER:
            outside = MeetingLine(self.meetings)
        return self._reached(number, self.far_ends.get(number, outside))

    def strike(self, call: LiveCall, names: Iterable[str], about: str = "") -> Fault | None:
        """The fault that is in force for this, if there is one."""
        return self.faults.strike(names, about, transaction_id=call.transaction_id)

    async def fetch(self, call: LiveCall, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would: `not_pcm` for a file
        that is none."""
        if self.faults.has(*AUDIO):
            key = split_s3(place, PROMPTS_BUCKET)[1]
            fault = self.strike(call, AUDIO, key)
            if fault is not None:
                refusal = AUDIO_AT_FAULT.get(fault.name, not_pcm)
                raise Refused(refusal, f"on purpose: {fault.name} of {key}")
        return await self.prompts.fetch(place, not_pcm)

    # What happens at the desk.

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
        lines = self.switchboard.answering(to, host)
        headers = sip_headers or {}
        passed_on = {name: value for name, value in headers.items() if _is_passed_on(name)}
        call = self._new_call(lines, at)
        leg = call.new_leg("LEG-A", to=to, from_=from_, direction="Inbound", sip_headers=passed_on)
        call.legs.append(leg)
        leg.report("call", f"{from_} dials {to}")
        for name in headers.keys() - passed_on.keys():
            leg.report("note", f"{name} is not passed on: it is not a custom header")
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
        call = self._new_call([line or self.switchboard.calling(from_)], at)
        leg = call.new_leg(
            "LEG-A", to=to, from_=from_, direction="Outbound", invite_headers=sip_headers or {}
        )
        call.legs.append(leg)
        leg.report("call", f"{from_} calls {to}")
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
        self.calls[call.transaction_id] = call
        task.add_done_callback(lambda _: self._over(call, task))

    def _over(self, call: Call, task: asyncio.Task[None]) -> None:
        del self.calls[call.transaction_id]
        fault = None if task.cancelled() else task.exception()
        if fault is None:
            del self._tasks[call]
        else:  # what a function raises ends no call so
            what = f"{type(fault).__name__}: {fault}"
            call.report(
                "service", f"a fault of the emulator itself, or of a far end, has ended it: {what}"
            )
            log.error(
                "a fault of the emulator itself, or of a far end, has ended %s",
                call.transaction_id,
                exc_info=fault,
            )
        for tell in self.when_over:
            tell(call)
        self.ended.append(call)

    def _new_call(self, lines: Sequence[Line], at: datetime | None) -> Call:
        identity = Identity(
            transaction_id=self.new_id(),
            account=self.desk.account,
            region=self.desk.region,
            sip_rule_id=lines[0].sip_rule_id,
        )
        ways = [
            (line.sip_media_application_id, self.functions.invoker(line.function)) for line in lines
        ]
        return Call(
            self,
            behaviours.find,
            identity,
            Ways(ways, self.settings),
            started_ms=int((at or datetime.now(UTC)).timestamp() * 1000),
            deliveries=self._deliveries,
        )

    def _first_number(self) -> str:
        if not self.numbers:
            raise ConfigError(NO_NUMBER)
        return self.numbers[0]


def _is_passed_on(header: str) -> bool:
    """Whether the function sees a SIP header that a caller sent (dg/sip-headers)."""
    return header.lower().startswith("x-") or header.lower() in ("user-to-user", "diversion")
