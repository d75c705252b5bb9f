"""ModifyChimeMeetingAttendees: mute and unmute people in the caller's meeting."""

from typing import Annotated, Literal

from pydantic import Field

from offhook.actions.base import Action
from offhook.actions.fields import AsList, FromList, NonEmpty, Open
from offhook.actions.legs import CallId, LegB
from offhook.actions.refusals import FailsWith, invalid


class ModifyChimeMeetingAttendees(Action[None]):
    """Mute or unmute telephone attendees of the meeting that the acting leg has joined."""

    source = "dg/mute-unmute"

    operation: Annotated[
        Literal["Mute", "Unmute"],
        Open,
        FailsWith("The ModifyChimeMeetingAttendees Operation parameter value is invalid"),
    ]
    """`Mute` or `Unmute` the attendees."""

    meeting_id: Annotated[NonEmpty, invalid("Meeting ID")]
    """The meeting that the leg has joined."""

    attendee_list: Annotated[
        tuple[NonEmpty, ...],
        Field(min_length=1, max_length=100),
        FromList,
        AsList,
        invalid("Attendee List"),
    ]
    """1 to 100 ids of telephone attendees."""

    call_id: CallId | None = None
    """The meeting leg, by its `CallId`."""

    participant_tag: LegB | None = None
    """The meeting leg, by its tag."""
