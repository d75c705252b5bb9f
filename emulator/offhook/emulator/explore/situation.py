"""What a well-behaved function knows between two events, as a value that can be compared.

Ids, stamps and numbers of events differ from path to path and say nothing: they are left out.
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol, TypeAlias, cast

from offhook.emulator.as_json import text_of
from offhook.emulator.behaviours.receive_digits import Listener
from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg

Json: TypeAlias = Mapping[str, object]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_VARIES = re.compile(
    rf"{_ID.pattern}"
    r"|\d{4}-\d\d-\d\d(?:[-T ]\d\d){1,3}(?:[:.-]\d+)*(?:Z|[+-]\d\d:?\d\d)?"  # a moment
    r"|(?<![\d.])1[0-9]{9}(?:\.\d+|\d{3})?(?![\d.])"  # the same, in seconds or milliseconds
    r"|\b\d\d/\d\d/\d\d\b"
    r"|(?<![\w+/-])[\w+/-]{64,}={0,2}"  # a token, as that of an attendee
)

_NUMBERED = re.compile(r'"Sequence":\d+,|"StartTimeInMilliseconds":"\d+",?')

GROWN = 16
"""An attribute that has had so many values in one exploration, and never went back on any path,
only grows: its size tells situations apart, and after as many sizes nothing of it."""
ENDLESS = 400
"""So does one that has had so many, whatever they are."""
KEPT_TEXTS = 512
"""What is told and answered is the same on paths that follow one another: so many texts are looked
at once."""


class Legs(Protocol):
    """What tells ids apart in a call."""

    @property
    def transaction_id(self) -> str: ...
    @property
    def every_leg(self) -> Sequence[Leg]: ...


def plain(value: object, call: Legs) -> str:
    """A value as text, with the names of legs for ids; an id that is of no leg here shows."""
    return without_stamps(named(value, call))


def named(value: object, call: Legs) -> str:
    """A value as text, with the names of legs for their ids."""
    return with_tags(text_of(value), call)


def with_tags(text: str, call: Legs) -> str:
    """A text with the names of legs for their ids."""
    for leg in call.every_leg:
        text = text.replace(leg.call_id, f"<{leg.tag}>")
    return text.replace(call.transaction_id, "<call>")


@lru_cache(KEPT_TEXTS)
def without_stamps(text: str) -> str:
    """A text in which ids and moments are all the same."""
    return _VARIES.sub("<varies>", text)


def stale(text: str, past: Container[str]) -> str:
    """An id in what `named` gives that is of a call before; empty where there is none."""
    return next((each for each in ids(text) if each in past), "")


@lru_cache(KEPT_TEXTS)
def ids(text: str) -> Sequence[str]:
    """All ids in a text."""
    return _ID.findall(text)


def hashed(text: str) -> str:
    """A short name for a text."""
    return blake2b(text.encode(errors="surrogatepass"), digest_size=10).hexdigest()


def event_key(event: Json, call: Legs, text: str = "") -> str:
    """A name for what a function is told, but for when, and as the how manieth event. Its `text` is
    that of `text_of`, where it is known."""
    return _event_key(with_tags(text or text_of(event), call))


@lru_cache(KEPT_TEXTS)
def _event_key(text: str) -> str:
    return hashed(without_stamps(_NUMBERED.sub("", text)))


def moved(event: Json, start_ms: str) -> Json:
    """An event of a call that begins at another moment."""
    details = cast("Json", event["CallDetails"])
    legs = cast("Sequence[Json]", details.get("Participants") or ())
    there = [{**leg, "StartTimeInMilliseconds": start_ms} for leg in legs]
    return {**event, "CallDetails": {**details, "Participants": there}}


class Growing:
    """Attributes that only grow, by their names."""

    def __init__(self) -> None:
        self._values: dict[str, set[str]] = {}
        self._sizes: dict[str, set[float]] = {}
        self._counted: set[str] = set()
        """Those that do not get longer each time."""
        self._turned_back: set[str] = set()
        self.names: set[str] = set()

    def look(self, course: Sequence[Json], known: int = 0) -> None:
        """Look at the attributes of a path, as they were one after the other; so many of them are
        `known` from a shorter one."""
        for before, after in pairwise(course[known:]):
            for name in before.keys() & after.keys():
                one, other = before[name], after[name]
                if one == other or len(str(other)) > len(str(one)):
                    continue
                self._counted.add(name)
                if not _number(other) > _number(one):
                    self._turned_back.add(name)
        latest: Json = course[-1] if course else {}
        for name, value in latest.items():
            if name in self.names:
                sizes = self._sizes[name]
                if len(sizes) <= GROWN:
                    sizes.add(self._size(name, value))
                continue
            values = self._values.setdefault(name, set())
            values.add(hashed(without_stamps(text_of(value))))
            grows = len(values) > GROWN and name not in self._turned_back
            if len(values) > ENDLESS or (grows and _has_grown(course, name)):
                self.names.add(name)
                self._sizes[name] = set()
                del self._values[name]

    def without(self, attributes: Json) -> Json:
        """What tells situations apart: attributes, and the sizes of those that grow."""
        return {
            name: self._size(name, value) if name in self.names else value
            for name, value in attributes.items()
            if name not in self.names or len(self._sizes[name]) <= GROWN
        }

    def _size(self, name: str, value: object) -> float:
        """By what an attribute grows: a number by itself, a list by its length."""
        return _number(value) if name in self._counted else len(str(value))


def _has_grown(course: Sequence[Json], name: str) -> bool:
    """Whether an attribute has had two values on a path: one that is set once does not grow."""
    return len({text_of(each[name]) for each in course if each.get(name)}) > 1


def _number(value: object) -> float:
    """Of what is none, less than all there are."""
    try:
        return float(str(value))
    except ValueError:
        return -math.inf


@dataclass(frozen=True, slots=True)
class Now:
    """What is so at one moment of a call, for all that a function can know."""

    at: str
    """The action that runs, or what is waited for: `silence`, `rings`."""
    attributes: Json
    rest: Sequence[object]
    there: Sequence[str]
    """The tags of those who are there."""

    @classmethod
    def of(cls, call: Call, at: str, who: str) -> "Now":
        """Of a call; `who` does something, or does not."""
        running, told = call.actions.performance, call.told
        invoked = call.actions.invoked_leg
        rung = [leg for leg in call.every_leg if leg not in call.legs and not leg.is_gone]
        rest = [
            who,
            running.sent if running is not None else None,
            call.actions.rest,
            invoked.tag if invoked is not None else "",
            told.events[-1]["InvocationEventType"] == "ACTION_INTERRUPTED",
            call.sip_media_application_id,
            [*legs_of([*call.legs, *rung])],
            [
                [leg.tag, its.track, its.is_paused, its.is_over]
                for leg, its in call.recordings.items()
            ],
        ]
        there = [leg.tag for leg in call.legs if not leg.is_gone]
        return cls(at, told.attributes, rest, there)

    def name(
        self,
        call: Call,
        without: Callable[[Json], Json],
        people: Mapping[str, str | None],
        *,
        is_deployed: bool = True,
    ) -> str:
        """A name for it. Attributes count as they are `without` what only grows; `people` are those
        who were called, by what they did, and the tags of their legs."""
        attributes = without(self.attributes)
        who = {tag: people.get(tag) for tag in self.there}
        return hashed(plain([self.at, is_deployed, attributes, who, *self.rest], call))


def legs_of(legs: Iterable[Leg]) -> Iterator[object]:
    """Who is there, and what is listened to on which leg."""
    for leg in legs:
        listener = leg.listener
        listens = listener.state if isinstance(listener, Listener) else listener is not None
        rings = leg.dialled is not None and not leg.dialled.done()
        yield [leg.tag, leg.status, leg.is_meeting, leg.to, leg.from_, rings, listens]
