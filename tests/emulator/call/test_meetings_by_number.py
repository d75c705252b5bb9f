"""A leg that calls +17035550122 joins a meeting, when its SIP headers say which (F, B.11)."""

from collections.abc import Mapping

import pytest

from offhook.actions import CallAndBridge, Speak
from offhook.emulator.call.meetings import MEETING_NUMBER
from offhook.emulator.testing import Phone, PhoneCall
from tests.emulator.call.meeting import PEOPLE, mute
from tests.emulator.call.stories import DOWN, OUR_NUMBER, UP, Answer, scripted, story
from tests.emulator.functions import AnsweredBy, action_data, error, legs, parameters, types

TICKET = {"X-chime-join-token": "t-ana", "X-chime-meeting-id": "m-1"}


def bridge(headers: Mapping[str, str] | None = TICKET) -> CallAndBridge:
    """Call the meeting for whoever is on LEG-A."""
    return CallAndBridge(
        caller_id_number=OUR_NUMBER,
        uri=MEETING_NUMBER,
        sip_headers=None if headers is None else dict(headers),
    )


def calls_the_meeting(
    answered_by: AnsweredBy, *answers: Answer, headers: Mapping[str, str] | None = TICKET
) -> tuple[Phone, PhoneCall]:
    """A caller for whom the meeting m-1 is called."""
    phone = answered_by(scripted([bridge(headers)], *answers))
    phone.meeting("m-1", PEOPLE)
    phone.meeting("m-2", {"t-else": "a-else"})
    call = phone.dials()
    call.waits(0)
    return phone, call


def test_a_bridged_leg_is_in_the_meeting(answered_by: AnsweredBy) -> None:
    phone, call = calls_the_meeting(answered_by)
    assert story(call)[-1] == ("ACTION_SUCCESSFUL", UP, UP)
    leg = legs(call.events[1])[1]
    assert (leg["To"], leg["From"]) == (MEETING_NUMBER, OUR_NUMBER)
    assert "SipHeaders" not in leg
    assert parameters(call.events[1])["SipHeaders"] == TICKET
    meeting = phone.service.meetings.known["m-1"]
    assert [inside.call_id for _, inside in meeting.legs] == [leg["CallId"]]
    assert "is in the meeting m-1" in call.ladder.render()


def test_it_is_a_bridged_call_so_nobody_is_hung_up_with_another(answered_by: AnsweredBy) -> None:
    phone, call = calls_the_meeting(answered_by)
    call.hangs_up()
    assert story(call)[-1] == ("HANGUP", DOWN, UP)
    phone.service.meetings.known["m-1"].end()
    call.ends()
    assert story(call)[-1] == ("HANGUP", DOWN, DOWN)


def test_when_the_meeting_ends_its_leg_does(answered_by: AnsweredBy) -> None:
    phone, call = calls_the_meeting(answered_by, [], [Speak(text="The meeting is over.")])
    phone.service.meetings.known["m-1"].end()
    call.hears("The meeting is over.")
    assert story(call)[2] == ("HANGUP", UP, DOWN)
    assert "LEG-B  the meeting is over" in call.ladder.render()


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (None, "no SIP header X-chime-join-token and no X-chime-meeting-id"),
        ({"X-chime-join-token": "t-ana"}, "no SIP header X-chime-meeting-id"),
        ({"X-chime-meeting-id": "m-1"}, "no SIP header X-chime-join-token"),
        ({**TICKET, "X-chime-join-token": ""}, "no SIP header X-chime-join-token"),
        ({**TICKET, "X-chime-join-token": "t-nobody"}, "no meeting m-1 is open to this token"),
        ({**TICKET, "X-chime-meeting-id": "m-2"}, "no meeting m-2 is open to this token"),
    ],
    ids=["no header", "no meeting", "no token", "an empty token", "a bad token", "another meeting"],
)
def test_who_cannot_join_is_refused_and_the_ladder_says_why(
    answered_by: AnsweredBy, headers: Mapping[str, str] | None, why: str
) -> None:
    _, call = calls_the_meeting(answered_by, [Speak(text="You cannot join.")], headers=headers)
    call.hears("You cannot join.")
    assert error(call.events[1]) == ("CallNotAnswered", "Call not answered")
    assert f"{MEETING_NUMBER} lets nobody in: " in call.ladder.render()
    assert why in call.ladder.render()
    assert "t-nobody" not in call.ladder.render()


def test_a_meeting_that_has_ended_refuses(answered_by: AnsweredBy) -> None:
    phone, call = calls_the_meeting(answered_by, [], [bridge()])
    phone.service.meetings.known["m-1"].end()
    call.waits(1)
    assert types(call.events[2:]) == ["HANGUP", "ACTION_FAILED"]
    assert action_data(call.events[3])["ErrorType"] == "CallNotAnswered"


def test_the_names_of_headers_are_read_in_any_case(answered_by: AnsweredBy) -> None:
    loud = {name.upper(): value for name, value in TICKET.items()}
    _, call = calls_the_meeting(answered_by, headers=loud)
    assert story(call)[-1] == ("ACTION_SUCCESSFUL", UP, UP)


def test_a_call_that_we_make_to_the_meeting_is_answered_by_it(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([], [], [Speak(text="Welcome, all.")]))
    meeting = phone.meeting("m-1", PEOPLE)
    call = phone.rings(MEETING_NUMBER, sip_headers=TICKET)
    call.hears("Welcome, all.")
    assert types(call.events)[:3] == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED"]
    assert len(meeting.legs) == 1


def test_a_call_that_we_make_without_a_token_ends_with_403(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted())
    phone.meeting("m-1", PEOPLE)
    call = phone.rings(MEETING_NUMBER)
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "HANGUP"]
    assert parameters(call.events[-1])["SipResponseCode"] == 403


def test_somebody_may_be_put_at_the_number_instead(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([bridge(None)]))
    host = phone.person(MEETING_NUMBER)
    call = phone.dials()
    host.answers()
    assert story(call)[-1] == ("ACTION_SUCCESSFUL", UP, UP)


def test_nobody_is_muted_from_a_leg_that_called_the_meeting(answered_by: AnsweredBy) -> None:
    _, call = calls_the_meeting(answered_by, [mute("a-ana")])
    assert error(call.events[2]) == (
        "InvalidActionParameter",
        "Call is not connected to Chime Meeting.",
    )
