"""Particular actions that are waited for, known again where another version of a flow sent them.

In our words an event is told by its echo. In others, by the names of the functions that waited when
it was sent, which are remembered: they stay when all that is said, pressed and matched is edited.
Where nothing is, as of a call of an older handler, by what it collects.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast
from zlib import crc32

from offhook.actions.base import Action
from offhook.handler.action_events import action_type_of
from offhook.handler.event import Event
from offhook.handler.memory import TELLS, Wire, recall
from offhook.handler.predicates import holds_echo_of, is_echo_of
from offhook.handler.reading import mapping, text

_LENGTHS = {"MaxNumberOfDigits": 128, "MinNumberOfDigits": 0, "Repeat": 1}
_COLLECTS = {**_LENGTHS, "TerminatorDigits": ["#"], "InputDigitsRegex": None}  # with the defaults
_WAYS = {"SpeakAndGetDigits": "PlayAudioAndGetDigits", "PlayAudioAndGetDigits": "SpeakAndGetDigits"}


class _One:
    def __init__(self, action: Action[Any], beside: "list[_One]") -> None:
        self.action, self.kind = action, action.type_name()
        self.beside = beside  # all of its type, this one included
        self.nth = len(beside)
        self.waits: dict[tuple[str, str], None] = {}  # a function, and the digits that it asks for

    @cached_property
    def sent(self) -> Wire:  # on first use: a key in the default bucket is resolved as in a reply
        return cast("Wire", self.action.to_wire()["Parameters"])

    @cached_property
    def line(self) -> str:
        """Its type, what is another once it is edited, which it is of its type, and who waits."""
        mark = crc32(self.action.model_dump_json(exclude_unset=True).encode())
        waits = map("=".join, self.waits)
        return " ".join((self.kind, f"{mark:x}", f"{self.nth}", *waits))

    @cached_property
    def lines(self) -> Sequence[str]:
        """What is remembered where it leaves as it is: its line, and of those that say less."""
        return [one.line for one in self.beside if holds_echo_of(one.sent, self.sent)]

    def likeness(self, line: str, echo: Mapping[str, object]) -> tuple[int, ...]:
        """By name, by what it collects, by words, by place; empty where neither of the first."""
        kind, _, nth, *told = line.split()
        known = len({word.partition("=")[0] for word in told} & {name for name, _ in self.waits})
        is_such = kind == self.kind and hasattr(self.action, "input_digits_regex")
        collects = is_such and all(
            f"{echo.get(key, usual)}" == f"{self.sent.get(key, usual)}"
            for key, usual in _COLLECTS.items()
        )
        alike = sum(is_echo_of(value, echo.get(key)) for key, value in self.sent.items())
        return (known, collects, alike, nth == f"{self.nth}") if known or collects else ()

    def as_if(self, line: str, event: Event) -> Event:
        """The event in our words. What was pressed is what its function asks for now, if any."""
        echo = mapping(event.action_data, "Parameters")
        data = {**event.action_data, "Type": self.kind, "Parameters": {**echo, **self.sent}}
        pressed = text(data, "ReceivedDigits")
        told = [word.partition("=")[0] for word in line.split() if word.endswith(f"={pressed}")]
        if pressed and told and (told[0], pressed) not in self.waits:
            free = "" if pressed in (digits for _, digits in self.waits) else pressed
            now = (digits or free for name, digits in self.waits if name == told[0])
            data["ReceivedDigits"] = next(now, "")
        return type(event)({**event.raw, "ActionData": data})


class Asked:
    """The particular actions that the routes of a router ask for."""

    def __init__(self, waits: Iterable[tuple[Action[Any], str, str]] = ()) -> None:
        """Each with a function that waits for it, by name, and the digits that it asks for."""
        self._ones: dict[str, list[_One]] = {}
        for action, name, digits in waits:
            ones = self._ones.setdefault(action.type_name(), [])
            one = next((one for one in ones if one.action == action), None)
            if one is None:
                ones.append(one := _One(action, ones))
            one.waits[name, digits] = None
        ids = (id(one.action) for ones in self._ones.values() for one in ones)
        self.sent: dict[int, tuple[Wire, Wire] | None] = dict.fromkeys(ids)
        """What leaves of some of these, checked once, by the `id` of each; and the same again, for
        whoever has the reply may edit it."""
        self.types = TELLS | {"ReceiveDigits"} | self._ones.keys()
        """What is noted when it leaves."""

    def note(self, its_id: int, wire: Wire, again: Wire) -> None:
        """This leaves of one of `sent`, now and always, unless a setting may say where it is."""
        if "'S3'" not in f"{wire}":
            self.sent[its_id] = wire, again

    def waiting(self, wire: Wire) -> Sequence[str]:
        """What is remembered of an action that leaves; its type alone where nobody asks for it."""
        kind = cast("str", wire["Type"])
        if kind not in self._ones:
            return [kind] if kind == "ReceiveDigits" else ()
        ones, said = self._ones[kind], mapping(wire, "Parameters")
        for one in ones:
            if one.sent == said:
                return one.lines
        return [one.line for one in ones if holds_echo_of(one.sent, said)] or [kind]

    def meant(self, event: Event) -> Event | None:
        """The event in our words, where it is in those of another version."""
        kind, echo = action_type_of(event), mapping(event.action_data, "Parameters")
        mine = self._ones.get(kind, [])
        ones = [*mine, *self._ones.get(_WAYS.get(kind, ""), [])]  # words may become a recording
        if not ones or any(holds_echo_of(one.sent, echo) for one in mine):
            return None
        lines = [line for line in recall(event).waits if line.split()[0] == kind]
        marks = {line.split()[1] for line in lines if line != kind}  # of what we would say the same
        likely = sorted(
            (
                (likeness, at, line)
                for line in lines or [f"{kind} - -"]
                for at, one in enumerate(ones)
                if line != kind and one.line.split()[1] not in marks
                if (likeness := one.likeness(line, echo))
            ),
            reverse=True,
        )
        if not likely or [each[0] for each in likely[1:2]] == [likely[0][0]]:
            return None  # rather none of them than the wrong one
        return ones[likely[0][1]].as_if(likely[0][2], event)


NOBODY = Asked()
