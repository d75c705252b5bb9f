"""A handler makes its meetings at the desk, and joins them: by boto3, as in the cloud.

About `offhook.emulator.server.api.keeping`, `offhook.emulator.call.resources`.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from offhook.actions import JoinChimeMeeting
from offhook.emulator.call.call import Call
from offhook.emulator.function.variables import variables
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import SipMediaApplication
from offhook.emulator.service.own_api import VARIABLES
from tests.emulator.functions import error, in_turn, legs, parameters, types
from tests.emulator.server.calls import dials
from tests.emulator.server.conftest import OURS, Serves, client_of
from tests.patience import until

ASKED = {"ClientRequestToken": "once", "MediaRegion": "us-east-1", "ExternalMeetingId": "standup"}
NOBODY = "11111111-2222-3333-4444-555555555555"
HANDLER = """
import boto3

meetings = boto3.client("chime-sdk-meetings")

def handler(event, context):
    if event["InvocationEventType"] != "NEW_INBOUND_CALL":
        return {"SchemaVersion": "1.0"}
    its_id = meetings.create_meeting(
        ClientRequestToken="once", MediaRegion="us-east-1", ExternalMeetingId="standup"
    )["Meeting"]["MeetingId"]
    caller = meetings.create_attendee(MeetingId=its_id, ExternalUserId="caller")["Attendee"]
    join = {"JoinToken": caller["JoinToken"], "MeetingId": its_id}
    actions = [{"Type": "JoinChimeMeeting", "Parameters": join}]
    return {"SchemaVersion": "1.0", "Actions": actions}
"""


def test_a_handler_makes_a_meeting_and_its_caller_joins_until_it_is_deleted(
    serves: Serves, tmp_path: Path
) -> None:
    (tmp_path / "handler.py").write_text(HANDLER)
    function = f"{tmp_path / 'handler.py'}:handler"
    server = serves(applications=(SipMediaApplication(numbers=(OURS,), function=function),))
    call = dials(server, OURS)
    until(lambda: len(call.legs) == 2)
    meetings = client_of(server, "chime-sdk-meetings")
    its_id = meetings.create_meeting(**ASKED)["Meeting"]["MeetingId"]
    assert call.legs[1].to == "+17035550122"
    meetings.delete_meeting(MeetingId=its_id)
    until(lambda: types(call.told.events)[-1] == "HANGUP")
    assert parameters(call.told.events[-1])["ParticipantTag"] == "LEG-B"
    assert not call.legs[0].is_gone


def made(server: Server) -> tuple[Any, str, str, str]:
    """The client; two meetings; the token of somebody in the first."""
    meetings = client_of(server, "chime-sdk-meetings")
    people = [{"ExternalUserId": "ana"}]
    first = meetings.create_meeting_with_attendees(**ASKED, Attendees=people)
    other = meetings.create_meeting(**{**ASKED, "ClientRequestToken": "twice"})
    token = first["Attendees"][0]["JoinToken"]
    return meetings, first["Meeting"]["MeetingId"], other["Meeting"]["MeetingId"], token


def joins(serves: Serves, how: str) -> tuple[Call, str]:
    """A caller whom the function sends into a meeting, and the first meeting's id."""
    replies: list[list[JoinChimeMeeting]] = [[]]
    server = serves(in_turn(*replies, [], []))
    _, first, other, token = made(server)
    asked = {
        "its own": (token, first),
        "a token alone": (token, None),
        "another's": (token, other),
        "nobody's": ("dG9rZW4=", first),
        "a meeting from elsewhere": (token, NOBODY),
    }[how]
    replies[0].append(JoinChimeMeeting(join_token=asked[0], meeting_id=asked[1]))
    call = dials(server, OURS)
    until(lambda: len(call.told.replies) == 2)
    return call, first


@pytest.mark.parametrize("how", ["its own", "a token alone"])
def test_a_token_opens_the_meeting_of_its_attendee(serves: Serves, how: str) -> None:
    call, first = joins(serves, how)
    assert types(call.told.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert len(legs(call.told.events[1])) == 2
    assert f"is the meeting {first}" in call.ladder.render()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("another's", "the token is of "),
        ("nobody's", "has this token (CreateAttendee)"),
        ("a meeting from elsewhere", "send its own MeetingId"),
    ],
)
def test_any_other_token_is_refused_and_the_ladder_says_why(
    serves: Serves, how: str, why: str
) -> None:
    call, _ = joins(serves, how)
    refused = ("InvalidActionParameter", "JoinToken parameter value is invalid.")
    assert error(call.told.events[1]) == refused
    assert why in call.ladder.render()


