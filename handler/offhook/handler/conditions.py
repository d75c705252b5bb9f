"""What a decorator can ask of an event: the keywords of each, once for all of them."""

import re
from collections.abc import Callable, Mapping
from typing import Generic, TypeAlias, TypedDict, TypeVar

from pydantic import JsonValue

from offhook.actions.legs import ParticipantTag
from offhook.handler.event import Event

E = TypeVar("E", bound=Event)

Words: TypeAlias = str | re.Pattern[str]
"""A literal, or a pattern that must match the whole."""


class Conditions(TypedDict, Generic[E], total=False):
    """What every decorator can ask of its event."""

    our_number: Words
    """The number of ours that the call is on."""

    state: Mapping[str, JsonValue]
    """Attributes, or fields of the call state, that must have these values."""

    when: Callable[[E], bool]
    """Anything else: a function of the event."""


class LegConditions(Conditions[E], Generic[E], total=False):
    """Of an event about one leg."""

    leg: ParticipantTag
    """Its tag: `LEG-A` or `LEG-B`."""


class DigitsConditions(LegConditions[E], Generic[E], total=False):
    """Of an event that brings digits."""

    digits: Words
    """What was pressed, as in `"1"` or `re.compile("[1-3]")`."""


class ErrorConditions(Conditions[E], Generic[E], total=False):
    """Of an event that says what went wrong."""

    error_type: Words
    """The kind of error, as in `InvalidDigitsReceived`."""


class FailureConditions(LegConditions[E], ErrorConditions[E], Generic[E], total=False):
    """Of an action that failed."""
