"""Meetings: a caller joins one, is in it, mutes people in it, and leaves (B.11, B.12)."""

from collections.abc import Mapping

import pytest

from offhook.actions import Hangup, JoinChimeMeeting, ModifyChimeMeetingAttendees, Speak
from offhook.emulator.meetings import Meeting
from offhook.emulator.testing import Phone, PhoneCall
from tests.emulator.functions import AnsweredBy, action_data, error, legs, parameters, types
from tests.emulator.legs.every_action import wire
from tests.emulator.legs.stories import (
    BEN,
    BRIDGE,
    DOWN,
    UP,
    Answer,
    bridged,
    call_id,
    on,
    scripted,
    story,
)

JOIN = JoinChimeMeeting(join_token="t-ana", meeting_id="m-1")
PEOPLE = {"t-ana": "a-ana", "t-ben": "a-ben", "t-cleo": "a-cleo"}
BAD_TOKEN = ("InvalidActionParameter", "JoinToken parameter value is invalid.")
STRANGER = (
    "One or more attendees are not part of this meeting. "
    "All attendees must be part of this meeting."
)
NOT_HERE = ("InvalidActionParameter", "Invalid action on the call.")


def mute(*attendees: str, operation: str = "Mute", meeting: str = "m-1") -> object:
    """Mute or unmute attendees."""
    given = {"operation": operation, "meeting_id": meeting, "attendee_list": list(attendees)}
    return ModifyChimeMeetingAttendees.model_validate(given)


def joined(
    answered_by: AnsweredBy, *then: Answer, **settings: object
) -> tuple[PhoneCall, Meeting, Phone]:
    """A caller in a meeting; `then` is what the function answers to that, and so on."""
    phone = answered_by(scripted([JOIN], *then), **settings)
    meeting = phone.meeting("m-1", PEOPLE)
    call = phone.dials()
    call.waits(0)
    return call, meeting, phone


def test_joining_answers_the_call_and_the_meeting_is_the_second_leg(
    answered_by: AnsweredBy,
) -> None:
    call, meeting, _ = joined(answered_by)
    assert story(call) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP, UP)]
    leg = legs(call.events[1])[1]
    assert leg["Direction"] == "Outbound"
    assert leg["ParticipantTag"] == "LEG-B"
    assert [inside.call_id for _, inside in meeting.legs] == [leg["CallId"]]


@pytest.mark.parametrize(
    ("setting", "numbers"),
    [("to_meeting", ("+17035550122", "SMA")), ("from_meeting", ("SMA", "+17035550122"))],
)
def test_the_numbers_of_the_meeting_leg_are_as_one_page_or_the_other_has_them(
    answered_by: AnsweredBy, setting: str, numbers: tuple[str, str]
) -> None:
    call, _, _ = joined(answered_by, meeting_leg_numbers=setting)
    leg = legs(call.events[1])[1]
    assert (leg["To"], leg["From"]) == numbers


def test_joining_is_told_from_the_middle_of_a_list(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([JOIN, Speak(text="You are in.")]))
    call = phone.dials()
    call.hears("You are in.")
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]


def test_whom_we_called_can_join_too(answered_by: AnsweredBy) -> None:
    call = answered_by(on("CALL_ANSWERED", [JOIN])).rings()
    call.answers()
    assert story(call)[-1] == ("ACTION_SUCCESSFUL", UP, UP)


@pytest.mark.parametrize(
    ("token", "meeting"),
    [("t-nobody", "m-1"), ("t-ana", "m-2"), ("t-ana", "m-other"), ("t-nobody", None)],
)
def test_a_token_that_opens_no_such_meeting_is_refused(
    answered_by: AnsweredBy, token: str, meeting: str | None
) -> None:
    join = JoinChimeMeeting(join_token=token, meeting_id=meeting)
    phone = answered_by(scripted([join], [Speak(text="You cannot join.")]))
    phone.meeting("m-1", PEOPLE)
    phone.meeting("m-2", {"t-else": "a-else"})
    call = phone.dials()
    call.hears("You cannot join.")
    assert error(call.events[1]) == BAD_TOKEN
    assert len(legs(call.events[1])) == 1


def test_a_token_is_enough_where_no_meeting_is_named(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([JoinChimeMeeting(join_token="t-else")]))
    phone.meeting("m-1", PEOPLE)
    meeting = phone.meeting("m-2", {"t-else": "a-else"})
    phone.dials().waits(1)
    assert len(meeting.legs) == 1


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_nobody_joins(answered_by: AnsweredBy, token: str | None) -> None:
    call = answered_by(scripted([wire("JoinChimeMeeting", JoinToken=token)])).dials()
    call.waits(1)
    assert error(call.events[1]) == BAD_TOKEN


def test_the_old_name_of_the_token_is_read(answered_by: AnsweredBy) -> None:
    old = {"Type": "JoinChimeMeeting", "Parameters": {"AttendeeJoinToken": "t-ana"}}
    phone = answered_by(scripted([old]))
    meeting = phone.meeting("m-1", PEOPLE)
    phone.dials().waits(1)
    assert len(meeting.legs) == 1


