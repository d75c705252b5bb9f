"""What calls that happened say of each setting of the emulator.

A call is played again under a setting and under each other value of it: where the events that were
told are those of one value alone, the call says so. Only a setting that is read while a call is
played can matter to it. Of times nothing is asked here: what only they could tell is ambiguous with
the rate of speech.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final, Literal, TypeAlias, get_args, get_origin

from pydantic import PrivateAttr

from offhook.emulator.service.config import Desk
from offhook.emulator.settings import Settings
from offhook.production.logs.alike import alike, legs_of, renamed, shape
from offhook.production.logs.recorded import RecordedCall
from offhook.production.logs.reenacted import reenacted
from offhook.production.logs.turns import seconds_after

Value: TypeAlias = str | bool
Assigned: TypeAlias = Mapping[str, Value]
Says: TypeAlias = Literal["certain", "ambiguous", "never exercised"]

OF_TIME: Final = (
    *("words_per_minute", "unanswered_seconds", "outbound_ring_seconds"),
    *("pause_tone_seconds", "max_invocations", "call_recording_key"),
)
"""Settings that are no structure: numbers, of which a call has but times, and a time in a key."""
FEW: Final = 10
"""Of so many kinds of calls that nothing explains, two settings at once are tried."""
NEAR_SECONDS: Final = 2.0
"""Times that are so near are one."""
ANOTHER: Final = "(another text)"
"""Any but those that were met."""
RATE: Final = "words_per_minute"


class Watched(Settings):
    """Settings that know which of them were asked for."""

    _asked: set[str] = PrivateAttr(default_factory=set[str])

    def __getattribute__(self, name: str) -> object:
        found: object = super().__getattribute__(name)
        if name in Settings.model_fields:
            self._asked.add(name)
        return found

    def forget(self) -> None:
        """None of them, from here on."""
        self._asked.clear()

    @property
    def asked(self) -> frozenset[str]:
        """The settings that were asked for so far."""
        return frozenset(self._asked)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a call went under some settings."""

    given: Assigned
    """Those that were asked for: under all others it goes the same."""
    told: int
    """How many events were as they were recorded; one more where that is all there was."""
    is_same: bool
    times: tuple[float, ...]
    is_quiet: bool
    """Whether nobody did anything in it, and nothing was heard: its times are the service's."""


@dataclass
class Shape:
    """Calls that are alike but for who called, and when."""

    call: RecordedCall
    calls: list[RecordedCall] = field(default_factory=list[RecordedCall])
    fits: list[Fit] = field(default_factory=list[Fit])
    grants_failures: bool = False
    """Whether actions fail in it for reasons that are not the settings'."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.calls)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the calls say of one setting."""

    name: str
    says: Says
    value: Value
    """What it is, where it is certain; else what it was taken to be."""
    count: int = 0
    """So many calls say so,"""
    of: int = 0
    """of so many that can tell its values apart."""
    others: Sequence[str] = ()
    """Values, or other settings, that explain the same."""


@dataclass
class Calibrated:
    """What came of it."""

    verdicts: Sequence[Verdict]
    calls: int
    explained: int
    unexplained: Sequence[RecordedCall]
    """One of each shape that no settings explain."""
    left_out: int
    """Calls that lack a reply, or the beginning: nothing can be played of them."""
    settings: Settings
    """Under which most are explained."""


def calibrate(calls: Iterable[RecordedCall], desk: Desk) -> Calibrated:
    """Hold the settings against calls, beginning with those of the desk."""
    shapes: dict[str, Shape] = {}
    left_out = total = 0
    messages: dict[str, None] = {}
    for call in calls:
        total += 1
        if not _can_be_played(call):
            left_out += 1
            continue
        messages |= dict.fromkeys(_messages(call))
        found = shapes.setdefault(_shape(call), Shape(call))
        found.calls.append(call)
    choices = _choices(desk.settings, messages)
    search = _Search(desk, [*shapes.values()], choices)
    search.climb()
    unexplained = [each for each in search.shapes if not search.fit(each, {}).is_same]
    return Calibrated(
        verdicts=[search.verdict(name) for name in choices],
        calls=total,
        explained=total - left_out - sum(each.count for each in unexplained),
        unexplained=[each.call for each in unexplained],
        left_out=left_out,
        settings=search.settings({}),
    )


def _can_be_played(call: RecordedCall) -> bool:
    starts = call.exchanges[0].told.TYPE in ("NEW_INBOUND_CALL", "NEW_OUTBOUND_CALL")
    return starts and all(lack == "the end" for lack in call.lacks)


def _messages(call: RecordedCall) -> Iterator[str]:
    for each in call.exchanges:
        data = each.told.action_data
        if data.get("ErrorType") == "InvalidDigitsReceived":
            yield str(data.get("ErrorMessage"))


def _shape(call: RecordedCall) -> str:
    rows = [
        (alike(each.event), renamed(each.reply, legs_of(each.event)), each.answer)
        for each in call.exchanges
    ]
    return shape(rows, call.lacks)


def _choices(settings: Settings, messages: Iterable[str]) -> dict[str, list[Value]]:
    """The values that each structural setting may have."""
    found: dict[str, list[Value]] = {}
    for name, its in Settings.model_fields.items():
        if name in OF_TIME:
            continue
        kind = its.annotation
        if kind is bool:
            found[name] = [True, False]
        elif get_origin(kind) is Literal:
            found[name] = [*get_args(kind)]
        else:
            found[name] = [*dict.fromkeys([getattr(settings, name), *messages, ANOTHER])]
    return found


