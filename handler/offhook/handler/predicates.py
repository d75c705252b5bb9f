"""What a route asks of an event. Each predicate says whether it is a literal or a pattern."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from offhook.actions.base import Action
from offhook.handler.conditions import Words
from offhook.handler.event import Event
from offhook.handler.reading import mapping
from offhook.handler.state import decode

ORDER = ("our_number", "action", "leg", "digits", "error_type", "state", "when")
"""In which order they are asked: a function of the author's only when all else holds."""


_READ: Mapping[str, Callable[[Event], str]] = {
    "our_number": lambda event: event.our_number,
    "leg": lambda event: event.leg.participant_tag,
    "digits": lambda event: getattr(event, "received_digits", ""),
    "error_type": lambda event: getattr(event, "error_type", ""),
}


@dataclass(eq=False, repr=False)  # each of these takes time at start-up
class Predicate:
    """One condition of a route."""

    name: str
    value: object
    """What it compares with: equal values make equal predicates."""
    is_literal: bool
    holds: Callable[[Event], bool]

    @property
    def says(self) -> int:
        """How much a particular action says: the more of its parameters, the closer it is."""
        if not isinstance(self.value, Action):
            return 0
        return len(cast("Action[object]", self.value).model_fields_set)

    def describe(self) -> str:
        """As it is written at the decorator, for `make routes`."""
        value = self.value
        if isinstance(value, re.Pattern):
            return f"{self.name}=/{cast('re.Pattern[str]', value).pattern}/"
        if isinstance(value, Action):
            return f"action={_describe(cast('Action[object]', value))}"
        if isinstance(value, type):
            return f"action={value.__name__}"
        if callable(value):
            return f"{self.name}={getattr(value, '__name__', 'a function')}"
        return f"{self.name}={value!r}"

    def asks_the_same_as(self, other: "Predicate") -> bool:
        """Whether both hold for exactly the same events."""
        same_kind = self.name == other.name and type(self.value) is type(other.value)
        return same_kind and bool(self.value == other.value)


def make(name: str, wanted: object) -> Predicate:
    """The predicate of a decorator's keyword. Raises `TypeError` for one that has no value."""
    if wanted is None:
        raise TypeError(f"{name}=None would take every event: give a value, or leave it out")
    if name == "leg" and wanted not in ("LEG-A", "LEG-B"):
        raise ValueError(f"leg={wanted!r}: legs are LEG-A and LEG-B")
    if name in _READ:
        if not isinstance(wanted, (str, re.Pattern)):
            raise TypeError(f'{name}={wanted!r}: write {name}="{wanted}", or re.compile("...")')
        return _words(name, cast("Words", wanted), _READ[name])
    if name == "when":
        return Predicate(name, wanted, False, cast("Callable[[Event], bool]", wanted))
    return cast("Callable[[object], Predicate]", globals()[name])(wanted)


def state(wanted: Mapping[str, JsonValue]) -> Predicate:
    """Attributes, or fields of the call state, that have these values."""
    values = dict(wanted)

    def holds(event: Event) -> bool:
        stored = event.transaction_attributes
        return all(n in stored and v in (stored[n], decode(stored[n])) for n, v in values.items())

    return Predicate("state", values, True, holds)


def action(wanted: "type[Action[object]] | Action[object]") -> Predicate:
    """The class of the action, or one particular action, known by its parameters."""
    name = wanted.type_name()
    if isinstance(wanted, type):
        return Predicate("action", wanted, False, lambda one: one.action_data.get("Type") == name)
    sent: dict[str, object] = {}

    def is_this_one(event: Event) -> bool:
        if event.action_data.get("Type") != name:
            return False
        if not sent:  # on first use: a key in the default bucket is resolved as in a reply
            sent.update(cast("Mapping[str, object]", wanted.to_wire()["Parameters"]))
        return holds_echo_of(sent, mapping(event.action_data, "Parameters"))

    return Predicate("action", wanted, True, is_this_one)


def holds_echo_of(sent: Mapping[str, object], echoed: Mapping[str, object]) -> bool:
    """Whether the echo holds all that was sent: the service adds a leg and some defaults."""
    for key, value in sent.items():  # no generator: this is asked all the time
        back = echoed.get(key)
        if value != back and (type(value) is type(back) is str or not is_echo_of(value, back)):
            return False
    return True


def is_echo_of(sent: object, echoed: object) -> bool:
    """Whether an echoed value is what was sent. A number may come back as a string."""
    if sent == echoed or type(sent) is type(echoed) is str:
        return sent == echoed
    if isinstance(sent, dict) and isinstance(echoed, dict):
        told = cast("Mapping[str, object]", echoed)
        return holds_echo_of(cast("Mapping[str, object]", sent), told)
    if isinstance(sent, list) and isinstance(echoed, list):
        ours, theirs = cast("list[object]", sent), cast("list[object]", echoed)
        return len(ours) == len(theirs) and all(map(is_echo_of, ours, theirs))
    return isinstance(echoed, (int, str)) and f"{sent}" == f"{echoed}"


def _words(name: str, wanted: Words, read: Callable[[Event], str]) -> Predicate:
    if isinstance(wanted, str):
        return Predicate(name, wanted, True, lambda event: read(event) == wanted)
    return Predicate(name, wanted, False, lambda event: wanted.fullmatch(read(event)) is not None)


def _describe(one: Action[object]) -> str:
    named = (getattr(one, name) for name in type(one).model_fields if name in one.model_fields_set)
    said = next((value for value in named if isinstance(value, str)), "")
    return f"{one.type_name()}({said[:40]!r})" if said else f"{one.type_name()}()"
