"""ModifyChimeMeetingAttendees: people in the caller's meeting are muted or unmuted."""

from offhook.actions.modify_chime_meeting_attendees import ModifyChimeMeetingAttendees
from offhook.actions.refusals import Refusal
from offhook.emulator.call.behaviour import Stage, behaviour
from offhook.emulator.call.refused import Refused


def _refusal(message: str) -> Refusal:
    return Refusal("InvalidActionParameter", message)


@behaviour(
    notifies=True,
    on="LEG-B",
    without_leg_b=_refusal("Invalid action on the call."),
    failed_with={"ErrorList": []},
)
async def modify_chime_meeting_attendees(action: ModifyChimeMeetingAttendees, stage: Stage) -> None:
    """Mute or unmute each of the attendees named, all or none."""
    leg_b = stage.leg
    if not leg_b.is_meeting:
        raise Refused(_refusal("Call is not connected to Chime Meeting."))
    meeting = stage.world.meetings.known.get(action.meeting_id)
    if meeting is None or all(leg is not leg_b for _, leg in meeting.legs):
        raise Refused(_refusal("Meeting ID parameter value is invalid."))
    strangers = set(action.attendee_list) - set(meeting.attendees)
    if strangers and not meeting.is_open:
        raise Refused(
            _refusal(
                "One or more attendees are not part of this meeting. "
                "All attendees must be part of this meeting."
            ),
            f"not part of it: {', '.join(sorted(strangers))}",
        )
    if action.operation == "Mute":
        meeting.muted.update(action.attendee_list)
    else:
        meeting.muted.difference_update(action.attendee_list)
    stage.leg.report("action", f"{action.operation}: {len(action.attendee_list)}")
