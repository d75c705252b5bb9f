"""Meetings: a caller joins one, is in it, mutes people in it, and leaves (B.11)."""

import pytest

from offhook.actions import Hangup, JoinChimeMeeting, Speak
from tests.emulator.call.every_action import wire
from tests.emulator.call.meeting import JOIN, NOT_HERE, PEOPLE, joined, mute
from tests.emulator.call.stories import BEN, BRIDGE, DOWN, UP, bridged, call_id, on, scripted, story
from tests.emulator.functions import AnsweredBy, action_data, error, legs, parameters, types

BAD_TOKEN = ("InvalidActionParameter", "JoinToken parameter value is invalid.")


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
