"""A caller in a meeting: what its stories share."""

from offhook.actions import JoinChimeMeeting, ModifyChimeMeetingAttendees
from offhook.emulator.testing import Meeting, Phone, PhoneCall
from tests.emulator.call.stories import Answer, scripted
from tests.emulator.functions import AnsweredBy

JOIN = JoinChimeMeeting(join_token="t-ana", meeting_id="m-1")
PEOPLE = {"t-ana": "a-ana", "t-ben": "a-ben", "t-cleo": "a-cleo"}
NOT_HERE = ("InvalidActionParameter", "Invalid action on the call.")


def joined(
    answered_by: AnsweredBy, *then: Answer, **settings: object
) -> tuple[PhoneCall, Meeting, Phone]:
    """A caller in a meeting; `then` is what the function answers to that, and so on."""
    phone = answered_by(scripted([JOIN], *then), **settings)
    meeting = phone.meeting("m-1", PEOPLE)
    call = phone.dials()
    call.waits(0)
    return call, meeting, phone


def mute(*attendees: str, operation: str = "Mute", meeting: str = "m-1") -> object:
    """Mute or unmute attendees."""
    given = {"operation": operation, "meeting_id": meeting, "attendee_list": list(attendees)}
    return ModifyChimeMeetingAttendees.model_validate(given)
