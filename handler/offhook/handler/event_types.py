"""All that is true of each InvocationEventType, in one table.

The name is the key to the rest: `CALL_ANSWERED` is the class `CallAnswered`, the decorator and the
fallback `call_answered`, and the folder `events/call_answered` of payloads. What a new row lacks of
these, tests/project/test_events.py names; until it has a class, it is an unknown event.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple


class EventType(NamedTuple):
    """A row. What it says unless told otherwise holds for events that we do not know, too."""

    fallback: Literal["carry_on", "apologise", "apologise_at_the_end", "hang_up_the_rest"] = (
        "carry_on"
    )
    """What answers where no function does: its name in `offhook.handler.fallbacks`. At the end is
    where nothing goes on without an answer: no rest of a list, no ReceiveDigits, no second leg."""

    actions: Literal["run", "run_for_the_rest", "ignored"] = "run"
    """What becomes of actions in the answer. They never run once everybody is gone: of an event
    with `run_for_the_rest`, which tells that a leg has ended, the author can know that."""

    stores_attributes: bool = False
    """Whether the answer's attributes are stored also where its actions are ignored."""

    has_legs: bool = True
    """Whether it tells of legs: without one it is not as the service sends it."""

    comes_meanwhile: bool = False
    """Whether it comes while an action runs, whose success may come when the answer is sent."""

    body: str = 'return [Speak(text="..."), Hangup()]'
    """What the log offers to paste into the function."""


_UNANSWERED = "return None  # actions are ignored before CALL_ANSWERED"
_IGNORED = "return None  # actions are ignored here"
_REST = "return hang_up_the_rest(event)"

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "NEW_INBOUND_CALL": EventType("apologise"),
    # Attributes: observed with the first, assumed of the second, and of an update while it rings.
    "NEW_OUTBOUND_CALL": EventType("carry_on", "ignored", stores_attributes=True, body=_UNANSWERED),
    "RINGING": EventType("carry_on", "ignored", stores_attributes=True, body=_UNANSWERED),
    "CALL_ANSWERED": EventType("apologise"),
    "ACTION_SUCCESSFUL": EventType("apologise_at_the_end"),
    "ACTION_FAILED": EventType("apologise"),
    "ACTION_INTERRUPTED": EventType("carry_on", "ignored", body=_IGNORED),
    "DIGITS_RECEIVED": EventType("carry_on", comes_meanwhile=True),
    "CALL_UPDATE_REQUESTED": EventType("carry_on", stores_attributes=True, comes_meanwhile=True),
    "HANGUP": EventType("hang_up_the_rest", "run_for_the_rest", comes_meanwhile=True, body=_REST),
    "INVALID_LAMBDA_RESPONSE": EventType("apologise"),
}

_UNKNOWN = EventType()


def about(event_type: str) -> EventType:
    """What is true of it; of one that we do not know, that the call goes on."""
    return EVENT_TYPES.get(event_type, _UNKNOWN)
