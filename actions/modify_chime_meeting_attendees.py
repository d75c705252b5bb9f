"""ModifyChimeMeetingAttendees: mute and unmute people in the caller's meeting."""

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from offhook.actions.base import Action, CallId
from offhook.actions.fields import Open
from offhook.actions.refusals import FailsWith
from offhook.actions.wire import Wire


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _as_list(value: Iterable[str]) -> JsonValue:
    return list(value)


class ModifyChimeMeetingAttendees(Action[None]):
    """Mute or unmute telephone attendees of the meeting that the acting leg has joined."""

    source: ClassVar[str] = "dg/mute-unmute"

    operation: Annotated[
        Literal["Mute", "Unmute"],
        Open,
        FailsWith("The ModifyChimeMeetingAttendees Operation parameter value is invalid"),
    ]
    """`Mute` or `Unmute`."""

    meeting_id: Annotated[
        str, StringConstraints(min_length=1), FailsWith("Meeting ID parameter value is invalid.")
    ]
    """The meeting that the leg has joined."""

    attendee_list: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1)], ...],
        BeforeValidator(_as_tuple),
        Field(min_length=1, max_length=100),
        Wire(encode=_as_list),
        FailsWith("Attendee List parameter value is invalid."),
    ]
    """1 to 100 ids of telephone attendees."""

    call_id: CallId | None = None
    """The meeting leg, by its `CallId`."""

    participant_tag: Literal["LEG-B"] | None = None
    """The meeting leg, by its tag."""
