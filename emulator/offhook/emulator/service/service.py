"""The service on your desk: the account, the calls to and from its numbers, and what they need.

Every way in has the same one: a test's `Phone`, `offhook call`, lint, `serve`, `local`.
"""

import asyncio
import logging
import random
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, starmap
from time import monotonic
from weakref import finalize

from offhook.actions.fields import PROMPTS_BUCKET, RECORDINGS_BUCKET
from offhook.emulator import behaviours
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.media import Media
from offhook.emulator.call.meetings import MEETING_NUMBER, MeetingLine, Meetings
from offhook.emulator.call.payload import Identity
from offhook.emulator.call.performance import Find
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.call.voice_connectors import VoiceConnectors
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.faults import DESTINATIONS, Fault, Faults
from offhook.emulator.function import functions
from offhook.emulator.function.function import Function, Limits
from offhook.emulator.function.functions import Functions
from offhook.emulator.function.provided import give_back, provide
from offhook.emulator.ports.port import Front
from offhook.emulator.service import configured, state
from offhook.emulator.service.account import Account
from offhook.emulator.service.buckets import Buckets, opened
from offhook.emulator.service.call_records import CallRecords
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import NoNumber
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.far_ends import AT_FAULT, Answers
from offhook.emulator.service.network import Network, is_passed_on
from offhook.emulator.service.quotas import Gate, TooManyCalls, bridging, weight
from offhook.emulator.service.switchboard import Line, NobodyAnswers, UnknownNumber
from offhook.emulator.service.ways import Ways
from offhook.emulator.settings import Settings

__all__ = ["HISTORY", "NobodyAnswers", "Service", "UnknownNumber"]

log = logging.getLogger("offhook.service")

HISTORY = 100
"""How many calls that are over can still be looked at."""

CHANCE = random.Random()
"""Where ids come from that need not be the same in every run: once for all desks."""

CLOSING_SECONDS = 2.0
"""How long functions may take to hear that their calls have ended."""


