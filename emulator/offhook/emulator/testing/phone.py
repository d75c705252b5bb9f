"""A phone for tests: somebody who places calls, and the service between them and a function."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir
from types import TracebackType
from typing import Final, Self, TypeAlias
from uuid import uuid4

from offhook.actions.base import ErrorType
from offhook.emulator.call.bots import Bot
from offhook.emulator.call.call import Call
from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.call.ladder import Ladder
from offhook.emulator.call.meetings import MEETING_NUMBER, Meeting
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.faults import FUNCTION, Fault
from offhook.emulator.function.function import Function
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.service import Service
from offhook.emulator.service.usual import A_CALLER, MONDAY_AT_TEN
from offhook.emulator.settings import Settings
from offhook.emulator.testing.people import Person, PhoneCall

LambdaHandler: TypeAlias = Callable[..., object]

opened: Final[list[Callable[["Phone"], object]]] = []
"""Who wants to know of each phone that is made."""


class Phone:
    """Somebody with a telephone, and the service between them and a function."""

    def __init__(
        self,
        function: LambdaHandler | Function | str | None = None,
        *,
        settings: Settings | None = None,
        desk: Desk | None = None,
        deliveries: int = 1,
        seed: int | None = None,
        kept: dict[str, Function] | None = None,
        cold: bool = False,
        recordings: Path | None = None,
    ) -> None:
        """`function` is a Lambda handler or its `module:function` (or any other name that
        `--handler` takes); without one, the numbers in `[tool.offhook]` are answered as it says.
        `deliveries=2` delivers every event twice, as the service does when a reply is late. With a
        `seed`, ids are the same in every run. `kept` are functions of the desk by their names, for
        one phone after the other: whoever keeps them closes them. With `cold`, each call finds the
        function freshly started instead of warm. `recordings` is the folder that keeps what is
        recorded; without one, it goes with the phone. A test begins with what the configuration
        says: what `serve` keeps in a state file is left alone."""
        desk = desk or load().model_copy(update={"state": None})
        if function is not None:
            desk = desk.with_function(function if isinstance(function, str) else repr(function))
        self._passing = Path(gettempdir()) / f"offhook-{uuid4()}"  # made by the first recording
        said = {"settings": settings, "seed": seed, "recordings": recordings or self._passing}
        desk = desk.model_copy(update={k: value for k, value in said.items() if value is not None})
        self._own = InProcess(function, desk.named("")[1]) if callable(function) else None
        self._loop = VirtualLoop()
        self.service = Service(
            desk,
            self._loop,
            function=self._own or _reached(function),
            kept=kept,
            deliveries=deliveries,
            cold=cold,
        )
        for tell in opened:
            tell(self)

    @property
    def now(self) -> float:
        """Seconds that this phone has seen pass."""
        return self._loop.time()

    def dials(
        self,
        number: str | None = None,
        *,
        from_: str = A_CALLER,
        at: datetime | None = None,
        sip_headers: Mapping[str, str] | None = None,
    ) -> PhoneCall:
        """Dial one of our numbers (the first by default), at a time of day."""
        moment = self._moment(at)
        return self._watch(self.service.call_in(number, from_, at=moment, sip_headers=sip_headers))

    def rings(
        self,
        number: str = A_CALLER,
        *,
        from_: str | None = None,
        at: datetime | None = None,
        arguments: Mapping[str, str] | None = None,
        sip_headers: Mapping[str, str] | None = None,
    ) -> PhoneCall:
        """Be called by the application, as by CreateSipMediaApplicationCall with `arguments`.

        It rings until the story says `answers` or `declines`, or a far end was put `at` the
        number, which then does what it does. +17035550122 is a meeting's: it answers who calls
        with the `sip_headers` that name one.
        """
        far_end: FarEnd | None = self.service.far_ends.get(number)
        if far_end is None and number != MEETING_NUMBER:
            far_end = Person(self)
        return self._watch(
            self.service.call_out(
                from_,
                number,
                at=self._moment(at),
                arguments=arguments,
                sip_headers=sip_headers,
                far_end=far_end,
            )
        )

    def person(self, number: str) -> Person:
        """Somebody at a number, for CallAndBridge to call: `answers`, `declines`, or neither."""
        somebody = Person(self)
        self.service.far_ends[number] = somebody
        return somebody

    def at(self, number: str, far_end: FarEnd) -> None:
        """What is at a number: `Answers(after=3)`, `busy()`, `Voicemail()`, `Ivr(...)`, ..."""
        if isinstance(far_end, type) or not hasattr(far_end, "ring"):
            name = getattr(far_end, "__name__", repr(far_end))
            raise TypeError(f"{name} is no far end: write e.g. Answers(after=3), or busy()")
        self.service.far_ends[number] = far_end

    def meeting(self, meeting_id: str, tokens: Mapping[str, str]) -> Meeting:
        """A meeting that only these join tokens open, each for its attendee id."""
        return self.service.meetings.make(meeting_id, tokens)

    def bot(self, bot_alias_arn: str, bot: Bot) -> None:
        """Script the bot behind the ARN of an alias: what StartBotConversation comes to there."""
        self.service.bots[bot_alias_arn] = bot

    def fails(self, action: str, error_type: ErrorType, error_message: str = "") -> None:
        """Let the next action of a type fail, as in `fails("Speak", "AccessDenied")`.

        Raises `NoSuchFault` for an action or an error that there is not."""
        self.service.faults.put(Fault.of_action(action, error_type, error_message))

    def function_is(
        self,
        *,
        slow: float | None = None,
        throttled: bool = False,
        denied: bool = False,
        failing: bool = False,
        dead: bool = False,
        killed: bool = False,
        doubled: bool = False,
        times: int | None = None,
    ) -> None:
        """Let the function misbehave from now on, or for some invocations: `slow` seconds in each
        reply, `throttled` (429), `denied` (403), `failing`, `dead` (never replies), `killed`
        (its process, when it has the event), `doubled` (told everything twice). Nothing named: it
        is well again."""
        chosen = {
            f"slow={slow}": slow is not None,
            "throttled": throttled,
            "denied": denied,
            "failing": failing,
            "dead": dead,
            "killed": killed,
            "doubled": doubled,
        }
        often = "" if times is None else f":{times}"
        faults = self.service.faults
        faults.clear(FUNCTION)
        faults.put(*(f"{name}{often}" for name, is_so in chosen.items() if is_so))

    def put_faults(self, *faults: Fault | str) -> None:
        """What goes wrong from now on, instead of whatever did: `"slow=6"`, `"failing:2"`,
        `"s3-missing=welcome.wav"`, `"destination-busy"`, ... (docs/functions.md). Nothing: all is
        well. Raises `NoSuchFault`."""
        read = [Fault.parse(each) if isinstance(each, str) else each for each in faults]
        self.service.faults.clear()
        self.service.faults.put(*read)

    def deploys(self, function: LambdaHandler | Function) -> None:
        """Another version of the application is deployed, while calls are up: the next event of
        each goes to it."""
        limits = self.service.desk.named("")[1]
        self.service.functions.deploy(
            InProcess(function, limits) if callable(function) else function
        )

    @property
    def recordings(self) -> list[Path]:
        """The wav files of all recordings so far, oldest first."""
        return self.service.buckets.written

    def close(self) -> None:
        """Put the phone away: every call ends."""
        if not self._loop.is_closed():
            self.service.close()
            if self._own is not None:
                self._own.close()
            self._loop.run(lambda: False)
            self._loop.close()
            if self.recordings:
                rmtree(self._passing, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def until(self, holds: Callable[[], bool]) -> bool:
        """Let the call go on until something holds; `False` when it never will."""
        happened = self._loop.run(holds)
        self._raise_faults()
        return happened

    def wait(self, seconds: float) -> None:
        """Let so many virtual seconds pass, for all calls."""
        self._loop.run_for(seconds)
        self._raise_faults()

    def settle(self) -> None:
        """Let happen what happens at this very moment."""
        self._loop.settle()
        self._raise_faults()

    def ladder(self) -> Ladder | None:
        """What happened in the call that was placed last."""
        placed = self.service.placed()
        return placed[-1].ladder if placed else None

    def _moment(self, at: datetime | None) -> datetime:
        """When a call starts: as the story says, or on Monday, after the calls so far."""
        if at is None:
            return MONDAY_AT_TEN + timedelta(seconds=self._loop.time())
        if at.tzinfo is None:
            raise ValueError(f"{at} is in no time zone: write datetime(..., tzinfo=UTC)")
        return at

    def _watch(self, call: Call) -> PhoneCall:
        call.ladder.watchers.append(lambda _entry: self._loop.noticed())
        return PhoneCall(self, call)

    def _raise_faults(self) -> None:
        fault = self.service.failure()
        if fault is None and self._loop.faults:
            fault = self._loop.faults.pop(0)
        if fault is not None:
            raise fault


def _reached(function: LambdaHandler | Function | str | None) -> Function | None:
    return None if isinstance(function, str) or callable(function) else function
