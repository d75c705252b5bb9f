"""A call that happened, played again by the emulator: the same events, if it does as the service.

Up to some exchange the function answers what it answered then, and a caller, and whoever is called,
does what makes the next event that was recorded. From there on a function answers, and people do
what they did, as far as they are asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias, cast

from offhook.actions.base import Action, ErrorType
from offhook.actions.collecting import CollectsDigits
from offhook.actions.refusals import Refusal
from offhook.emulator.behaviours import find
from offhook.emulator.call.behaviour import Behaviour, Stage, SuccessData
from offhook.emulator.call.call import Call
from offhook.emulator.call.expressions import matches
from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.performance import Performance
from offhook.emulator.call.refused import Refused
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.service.config import Desk
from offhook.emulator.service.far_ends import Answers, NeverAnswers, Rejects
from offhook.emulator.service.service import Service
from offhook.production.logs.alike import alike, legs_of, renamed
from offhook.production.logs.ending import actions_of, ending
from offhook.production.logs.recorded import Exchange, RecordedCall
from offhook.production.logs.scene import Audio, arguments_of, remembered, set_for
from offhook.production.logs.turns import invoked, seconds_after

Json: TypeAlias = Mapping[str, object]

SOON: Final = 0.05
"""Seconds into an action at which something happens in it."""
BETWEEN_KEYS: Final = 0.1
GIVEN_UP: Final = 480
AT_ONCE_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 600.0
"""Whoever is on the line after so long hangs up."""
TRIES: Final = 60
"""So many ways of who did what when are tried."""
OF_OTHERS: Final = ("InvalidDigitsReceived", "CallNotAnswered")
"""Errors that callers, and those who are called, bring about."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it."""

    call: Call
    told: int
    """How many events were as they were recorded, from the first on."""
    is_same: bool
    """Whether all of them were that are wanted, and no more came."""
    times: Sequence[float]
    """When each event came, in seconds of the call."""
    entries: int
    """How many lines of the ladder are of what had happened before somebody else answered."""
    choices: Sequence[bool]
    """Which of the moments were used at which what comes next could happen."""