class Service:
    """Places calls on an event loop; all of them end with `close`. The `World` of each call."""

    def __init__(
        self,
        desk: Desk,
        loop: asyncio.AbstractEventLoop,
        *,
        function: Function | None = None,
        kept: dict[str, Function] | None = None,
        media: Callable[[], Media] = SilentMedia,
        deliveries: int = 1,
        cold: bool = False,
        goes_on: bool = False,
        api: str = "",
    ) -> None:
        """`function` answers all numbers instead of those that the desk names; `kept` are those of
        them that are reached already, and stay so. With `cold`, each call finds its function
        freshly started. With `goes_on`, a function that is not found fails when it is invoked.
        `api` is where its own API is, if not at the port of this process. Raises `ConfigError`
        for a state file that cannot be used, and for an S3 that is not installed."""
        named = {PROMPTS_BUCKET: desk.prompts_bucket, RECORDINGS_BUCKET: desk.recordings_bucket}
        prompts, recordings = starmap(provide, named.items())
        self._give_back = finalize(self, lambda: [*starmap(give_back, named.items())])
        self.desk = desk
        self.loop = loop
        holdings = state.load(desk.state) if desk.state is not None else None
        self.account = Account(desk.account, desk.region, holdings, changed=self._keep)
        """Numbers, rules, applications: who answers which call."""
        configured.configure(self.account, desk)
        self.gate = Gate(desk.quotas, self._now)
        self.network = Network(self)
        self._random = CHANCE if desk.seed is None else random.Random(desk.seed)
        self._numbers = count(1)
        self._deliveries = deliveries
        self._goes_on = goes_on
        self._api = api
        self._tasks: dict[Call, asyncio.Task[None]] = {}
        self.calls: dict[str, Call] = {}
        """The calls that are up, by transaction id."""
        self.ended: deque[Call] = deque(maxlen=HISTORY)
        """The latest of those that are over, oldest first."""
        self.far_ends: dict[str, FarEnd] = {}
        """Who is at which number (or user behind a Voice Connector); beats our own. Whoever is
        everywhere else is at `default`."""
        self.s3 = opened(desk, (prompts, recordings))
        self.buckets = Buckets(desk.prompts, prompts, desk.recordings, self.s3, recordings)
        records = CallRecords(
            desk.records or desk.recordings, self.account, always=desk.records is not None
        )
        self.find: Find = behaviours.find
        """The behaviour of an action."""
        self.when_placed: list[Callable[[Call], None]] = []
        """Who is told that there is a call: nothing has happened in it but its first entry."""
        self.when_over: list[Callable[[Call], None]] = [self.network.forget, records.write]
        """Who is told that a call is over."""
        self.new_media = media
        self.resources = state.kept(self.account)
        """What the API makes and nothing else is known of."""
        self.meetings = Meetings(self.resources)
        self.voice_connectors = VoiceConnectors(self.resources)
        self.bots: dict[str, Bot] = {}
        """By BotAliasArn."""
        self.speaks_for_bots: Callable[[str], Awaitable[Bot]] | None = None
        """Who says what came of a talk with a bot that nobody has scripted."""
        self.faults = Faults()
        """What goes wrong on purpose."""
        self.voice_focus_times: list[float] = []
        configured.describe(self.far_ends, self.bots, self.faults, desk)
        self.functions = Functions(
            self.named,
            self.faults,
            function,
            kept=kept,
            cold=cold,
            goes_on=goes_on,
            names=lambda: self.desk.functions,
        )
        self._steps_forward()

    def reconfigure(self, desk: Desk) -> None:
        """Go on with another configuration; calls that are up stay as they are."""
        configured.configure(self.account, desk, self.desk)
        self.gate = Gate(desk.quotas, self._now)
        configured.describe(self.far_ends, self.bots, self.faults, desk, self.desk)
        self.desk = desk

    @property
    def default_far_end(self) -> FarEnd:
        """Who is at every other number."""
        return self.far_ends.get(DEFAULT) or Answers()

    @default_far_end.setter
    def default_far_end(self, far_end: FarEnd) -> None:
        self.far_ends[DEFAULT] = far_end

    def _steps_forward(self) -> None:
        """A function of it is invoked: what functions ask their desk for, they ask of this one."""
        DESKS.step(self)
        functions.FRONT.step(self.functions)

    def _now(self) -> float:
        """Seconds for whoever asks too often: in virtual time those count as well in which a client
        really waits to try again."""
        return self.loop.time() + (monotonic() if isinstance(self.loop, VirtualLoop) else 0)

    def _keep(self) -> None:
        if self.desk.state is not None:
            state.save(self.desk.state, self.account.holdings)

    # What calls ask of it.

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say."""
        return self.desk.settings

    @property
    def region(self) -> str:
        """Where its applications are."""
        return self.desk.region

    @property
    def numbers(self) -> tuple[str, ...]:
        """Our numbers, in E.164, in the order of the configuration."""
        return self.account.numbers

    def new_id(self) -> str:
        """A UUID that no other has; the same in every run with the same seed."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def at(self, number: str, call: LiveCall, somebody: FarEnd | None = None) -> FarEnd:
        """Who, or what, is at a number that a call rings: `somebody`, if nothing is wrong there."""
        fault = self.strike(call, DESTINATIONS, number)
        if fault is not None:
            return AT_FAULT[fault.name]
        if somebody is not None:
            return somebody
        there = self.far_ends.get(number)
        if there is None and number == MEETING_NUMBER:
            there = MeetingLine(self.meetings)
        return self.network.far_end(number, there, self.default_far_end)

    def strike(self, call: LiveCall, names: Iterable[str], about: str = "") -> Fault | None:
        """The fault that is in force for this, if there is one."""
        return self.faults.strike(names, about, transaction_id=call.transaction_id)

    # What happens at the desk.

    def named(self, name: str) -> tuple[str, Limits]:
        """What a function's name stands for at this desk now."""
        return self.desk.named(name, self._api)

    def call_in(
        self,
        to: str | None,
        from_: str,
        *,
        at: datetime | None = None,
        sip_headers: Mapping[str, str] | None = None,
        host: str | None = None,
        is_ours: bool = False,
    ) -> Call:
        """Somebody dials one of our numbers (the first by default), or a number behind the host
        of a Voice Connector; or another call of ours does (`is_ours`). Raises `UnknownNumber`,
        `NobodyAnswers`, `TooManyCalls`, and where nobody else is to be rung `FunctionNotFound`."""
        to = to or self._first_number()
        lines = self.account.answering(to, host)
        if why := self.too_many_calls(1):
            raise TooManyCalls(f"{from_} is rejected with {self.rejected_with}: {why}")
        headers = sip_headers or {}
        passed_on = {name: value for name, value in headers.items() if is_passed_on(name)}
        call = self._new_call(lines, at, goes_on=is_ours or len(lines) > 1)
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
        default. Raises `UnknownNumber`, `NobodyAnswers`, `TooManyCalls`.
        """
        from_ = from_ or self._first_number()
        line = line or self.account.calling(from_)
        if why := self.too_many_calls(1):
            raise TooManyCalls(why)
        call = self._new_call([line], at)
        leg = call.new_leg(
            "LEG-A", to=to, from_=from_, direction="Outbound", invite_headers=sip_headers or {}
        )
        call.legs.append(leg)
        leg.report("call", f"{from_} calls {to}")
        self._start(call, call.live_outbound(arguments, far_end))
        return call

    def placed(self) -> list[Call]:
        """The latest calls that are over, and those that are up, in the order of their start."""
        return sorted([*self.ended, *self.calls.values()], key=lambda call: call.number)

    def drop(self, call: Call) -> None:
        """End a call at once, and tell nobody."""
        if call in self._tasks:
            self._tasks[call].cancel()

    def reseed(self, seed: int) -> None:
        """From now on ids are those that come of a seed."""
        self._random = random.Random(seed)

    async def until_over(self, call: Call) -> None:
        """Wait for a call to end."""
        if call in self._tasks:
            await self._tasks[call]

    @property
    def rejected_with(self) -> int:
        """The SIP response code when too many calls are up."""
        return self.gate.quotas.rejected_with

    def active_calls(self) -> int:
        """How many calls are up, as the quota counts: one that has or rings a LEG-B is two."""
        return sum(weight(call) for call in self.calls.values())

    def too_many_calls(self, more: int) -> str:
        """Why there may not be so many more calls now; empty when there may."""
        allowed = self.gate.quotas.active_calls
        return self.gate.excess(
            "active calls", self.active_calls, allowed, more, lambda: bridging(self.calls.values())
        )

    async def end(self) -> None:
        """Everybody is hung up, and the functions are told; whatever takes longer is cut."""
        calls = list(self.calls.values())
        for call in calls:
            call.report("note", "the desk is closing: everybody is hung up")
            for leg in call.legs:
                call.person_hangs_up(leg)
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await asyncio.gather(*map(self.until_over, calls), return_exceptions=True)
        except TimeoutError:
            pass
        self.close()
        await asyncio.gather(*map(self.until_over, calls), return_exceptions=True)

    def close(self) -> None:
        """End every call at once, the processes of their functions, and the S3."""
        for task in self._tasks.values():
            task.cancel()
        self.functions.close()
        self.buckets.close()
        DESKS.leave(self)
        self._give_back()

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
        for tell in self.when_placed:
            tell(call)
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

    def _new_call(
        self, lines: Sequence[Line], at: datetime | None, *, goes_on: bool = False
    ) -> Call:
        identity = Identity(
            transaction_id=self.new_id(),
            account=self.desk.account,
            region=self.desk.region,
            sip_rule_id=lines[0].sip_rule_id,
        )
        renewed = self.functions.renew() if self._goes_on else ()
        ways = [
            (line.sip_media_application_id, self.functions.invoker(line.function, goes_on=goes_on))
            for line in lines
        ]
        call = Call(
            self,
            self.find,
            identity,
            Ways(ways, self.settings, self._steps_forward),
            started_ms=int((at or datetime.now(UTC)).timestamp() * 1000),
            number=next(self._numbers),
            deliveries=self._deliveries,
        )
        for what in renewed:
            call.report("note", what)
        return call

    def _first_number(self) -> str:
        if not (ours := self.numbers):
            raise NoNumber
        return ours[0]


DESKS: Front[Service] = Front()
"""Those of this process: in front is the one whose function was invoked last."""