def test_at_a_desk_without_meetings_any_token_opens_one(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([JOIN], [mute("a-whoever")]))
    call = phone.dials()
    call.waits(1)
    assert types(call.events[1:]) == ["ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]


def test_a_bridged_call_does_not_join(answered_by: AnsweredBy) -> None:
    call, _, _ = bridged(answered_by, [JOIN])
    assert error(call.events[2]) == NOT_HERE


def test_who_is_in_a_meeting_does_not_join_another_nor_is_bridged(
    answered_by: AnsweredBy,
) -> None:
    call, _, _ = joined(answered_by, [JOIN], [BRIDGE])
    assert [error(event) for event in call.events[2:]] == [NOT_HERE, NOT_HERE]


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


def test_when_the_meeting_ends_the_caller_stays(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by, [], [Speak(text="The meeting is over.")])
    call.waits(60)
    meeting.end()
    call.hears("The meeting is over.")
    assert story(call)[2] == ("HANGUP", UP, DOWN)
    assert parameters(call.events[2])["ParticipantTag"] == "LEG-B"
    assert meeting.legs == []


def test_a_meeting_that_has_ended_takes_nobody_in(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by, [], [JOIN])
    meeting.end()
    call.waits(1)
    assert error(call.events[3]) == BAD_TOKEN


def test_everybody_s_call_is_told_of_the_end(answered_by: AnsweredBy) -> None:
    phone = answered_by(on("NEW_INBOUND_CALL", [JOIN], [JOIN]))
    meeting = phone.meeting("m-1", PEOPLE)
    calls = [phone.dials(), phone.dials(from_="+15550100201")]
    phone.wait(1)
    assert len(meeting.legs) == 2
    meeting.end()
    phone.wait(1)
    assert [types(call.events)[-1] for call in calls] == ["HANGUP", "HANGUP"]


def test_when_the_caller_leaves_one_hangup_tells_of_both(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by)
    call.waits(60)
    call.hangs_up()
    call.ends()
    assert story(call, since=2) == [("HANGUP", DOWN, DOWN)]
    assert parameters(call.events[2])["ParticipantTag"] == "LEG-A"
    assert meeting.legs == []


def test_when_we_hang_up_on_the_caller_one_hangup_tells_of_both(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by, [Hangup(participant_tag="LEG-A")])
    call.ends()
    assert story(call, since=2) == [("HANGUP", DOWN, DOWN)]
    assert meeting.legs == []


def test_hanging_up_on_the_meeting_leg_is_told_as_success_alone(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(
        answered_by, [Hangup(participant_tag="LEG-B")], [Speak(text="You have left.")]
    )
    call.hears("You have left.")
    assert story(call)[2] == ("ACTION_SUCCESSFUL", UP, DOWN)
    assert action_data(call.events[2])["Type"] == "Hangup"
    assert "HANGUP" not in types(call.events)
    assert meeting.legs == []


def test_who_left_a_meeting_can_join_again_and_be_bridged(answered_by: AnsweredBy) -> None:
    leave = Hangup(participant_tag="LEG-B")
    phone = answered_by(scripted([JOIN], [leave], [JOIN], [leave], [BRIDGE]))
    meeting, ben = phone.meeting("m-1", PEOPLE), phone.person(BEN)
    call = phone.dials()
    ben.answers()
    assert types(call.events[1:]) == ["ACTION_SUCCESSFUL"] * 5
    assert len({call_id(event, "LEG-B") for event in call.events[1:]}) == 3
    assert meeting.legs == []


def test_a_prompt_on_the_caller_s_leg_goes_on_when_the_meeting_ends(
    answered_by: AnsweredBy,
) -> None:
    call, meeting, _ = joined(answered_by, [wire("Speak")])
    call.waits(1)
    meeting.end()
    call.hears("one two three")
    assert types(call.events[2:]) == ["HANGUP", "ACTION_SUCCESSFUL"]


def test_the_meeting_ends_in_the_middle_of_what_it_is_told(answered_by: AnsweredBy) -> None:
    call, meeting, _ = joined(answered_by, [wire("Speak", ParticipantTag="LEG-B")])
    call.waits(1)
    meeting.end()
    call.waits(10)
    assert story(call, since=2) == [("ACTION_SUCCESSFUL", UP, DOWN), ("HANGUP", UP, DOWN)]


def test_the_caller_leaves_in_the_middle_of_what_the_meeting_is_told(
    answered_by: AnsweredBy,
) -> None:
    call, _, _ = joined(answered_by, [wire("Speak", ParticipantTag="LEG-B")])
    call.waits(1)
    call.hangs_up()
    call.ends()
    assert story(call, since=2) == [("ACTION_SUCCESSFUL", DOWN, DOWN), ("HANGUP", DOWN, DOWN)]
