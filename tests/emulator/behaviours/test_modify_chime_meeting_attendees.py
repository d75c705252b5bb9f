"""ModifyChimeMeetingAttendees: people in the caller's meeting are muted, or not (B.12)."""

from collections.abc import Mapping

import pytest

from offhook.actions import JoinChimeMeeting, Speak
from tests.emulator.call.meeting import JOIN, NOT_HERE, PEOPLE, joined, mute
from tests.emulator.call.stories import bridged, call_id, scripted
from tests.emulator.functions import AnsweredBy, action_data, error, parameters, types

STRANGER = (
    "One or more attendees are not part of this meeting. "
    "All attendees must be part of this meeting."
)


def test_people_in_the_meeting_are_muted_and_unmuted(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(
        answered_by,
        [mute("a-ana", "a-ben", "a-cleo"), Speak(text="Quiet, please.")],
        [],
        [mute("a-ben", operation="Unmute")],
    )
    assert meeting.muted == {"a-ana", "a-ben", "a-cleo"}
    call.hears("Quiet, please.")
    assert meeting.muted == {"a-ana", "a-cleo"}
    assert types(call.events[1:]) == ["ACTION_SUCCESSFUL"] * 4


def test_who_joined_by_token_alone_mutes_by_the_meeting(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([JoinChimeMeeting(join_token="t-ana")], [mute("a-ben")]))
    meeting = phone.meeting("m-1", PEOPLE)
    phone.dials().waits(1)
    assert meeting.muted == {"a-ben"}


def test_muting_is_told_on_the_meeting_leg(answered_by: AnsweredBy) -> None:
    call, _, _ = joined(answered_by, [mute("a-ben")])
    told = call.events[2]
    assert parameters(told)["CallId"] == call_id(told, "LEG-B")


def test_nobody_is_muted_when_one_is_a_stranger(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by, [mute("a-ben", "a-stranger")])
    assert error(call.events[2]) == (
        "InvalidActionParameter",
        STRANGER,
    )
    assert meeting.muted == set()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"Operation": "Kick"},
            "The ModifyChimeMeetingAttendees Operation parameter value is invalid",
        ),
        (
            {"Operation": None},
            "The ModifyChimeMeetingAttendees Operation parameter value is invalid",
        ),
        ({"MeetingId": "m-2"}, "Meeting ID parameter value is invalid."),
        ({"MeetingId": ""}, "Meeting ID parameter value is invalid."),
        ({"MeetingId": None}, "Meeting ID parameter value is invalid."),
        ({"AttendeeList": []}, "Attendee List parameter value is invalid."),
        ({"AttendeeList": None}, "Attendee List parameter value is invalid."),
        ({"AttendeeList": "a-ana"}, "Attendee List parameter value is invalid."),
        ({"AttendeeList": ["a-ana"] * 101}, "Attendee List parameter value is invalid."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_parameter_that_cannot_be_is_refused(
    answered_by: AnsweredBy, changes: Mapping[str, object], message: str
) -> None:
    whole = {"Operation": "Mute", "MeetingId": "m-1", "AttendeeList": ["a-ana"]}
    wrong = {"Type": "ModifyChimeMeetingAttendees", "Parameters": {**whole, **changes}}
    call, _, phone = joined(answered_by, [wrong])
    assert error(call.events[2]) == ("InvalidActionParameter", message)
    assert action_data(call.events[2])["ErrorList"] == []
    assert len(phone.recordings) == 0


def test_a_hundred_attendees_may_be_muted(answered_by: AnsweredBy) -> None:
    everybody = [f"a-{number}" for number in range(100)]
    phone = answered_by(scripted([JOIN], [mute(*everybody)]))
    meeting = phone.meeting("m-1", {"t-ana": "a-ana"} | {f"t{a}": a for a in everybody})
    phone.dials().waits(1)
    assert len(meeting.muted) == 100


def test_a_call_of_one_leg_mutes_nobody(answered_by: AnsweredBy) -> None:
    call = answered_by(scripted([Speak(text="Hello.")], [mute("a-ana")])).dials()
    call.hears("Hello.")
    assert error(call.events[2]) == NOT_HERE


def test_a_bridged_call_mutes_nobody(answered_by: AnsweredBy) -> None:
    call, _, _ = bridged(answered_by, [mute("a-ana")])
    assert error(call.events[2]) == (
        "InvalidActionParameter",
        "Call is not connected to Chime Meeting.",
    )