@dataclass
class Reenactment:
    """One way to play a call."""

    recorded: RecordedCall
    desk: Desk
    until: int
    """The exchange up to which the replies are those that were recorded; the length: all."""
    function: Function | None = None
    """Who answers from there on; without one, the call is broken off there."""
    grants_failures: bool = False
    """Whether an action that failed for the service's own reasons fails here as well."""
    choices: Sequence[bool] = ()
    takes_time: bool = False
    _made: int = 0
    _asked: int = 0
    _told: int = 0
    _strays: bool = False
    _entries: int = 0
    _far_end: FarEnd = field(default_factory=Answers)
    _call: Call | None = None
    _service: Service | None = None

    def __post_init__(self) -> None:
        self._loop = VirtualLoop()
        later = self.recorded.exchanges[self.until :]
        self._keys = [keys for each in later if (keys := _keys(each))]

    # What the service asks of it: a function, the behaviours of actions, a far end.

    async def invoke(self, event: Json) -> Invoked:
        """The reply that was recorded; from `until` on that of the function."""
        place, row = self._asked, self.recorded.exchanges
        self._asked += 1
        is_more = place >= len(row)
        if is_more and self.function is None and "the end" in self.recorded.lacks:
            self._stop()
            return Invoked({"SchemaVersion": "1.0", "Actions": []})
        self._strays = self._strays or is_more or alike(event) != alike(row[place].event)
        self._told += not self._strays
        if place >= self.until and self.function is not None:
            if place == self.until and self._call is not None:
                self._entries = len(self._call.ladder.entries)
                self._loop.call_later(self._leaves_after, self._leaves)
            return await self.function.invoke(event)
        if self._call is None or place >= self.until or (self._strays and self.function is None):
            self._stop()
            return Invoked({"SchemaVersion": "1.0", "Actions": []})
        tags = {tag: call_id for call_id, tag in legs_of(event).items()}
        names = {old: tags.get(tag, old) for old, tag in legs_of(row[place].event).items()}
        self._loop.call_later(SOON, self._still, self._call.actions.performance)
        expected = self._next
        if expected is not None and self._leaves_at_once(row[place], expected) and self._chooses():
            self._loop.call_soon(self._happens, expected)
        answered = invoked(row[place])
        return replace(answered, reply=renamed(remembered(row, place), names))

    def close(self) -> None:
        """Nothing was started: nothing is to be ended."""

    def find(self, kind: type[Action[object]]) -> Behaviour[Action[object]] | None:
        """The behaviour of an action, at the beginning of which something may happen."""
        its = find(kind)
        return replace(its, perform=partial(self._perform, its)) if its is not None else None

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Whoever is called does what they did."""
        far_end = self._far_end
        if leg is call.legs[0]:
            later = self.recorded.exchanges[2:]
            was = next((e for e in later if e.told.TYPE in ("CALL_ANSWERED", "HANGUP")), None)
            far_end = NeverAnswers() if was is None else Answers(after=1.0)
            if was is not None and was.told.TYPE == "HANGUP":
                far_end = Rejects(int(getattr(was.told, "sip_response_code", 480)), after=1.0)
        far_end.ring(call, leg)

    # From the first event to the end.

    def play(self) -> Played:
        """Play the call once, from its first event on."""
        first = self.recorded.exchanges[0].told
        leg = first.leg_a
        with TemporaryDirectory(prefix="offhook-replay-") as folder:
            is_recorded = self.function is None
            desk = set_for(self.recorded, self.desk, Path(folder), is_recorded=is_recorded)
            service = Service(desk, self._loop, function=self)
            service.buckets = Audio(
                self.desk.prompts, self.desk.prompts_bucket, Path(folder), service.s3
            )
            service.find = self.find
            service.far_ends.clear()
            service.default_far_end = self
            began = self.recorded.began
            if leg.direction == "Outbound":
                arguments = arguments_of(first)
                call = service.call_out(
                    leg.from_, leg.to, at=began, arguments=arguments, far_end=self
                )
            else:
                call = service.call_in(leg.to, leg.from_, at=began, sip_headers=leg.sip_headers)
            self._call, self._service = call, service
            try:
                while not call.has_ended:
                    if not self._loop.run(lambda: call.has_ended):
                        self._silence(call)
            finally:
                service.close()
                self._loop.run(lambda: False)
                self._loop.close()
        wanted = min(self.until + 1, len(self.recorded.exchanges))
        times = [round(turn.sent - call.ladder.began, 3) for turn in call.told.turns]
        made = [*self.choices, *(False for _ in range(self._made - len(self.choices)))]
        is_same = self._told >= wanted and not self._strays
        return Played(call, self._told, is_same, times, self._entries, made)

    def _stop(self) -> None:
        if self._call is not None and self._service is not None:
            self._service.drop(self._call)

    # What people do.

    @property
    def _next(self) -> Exchange | None:
        """What was told next."""
        row = self.recorded.exchanges
        return row[self._asked] if self._asked < len(row) and not self._is_free else None

    @property
    def _is_free(self) -> bool:
        return self._asked > self.until

    async def _perform(
        self, its: Behaviour[Action[object]], action: Action[object], stage: Stage
    ) -> SuccessData | None:
        name, expected = type(action).type_name(), self._next
        self._far_end = self._whoever_is_called()
        if self._is_free:
            self._presses_what_is_left(action, stage)
            return await its.perform(action, stage)
        if expected is None:
            return await its.perform(action, stage)
        event = expected.told
        data = event.action_data
        is_of_this = data.get("Type") == name
        if is_of_this and event.TYPE == "ACTION_SUCCESSFUL" and isinstance(action, CollectsDigits):
            self._press_for(action, stage, str(data.get("ReceivedDigits") or ""))
        error = str(data.get("ErrorType") or ("Error" in data and "SystemException"))
        fails = is_of_this and event.TYPE == "ACTION_FAILED" and error not in OF_OTHERS
        if self._may_happen(expected) and self._chooses():
            self._loop.call_later(SOON, self._happens, expected)
        brings = await its.perform(action, stage)
        if fails and self.grants_failures:
            message = str(data.get("ErrorMessage") or "")
            raise Refused(Refusal(cast("ErrorType", error), message), "as it did then")
        return brings

    def _still(self, running: Performance | None) -> None:
        """An action goes on after an event, or none has come: what comes next may happen now."""
        expected = self._next
        if self._call is None or self._call.actions.performance is not running or expected is None:
            return
        if self._may_happen(expected) and self._chooses():
            self._happens(expected)

    def _may_happen(self, expected: Exchange) -> bool:
        event = expected.told
        if event.TYPE in ("HANGUP", "DIGITS_RECEIVED", "CALL_UPDATE_REQUESTED"):
            return True
        return event.TYPE.startswith("ACTION_") and self._leaver(expected) is not None

    def _leaver(self, expected: Exchange) -> Leg | None:
        """Who has left when it was told, and is still here."""
        if self._call is None:
            return None
        event = expected.told
        gone = {p.participant_tag for p in event.participants if p.status == "Disconnected"}
        if event.TYPE == "HANGUP":
            gone = {event.leg.participant_tag}
            if event.leg.is_inbound and getattr(event, "sip_response_code", 0) == GIVEN_UP:
                return None  # no caller does, but the service
        return next((leg for leg in self._call.legs if leg.tag in gone and not leg.is_gone), None)

    def _leaves_at_once(self, before: Exchange, expected: Exchange) -> bool:
        """Whether somebody may have left before anything came of a reply."""
        if self._leaver(expected) is None or actions_of(before)[:1] == ["Hangup"]:
            return False
        if before.at is None or expected.at is None:
            return True
        gap = (expected.at - before.at).total_seconds() - (before.seconds or 0.0)
        return gap < AT_ONCE_SECONDS

    def _chooses(self) -> bool:
        place, self._made = self._made, self._made + 1
        return self.choices[place] if place < len(self.choices) else False

    def _happens(self, expected: Exchange) -> bool:
        """Make what was told next; whether that could be done."""
        call, event = self._call, expected.told
        if call is None or self._next is not expected:
            return False
        if event.TYPE == "CALL_UPDATE_REQUESTED":
            call.update(arguments_of(event) or {})
            return True
        if event.TYPE == "DIGITS_RECEIVED":
            tag = event.leg.participant_tag
            leg = next((leg for leg in call.legs if leg.tag == tag and leg.is_connected), None)
            if leg is not None:
                self._press(leg, _keys(expected))
            return leg is not None and leg.listener is not None
        leaver = self._leaver(expected)
        if leaver is not None:
            code = int(getattr(event, "sip_response_code", 0))
            call.person_hangs_up(leaver, code)
        return leaver is not None

    def _press_for(self, action: CollectsDigits, stage: Stage, digits: str) -> None:
        """Keys of the attempt that succeeded, with a terminator where they need one."""
        expression = action.input_digits_regex
        needs = not digits or (expression and not matches(expression, digits, stage))
        end = next(iter(action.terminator_digits), "") if needs else ""
        self._press(stage.leg, digits + end)

    def _press(self, leg: Leg, keys: str) -> None:
        for number, key in enumerate(keys):
            self._loop.call_later(SOON + number * BETWEEN_KEYS, _presses, leg, key)

    def _whoever_is_called(self) -> FarEnd:
        row = self.recorded.exchanges[self._asked :]
        for each in row:
            data = each.told.action_data
            if (leg_b := each.told.leg_b) is not None and leg_b.is_connected:
                return Answers(after=1.0)
            if each.told.TYPE.startswith("ACTION_") and data.get("Type") == "CallAndBridge":
                return Answers(after=1.0) if each.told.TYPE == "ACTION_SUCCESSFUL" else Rejects(486)
            if each.told.TYPE == "HANGUP" and not self._is_free:
                return NeverAnswers()
        return Answers()

    def _presses_what_is_left(self, action: Action[object], stage: Stage) -> None:
        listens = stage.leg.listener is not None
        if self._keys and (isinstance(action, CollectsDigits) or listens):
            self._loop.call_later(1.0, self._press, stage.leg, self._keys.pop(0))

    def _silence(self, call: Call) -> None:
        """Nothing more happens by itself."""
        if (expected := self._next) is not None and self._happens(expected):
            return
        leg = next((leg for leg in call.legs if not leg.is_gone), None)
        if self._is_free and self._keys and leg is not None and leg.listener is not None:
            self._press(leg, self._keys.pop(0))
            return
        if not self._is_free:
            self._strays = self._strays or "the end" not in self.recorded.lacks
            self._stop()
            return
        for leg in call.legs:
            call.person_hangs_up(leg)

    @property
    def _leaves_after(self) -> float:
        """Seconds from there until the caller hung up, where they did."""
        end = ending(self.recorded)
        row = self.recorded.exchanges
        if end.how not in ("they hung up", "stranded") or end.after < self.until:
            return LONGEST_SECONDS
        since = seconds_after(self.recorded, row[self.until])
        return max(seconds_after(self.recorded, row[end.after]) - since, 1.0)

    def _leaves(self) -> None:
        if self._call is not None and not self._call.is_over:
            self._call.person_hangs_up(self._call.legs[0])


def reenacted(
    recorded: RecordedCall, desk: Desk, until: int | None = None, *, grants_failures: bool = False
) -> Played:
    """The call as the emulator plays it, up to and with the event of the exchange `until` (without
    one, all of it): in the way that is most like what was recorded."""
    wanted = len(recorded.exchanges) if until is None else until
    best: Played | None = None
    ways: list[tuple[bool, ...]] = [()]
    for _ in range(TRIES):
        if not ways:
            break
        choices = ways.pop()
        one = Reenactment(recorded, desk, wanted, None, grants_failures, choices)
        played = one.play()
        if best is None or (played.is_same, played.told) > (best.is_same, best.told):
            best = played
        if best.is_same:
            return best
        more = range(len(played.choices) - len(choices))
        ways += [(*choices, *(False for _ in range(n)), True) for n in more]
    assert best is not None
    return best


def goes_on(recorded: RecordedCall, desk: Desk, until: int, function: Function) -> Played:
    """The call up to an exchange as it was recorded, as far as the emulator plays it so, and from
    there on with another function. Whether it `is_same` is about what was before."""
    before = reenacted(recorded, desk, until, grants_failures=True)
    played = Reenactment(recorded, desk, until, function, True, before.choices).play()
    return replace(played, is_same=before.is_same)


def _presses(leg: Leg, key: str) -> None:
    if leg.is_connected:
        leg.presses(key)


def _keys(exchange: Exchange) -> str:
    return str(exchange.told.action_data.get("ReceivedDigits") or "")