def test_a_meeting_that_nobody_made_here_is_let_in(serves: Serves) -> None:
    server = serves(in_turn([JoinChimeMeeting(join_token="dG9r", meeting_id=NOBODY)], []))
    call = dials(server, OURS)
    until(lambda: len(call.told.events) == 2)
    assert types(call.told.events)[1] == "ACTION_SUCCESSFUL"


def test_an_attendee_who_is_deleted_is_sent_out_and_no_other(serves: Serves) -> None:
    join: list[JoinChimeMeeting] = []
    server = serves(in_turn(join, [], []))
    meetings, first, _, token = made(server)
    join.append(JoinChimeMeeting(join_token=token))
    call = dials(server, OURS)
    until(lambda: len(call.legs) == 2)
    ben = meetings.create_attendee(MeetingId=first, ExternalUserId="ben")["Attendee"]
    meetings.delete_attendee(MeetingId=first, AttendeeId=ben["AttendeeId"])
    assert not call.legs[1].is_gone
    (ana,) = meetings.list_attendees(MeetingId=first)["Attendees"]
    meetings.delete_attendee(MeetingId=first, AttendeeId=ana["AttendeeId"])
    until(lambda: types(call.told.events)[-1] == "HANGUP")


@pytest.mark.parametrize(
    ("operation", "asked", "code"),
    [
        ("get_meeting", {"MeetingId": NOBODY}, "NotFoundException"),
        ("delete_meeting", {"MeetingId": NOBODY}, "NotFoundException"),
        ("create_attendee", {"MeetingId": NOBODY, "ExternalUserId": "ana"}, "NotFoundException"),
        ("list_attendees", {"MeetingId": NOBODY}, "NotFoundException"),
        ("get_meeting", {"MeetingId": "standup"}, "BadRequestException"),
        ("create_meeting", {**ASKED, "ExternalMeetingId": "x" * 65}, "BadRequestException"),
    ],
)
def test_what_cannot_be_done_fails_as_the_model_says(
    server: Server, operation: str, asked: dict[str, object], code: str
) -> None:
    meetings = client_of(server, "chime-sdk-meetings")
    with pytest.raises(ClientError) as refused:
        getattr(meetings, operation)(**asked)
    assert refused.value.response.get("Error", {}).get("Code") == code


def test_a_function_finds_the_desk_unless_it_is_told_of_another(
    server: Server, tmp_path: Path
) -> None:
    _, limits = server.service.named("menu")
    found = variables("menu", tmp_path, "app.handler", limits)
    assert [found[name] for name in VARIABLES] == [server.endpoint] * 3
    own = {VARIABLES[0]: "http://127.0.0.1:9"}
    given = variables("menu", tmp_path, "app.handler", replace(limits, environment=own))
    assert given.items() >= own.items()
    (tmp_path / ".env").write_text("AWS_ENDPOINT_URL=http://127.0.0.1:9\n")
    found = variables("menu", tmp_path, "app.handler", limits)
    assert found.keys().isdisjoint(VARIABLES)


def test_a_function_of_this_process_finds_the_desk(
    serves: Serves, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "says_where.py").write_text(
        "import os\n"
        "def handler(event, context):\n"
        "    place = os.environ['AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS']\n"
        "    said = {'Type': 'Speak', 'Parameters': {'Text': place}}\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [said]}\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    app = SipMediaApplication(numbers=(OURS,), function="says_where:handler")
    server = serves(applications=(app,))
    call = dials(server, OURS)
    until(lambda: bool(call.legs and call.legs[0].prompts))
    assert call.legs[0].prompts[0].clip.text == server.endpoint


MADE = {"ClientRequestToken": "once", "MediaRegion": "us-east-1", "ExternalMeetingId": "standup"}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"MediaRegion": "mars-north-1"}, "MediaRegion"),
        ({"ExternalMeetingId": "aws:standup"}, "ExternalMeetingId"),
        ({"ExternalMeetingId": "stand*up"}, "ExternalMeetingId"),
    ],
)
def test_what_the_model_says_in_words_holds(server: Server, more: dict[str, str], why: str) -> None:
    meetings = client_of(server, "chime-sdk-meetings")
    with pytest.raises(meetings.exceptions.BadRequestException, match=why):
        meetings.create_meeting(**{**MADE, **more})


def test_the_same_external_user_is_the_same_attendee(server: Server) -> None:
    meetings = client_of(server, "chime-sdk-meetings")
    its_id = meetings.create_meeting(**MADE)["Meeting"]["MeetingId"]

    def joins(user: str) -> str:
        made = meetings.create_attendee(MeetingId=its_id, ExternalUserId=user)
        return str(made["Attendee"]["AttendeeId"])

    ana = joins("ana")
    assert joins("ben") != ana
    assert joins("ana") == ana
    meetings.delete_attendee(MeetingId=its_id, AttendeeId=ana)
    assert joins("ana") != ana
