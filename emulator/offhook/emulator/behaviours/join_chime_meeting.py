"""JoinChimeMeeting: the caller is taken into a meeting, which is LEG-B."""

from offhook.actions.join_chime_meeting import JoinChimeMeeting
from offhook.actions.refusals import Refusal
from offhook.emulator.call.behaviour import Stage, behaviour
from offhook.emulator.call.meetings import MEETING_NUMBER, Meetings
from offhook.emulator.call.refused import Refused

_BAD_TOKEN = Refusal("InvalidActionParameter", "JoinToken parameter value is invalid.")
_BRIDGED = Refusal("InvalidActionParameter", "Invalid action on the call.")


@behaviour(
    answers=True,
    notifies=True,
    makes_leg_b=True,
    on="LEG-A",
    error_string="ErrorJoiningMeeting: Error while joining meeting.",
)
async def join_chime_meeting(action: JoinChimeMeeting, stage: Stage) -> None:
    """Join with the attendee's token."""
    call = stage.call
    if call.leg_b is not None:
        raise Refused(_BRIDGED, "a bridged call cannot join a meeting: hang LEG-B up first")
    meeting = stage.world.meetings.admit(action.meeting_id, action.join_token)
    if meeting is None:
        raise Refused(_BAD_TOKEN, _why(action, stage.world.meetings))
    to, from_ = MEETING_NUMBER, "SMA"
    if stage.settings.meeting_leg_numbers == "from_meeting":
        to, from_ = from_, to
    leg = call.new_leg("LEG-B", to=to, from_=from_, direction="Outbound")
    leg.is_meeting = True
    leg.report("call", f"is the meeting {meeting.meeting_id}")
    leg.answer()
    meeting.welcome(call, leg, action.join_token)
    call.add_leg_b(leg)


def _why(action: JoinChimeMeeting, meetings: Meetings) -> str:
    """Whose token it is, without the token."""
    asked = action.meeting_id or "any meeting"
    for meeting in meetings.known.values():
        if action.join_token in meeting.tokens and not meeting.has_ended:
            return (
                f"the token is of {meeting.meeting_id}, and not of {asked}: send its own MeetingId"
            )
    there = ", ".join(each.meeting_id for each in meetings.known.values() if not each.has_ended)
    return f"no attendee of {asked} has this token (CreateAttendee): meetings are {there or 'none'}"