class _Search:
    """Looks for the settings that explain most."""

    def __init__(
        self, desk: Desk, shapes: Sequence[Shape], choices: Mapping[str, Sequence[Value]]
    ) -> None:
        self._desk = desk
        self.shapes = shapes
        self._choices = choices
        self._now: dict[str, Value] = {name: getattr(desk.settings, name) for name in choices}

    def settings(self, other: Assigned) -> Settings:
        """Those of now, with some others."""
        return Settings.model_validate({**self._desk.settings.model_dump(), **self._now, **other})

    def fit(self, its: Shape, other: Assigned) -> Fit:
        """How calls go under the settings of now, with some others."""
        wanted = {**self._now, **other}
        for known in its.fits:
            if all(wanted[name] == value for name, value in known.given.items()):
                return known
        watched = Watched.model_validate(self.settings(other).model_dump())
        watched.forget()
        desk = self._desk.model_copy(update={"settings": watched, "seed": 1})
        played = reenacted(its.call, desk, grants_failures=its.grants_failures)
        given = {name: wanted[name] for name in watched.asked if name in wanted}
        is_quiet = not any(played.choices) and not any(
            entry.kind in ("hears", "presses") for entry in played.call.ladder.entries
        )
        told = played.told + played.is_same
        fit = Fit(given, told, played.is_same, tuple(played.times), is_quiet)
        its.fits.append(fit)
        return fit

    def climb(self) -> None:
        """Change one setting, or two, as long as more is explained; of what is left, actions may
        have failed for reasons of their own."""
        for _ in range(2):
            while (better := self._best(self._single()) or self._best(self._pairs())) is not None:
                self._now |= better
            for each in self._wrong():
                each.grants_failures = True
                each.fits.clear()

    def _single(self) -> Iterator[Assigned]:
        asked = {name for each in self._wrong() for name in self.fit(each, {}).given}
        for name in self._choices:
            if name in asked:
                yield from ({name: value} for value in self._others(name))

    def _pairs(self) -> Iterator[Assigned]:
        """Two that explain more of one of the calls that come most often."""
        for its in self._wrong()[:FEW]:
            now = self.fit(its, {})
            for one, other in combinations(sorted(now.given), 2):
                for value, second in product(self._others(one), self._others(other)):
                    both = {one: value, other: second}
                    if self.fit(its, both).told > now.told:
                        yield both

    def _wrong(self) -> list[Shape]:
        wrong = [each for each in self.shapes if not self.fit(each, {}).is_same]
        return sorted(wrong, key=lambda each: -each.count)

    def _others(self, name: str) -> list[Value]:
        return [value for value in self._choices[name] if value != self._now[name]]

    def _best(self, tries: Iterable[Assigned]) -> Assigned | None:
        """What explains most, if it is more than now."""
        best, gained = None, 0
        for other in tries:
            gain = self._gain(other)
            if gain > gained:
                best, gained = other, gain
        return best

    def _gain(self, other: Assigned) -> int:
        return sum(
            each.count * (self.fit(each, other).told - self.fit(each, {}).told)
            for each in self.shapes
            if other.keys() & self.fit(each, {}).given.keys()
        )

    # What they say of one.

    def verdict(self, name: str) -> Verdict:
        """Of a setting, when the best settings are found."""
        now = self._now[name]
        can = [each for each in self.shapes if name in self.fit(each, {}).given]
        differ = [s for s in can if any(self._differs(s, {name: v}) for v in self._others(name))]
        if not differ and (timed := self._by_time(name, can)):
            return timed
        if not differ:
            if any(self._times_differ(s, {name: v}) for s in can for v in self._others(name)):
                return Verdict(name, "ambiguous", now, others=(RATE,))
            return Verdict(name, "never exercised", now)
        of = sum(each.count for each in differ)
        says = [
            s
            for s in differ
            if all(
                self.fit(s, {name: v}).told < self.fit(s, {}).told
                for v in self._others(name)
                if self._differs(s, {name: v})
            )
        ]
        others = [str(value) for value in self._others(name) if self._gain({name: value}) >= 0] or [
            other
            for other in sorted({n for s in differ for n in self.fit(s, {}).given} - {name})
            if any(
                self._gain({name: value, other: second}) >= 0
                for value in self._others(name)
                for second in self._others(other)
            )
        ]
        count = sum(each.count for each in says)
        if others or not count:
            return Verdict(name, "ambiguous", now, count, of, others)
        return Verdict(name, "certain", now, count, of)

    def _by_time(self, name: str, can: Sequence[Shape]) -> Verdict | None:
        """By how long the service took where nobody did anything: seconds against half a minute."""
        values = [self._now[name], *self._others(name)]
        for its in can:
            near: list[Value] = []
            fits = {value: self.fit(its, {name: value}) for value in values}
            for value, fit in fits.items():
                stamps = [seconds_after(its.call, each) for each in its.call.exchanges]
                far = [abs(a - b) for a, b in zip(stamps, fit.times, strict=False)]
                if max(far) < NEAR_SECONDS:
                    near.append(value)
            has_times = all(each.at is not None for each in its.call.exchanges)
            is_told = has_times and all(fit.is_same and fit.is_quiet for fit in fits.values())
            if is_told and len(near) == 1:
                self._now[name] = near[0]
                return Verdict(name, "certain", near[0], its.count, its.count)
        return None

    def _differs(self, its: Shape, other: Assigned) -> bool:
        return self.fit(its, other).told != self.fit(its, {}).told

    def _times_differ(self, its: Shape, other: Assigned) -> bool:
        one, two = self.fit(its, other), self.fit(its, {})
        return one.is_same and two.is_same and one.times != two.times
