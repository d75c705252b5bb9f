"""JoinChimeMeeting: take the caller into a meeting."""

from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from offhook.actions.base import Action, CallId
from offhook.actions.refusals import FailsWith


class JoinChimeMeeting(Action[None]):
    """Join LEG-A to a meeting; the meeting becomes LEG-B. Not on a bridged call."""

    source: ClassVar[str] = "dg/join-chime-meeting"

    join_token: Annotated[
        str, StringConstraints(min_length=1), FailsWith("JoinToken parameter value is invalid.")
    ]
    """The attendee's join token."""

    meeting_id: (
        Annotated[
            str, StringConstraints(min_length=1), FailsWith("MeetingId parameter value is invalid.")
        ]
        | None
    ) = None
    """The meeting. Needed for every meeting made in the Chime SDK Meetings namespace."""

    call_id: CallId | None = None
    """LEG-A, by its `CallId`."""

    participant_tag: Literal["LEG-A"] | None = None
    """LEG-A, by its tag."""
