"""JoinChimeMeeting: take the caller into a meeting."""

from typing import Annotated

from offhook.actions.base import Action
from offhook.actions.fields import NonEmpty
from offhook.actions.legs import CallId, LegA
from offhook.actions.refusals import invalid
from offhook.actions.wire import Sent


class JoinChimeMeeting(Action[None]):
    """Join LEG-A to a meeting; the meeting becomes LEG-B. Not on a bridged call."""

    join_token: Annotated[NonEmpty, Sent(also=("AttendeeJoinToken",)), invalid("JoinToken")]
    """The attendee's join token."""

    meeting_id: NonEmpty | None = None
    """The meeting. Needed for every meeting made in the Chime SDK Meetings namespace."""

    call_id: CallId | None = None
    """LEG-A, by its `CallId`."""

    participant_tag: LegA | None = None
    """LEG-A, by its tag."""
