"""What a route asks of an event. Each predicate says whether it is a literal or a pattern."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias, cast

from pydantic import JsonValue

from offhook.actions.base import Action
from offhook.handler.events import (
    ActionFailed,
    ActionSuccessful,
    DigitsReceived,
    Event,
    InvalidLambdaResponse,
)
from offhook.handler.participant import mapping, text
from offhook.handler.state import decode

Words: TypeAlias = str | re.Pattern[str]
"""A literal, or a pattern that must match the whole."""

StateValues: TypeAlias = Mapping[str, JsonValue]
"""Attributes, or fields of your call state, that must have these values."""


class Predicate(NamedTuple):
    """One condition of a route."""

    name: str
    value: object
    """What it compares with: equal values make equal predicates."""
    is_literal: bool
    holds: Callable[[Event], bool]

    def describe(self) -> str:
        """As it is written at the decorator, for `make routes`."""
        if isinstance(self.value, re.Pattern):
            return f"{self.name}=/{cast('re.Pattern[str]', self.value).pattern}/"
        if isinstance(self.value, Action):
            parameters = _wire_parameters(cast("Action[object]", self.value))
            said = next((v for v in parameters.values() if isinstance(v, (str, dict))), "")
            return f"action={type(self.value).__name__}({str(said)[:40]!r})"
        if isinstance(self.value, type):
            return f"action={self.value.__name__}"
        if callable(self.value):
            return f"{self.name}={getattr(self.value, '__name__', 'a function')}"
        return f"{self.name}={self.value!r}"


def words(name: str, wanted: Words, read: Callable[[Event], str]) -> Predicate:
    """A literal to equal, or a pattern to match in full."""
    if isinstance(wanted, str):
        return Predicate(name, wanted, True, lambda event: read(event) == wanted)
    return Predicate(
        name, wanted, False, lambda event: wanted.fullmatch(read(event)) is not None
    )


def our_number(wanted: Words) -> Predicate:
    """The number of ours that the call is on."""
    return words("our_number", wanted, lambda event: event.our_number)


def leg(wanted: str) -> Predicate:
    """The tag of the leg that the event is about."""
    if wanted not in ("LEG-A", "LEG-B"):
        raise ValueError(f"leg={wanted!r}: legs are LEG-A and LEG-B")
    return words("leg", wanted, lambda event: event.leg.participant_tag)


def digits(wanted: Words) -> Predicate:
    """What was pressed."""
    return words("digits", wanted, _digits_of)


def error_type(wanted: Words) -> Predicate:
    """The `ErrorType` of what failed."""
    return words("error_type", wanted, _error_type_of)


def state(wanted: StateValues) -> Predicate:
    """Attributes, or fields of the call state, that have these values."""
    values = dict(wanted)

    def holds(event: Event) -> bool:
        stored = event.transaction_attributes
        return all(
            name in stored and value in (stored[name], decode(stored[name]))
            for name, value in values.items()
        )

    return Predicate("state", values, True, holds)


def when(wanted: Callable[[Event], bool]) -> Predicate:
    """Anything else: a function of the event."""
    return Predicate("when", wanted, False, wanted)


def action(wanted: "type[Action[object]] | Action[object]") -> Predicate:
    """The class of the action, or one particular action, known by its parameters."""
    if isinstance(wanted, type):
        name = wanted.type_name()
        return Predicate("action", wanted, False, lambda event: action_type_of(event) == name)
    one = wanted
    name = one.type_name()
    sent: dict[str, object] = {}

    def holds(event: Event) -> bool:
        if action_type_of(event) != name:
            return False
        if not sent:  # on first use: a key in the default bucket is resolved as in a reply
            sent.update(_wire_parameters(one))
        echo = mapping(mapping(event.raw, "ActionData"), "Parameters")
        for key, value in sent.items():
            if not same(value, echo.get(key)):
                return False
        return True

    return Predicate("action", one, True, holds)


def same(sent: object, echoed: object) -> bool:
    """Whether an echoed value is what was sent: the service may write numbers as strings."""
    if sent == echoed:
        return True
    if isinstance(sent, dict) and isinstance(echoed, Mapping):
        heard = cast("Mapping[str, object]", echoed)
        return all(
            same(value, heard.get(key)) for key, value in cast("dict[str, object]", sent).items()
        )
    if isinstance(sent, (int, str)) and isinstance(echoed, (int, str)):
        return str(sent) == str(echoed)
    return False


def _wire_parameters(one: Action[object]) -> Mapping[str, object]:
    return cast("Mapping[str, object]", one.to_wire()["Parameters"])


def action_type_of(event: Event) -> str:
    """The `Type` of the action that an event is about."""
    return text(mapping(event.raw, "ActionData"), "Type")


def _digits_of(event: Event) -> str:
    return event.received_digits if isinstance(event, (ActionSuccessful, DigitsReceived)) else ""


def _error_type_of(event: Event) -> str:
    return event.error_type if isinstance(event, (ActionFailed, InvalidLambdaResponse)) else ""


