"""What a well-behaved function knows between two events, as a value that can be compared.

Ids, stamps and numbers of events differ from path to path and say nothing: they are left out.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias, cast

from offhook.emulator.call.leg import Leg

Json: TypeAlias = Mapping[str, object]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_VARIES = re.compile(
    rf"{_ID.pattern}"
    r"|\d{4}-\d\d-\d\d(?:[-T ]\d\d){1,3}(?:[:.-]\d+)*(?:Z|[+-]\d\d:?\d\d)?"  # a moment
    r"|(?<![\d.])1[0-9]{9}(?:\.\d+|\d{3})?(?![\d.])"  # the same, in seconds or milliseconds
    r"|\b\d\d/\d\d/\d\d\b"
)

MANY_VALUES = 40
"""An attribute that has had so many values in one exploration only grows: it tells no situations
apart."""


class Legs(Protocol):
    """What tells ids apart in a call."""

    @property
    def transaction_id(self) -> str: ...
    @property
    def every_leg(self) -> Sequence[Leg]: ...


def plain(value: object, call: Legs) -> str:
    """A value as text, with the names of legs for ids; an id that is of no leg here shows."""
    text = json.dumps(value, sort_keys=True, default=str)
    for leg in call.every_leg:
        text = text.replace(leg.call_id, f"<{leg.tag}>")
    text = text.replace(call.transaction_id, "<call>")
    return _VARIES.sub("<varies>", text)


def stale(value: object, past: set[str]) -> str:
    """An id in it that is of a call before; empty where there is none."""
    return next((each for each in _ID.findall(json.dumps(value, default=str)) if each in past), "")


def event_key(event: Json, call: Legs) -> str:
    """What a function is told, but for when, and as the how manieth event."""
    details = dict(cast("Json", event["CallDetails"]))
    legs = [
        {name: value for name, value in leg.items() if name != "StartTimeInMilliseconds"}
        for leg in cast("Sequence[Json]", details.get("Participants") or ())
    ]
    rest = {name: value for name, value in event.items() if name not in ("Sequence", "CallDetails")}
    details["Participants"] = legs
    return plain([rest, details], call)


class Growing:
    """Attributes that only grow, by their names."""

    def __init__(self) -> None:
        self._values: dict[str, set[str]] = {}
        self.names: set[str] = set()

    def without(self, attributes: Json) -> Json:
        """The attributes that tell situations apart."""
        for name, value in attributes.items():
            if name in self.names:
                continue
            values = self._values.setdefault(name, set())
            values.add(_VARIES.sub("", json.dumps(value, default=str)))
            if len(values) > MANY_VALUES:
                self.names.add(name)
        return {name: value for name, value in attributes.items() if name not in self.names}


def legs_of(legs: Iterable[Leg]) -> list[object]:
    """Who is there."""
    return [[leg.tag, leg.status, leg.is_meeting, leg.listener is not None] for leg in legs]
