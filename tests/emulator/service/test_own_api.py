"""A function asks the desk for meetings and calls, by boto3, in a test as in `offhook serve`.

About `offhook.emulator.server.for_functions`, `offhook.emulator.ports.port`.
"""

import asyncio
import gc
import os
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from threading import get_ident
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from offhook.actions import Hangup, JoinChimeMeeting, Pause, Speak
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.ports.port import Front, PortTaken, listen
from offhook.emulator.s3 import embedded
from offhook.emulator.server import for_functions
from offhook.emulator.service import own_api, service
from offhook.emulator.service.config import S3, Desk, SipMediaApplication
from offhook.emulator.service.service import Service
from offhook.emulator.testing import Answers, Fault, Phone
from tests.emulator.functions import AnsweredBy, in_turn, legs, reply

VOICE, MEETINGS, LEGACY = own_api.VARIABLES
OURS, ANA, BEN = "+15550100100", "+15550100201", "+15550100202"


@pytest.fixture(scope="module", autouse=True)
def _all_is_given_back() -> None:
    gc.collect()  # functions of tests before, which were thrown away, have held the variables


@pytest.fixture(autouse=True)
def _nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*own_api.VARIABLES, "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


def client(service: str) -> Any:
    """As a handler makes it: it is told nothing."""
    session: Any = boto3.Session()
    return session.client(service)


def application(phone: Phone) -> str:
    """The id of the first application."""
    return next(iter(phone.service.account.holdings.applications))


def makes_and_joins(told: object, _context: object) -> object:
    event = cast("Mapping[str, object]", told)
    if event["InvocationEventType"] != "NEW_INBOUND_CALL":
        return reply()
    meetings = client("chime-sdk-meetings")
    made = meetings.create_meeting(
        ClientRequestToken="once", MediaRegion="us-east-1", ExternalMeetingId="standup"
    )["Meeting"]
    caller = meetings.create_attendee(MeetingId=made["MeetingId"], ExternalUserId="caller")
    token = caller["Attendee"]["JoinToken"]
    leg = str(legs(event)[0]["CallId"])
    return reply(
        JoinChimeMeeting(join_token=token, call_id=leg, meeting_id=made["MeetingId"]),
        Speak(text="You are in."),
        Hangup(),
    )


def test_a_handler_makes_a_meeting_and_joins_it(answered_by: AnsweredBy) -> None:
    phone = answered_by(makes_and_joins)
    call = phone.dials()
    call.hears("You are in.")
    call.ends()
    (meeting,) = phone.service.meetings.known.values()
    assert not meeting.is_open
    assert len(meeting.tokens) == 1
    assert phone.now < 60


def test_a_function_in_a_process_of_its_own_finds_it_too(
    answered_by: AnsweredBy, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(
        "import boto3\n"
        "voice = boto3.client('chime-sdk-voice')\n"
        "def handler(event, context):\n"
        "    kind = event['InvocationEventType']\n"
        "    if kind == 'NEW_INBOUND_CALL':\n"
        "        voice.update_sip_media_application_call(\n"
        "            SipMediaApplicationId=event['CallDetails']['SipMediaApplicationId'],\n"
        "            TransactionId=event['CallDetails']['TransactionId'],\n"
        "            Arguments={'word': 'Hi.'})\n"
        "        wait = {'Type': 'Pause', 'Parameters': {'DurationInMilliseconds': '5000'}}\n"
        "        return {'SchemaVersion': '1.0', 'Actions': [wait]}\n"
        "    if kind != 'CALL_UPDATE_REQUESTED':\n"
        "        return {'SchemaVersion': '1.0', 'Actions': []}\n"
        "    text = event['ActionData']['Parameters']['Arguments']['word']\n"
        "    say = {'Type': 'Speak', 'Parameters': {'Text': text}}\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [say, {'Type': 'Hangup'}]}\n"
    )
    call = answered_by(f"{tmp_path}/app.py:handler").dials()
    call.hears("Hi.")
    call.ends()


def test_a_handler_calls_somebody_and_the_call_is_of_this_phone(answered_by: AnsweredBy) -> None:
    def calls_ben(event: Mapping[str, object], _context: object) -> object:
        match event["InvocationEventType"]:
            case "NEW_INBOUND_CALL":
                client("chime-sdk-voice").create_sip_media_application_call(
                    FromPhoneNumber=OURS,
                    ToPhoneNumber=BEN,
                    SipMediaApplicationId=application(phone),
                )
                return reply(Speak(text="We call Ben."), Hangup())
            case "CALL_ANSWERED":
                return reply(Speak(text="Ana wants you."), Hangup())
            case _:
                return reply()

    phone = answered_by(calls_ben)
    other = answered_by(in_turn())  # was opened last, but is not asked
    phone.at(BEN, Answers(after=3))
    phone.dials(from_=ANA).hears("We call Ben.")
    phone.wait(10)
    assert [leg.to for call in phone.service.placed() for leg in call.legs[:1]] == [OURS, BEN]
    ladder = phone.ladder()
    assert ladder is not None
    assert "hears “Ana wants you.”" in ladder.render()
    assert other.service.placed() == []


def test_a_test_updates_a_call_by_boto3(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Pause(duration_in_milliseconds=9000)], [Speak(text="Updated.")]))
    call = phone.dials()
    call.waits(2)
    client("chime-sdk-voice").update_sip_media_application_call(
        SipMediaApplicationId=application(phone),
        TransactionId=phone.service.placed()[0].transaction_id,
        Arguments={"reason": "test"},
    )
    call.hears("Updated.")
    assert phone.now == pytest.approx(2.0, abs=0.5)


def test_it_fails_on_purpose_and_keeps_to_the_quotas_of_virtual_time(
    answered_by: AnsweredBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(service, "monotonic", lambda: 0.0)
    phone = answered_by(in_turn())

    def calls_ben() -> str:
        try:
            client("chime-sdk-voice").create_sip_media_application_call(
                FromPhoneNumber=OURS, ToPhoneNumber=BEN, SipMediaApplicationId=application(phone)
            )
        except ClientError as error:
            return str(error.response.get("Error", {}).get("Code"))
        return "done"

    assert [calls_ben(), calls_ben()] == ["done", "ThrottledClientException"]
    phone.wait(1)
    assert [calls_ben(), calls_ben()] == ["done", "ThrottledClientException"]
    # A client tries again later, while virtual time stands still.
    monkeypatch.setattr(service, "monotonic", lambda: 1.0)
    assert calls_ben() == "done"
    phone.wait(1)
    phone.put_faults(Fault("CreateSipMediaApplicationCall", "AccessDeniedException", times=1))
    assert [calls_ben(), calls_ben()] == ["AccessDeniedException", "done"]


def test_in_real_time_it_is_answered_where_the_calls_go_on(tmp_path: Path) -> None:
    """As at the terminal: the function runs in a thread, and the calls go on."""
    app = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(recordings=tmp_path, sip_media_applications=(app,))
    loop = asyncio.new_event_loop()
    function = InProcess(makes_and_joins, desk.named("")[1])
    here = Service(desk, loop, function=function)
    call = here.call_in(OURS, ANA)
    found: list[int] = []
    here.resources.watchers.append(lambda _path, _made: found.append(get_ident()))
    loop.run_until_complete(here.until_over(call))
    here.close()
    function.close()
    loop.close()
    assert found == [get_ident()] * 2


def test_without_what_it_takes_nothing_is_provided_and_the_hint_says_what_to_install(
    answered_by: AnsweredBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in (own_api, embedded):
        monkeypatch.setattr(part, "is_installed", lambda: False)

    def function(_event: object, _context: object) -> object:
        assert os.environ.keys().isdisjoint(own_api.VARIABLES)
        raise RuntimeError(  # as AWS says to the desk's key
            "An error occurred (UnrecognizedClientException) when calling the CreateMeeting "
            "operation: The security token included in the request is invalid"
        )

    call = answered_by(function).dials()
    call.waits(0)
    assert 'pip install "offhook[serve]"' in str(call)


@pytest.mark.parametrize("variable", [MEETINGS, "AWS_ENDPOINT_URL"])
def test_what_somebody_set_is_not_beaten(
    answered_by: AnsweredBy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    found: list[str] = []

    def function(_event: object, _context: object) -> object:
        found.append(client("chime-sdk-meetings").meta.endpoint_url)
        return reply()

    answered_by(function).dials().waits(0)
    assert found == ["http://127.0.0.1:9"]


def test_a_variable_that_a_test_sets_and_takes_back_leads_nowhere_dead() -> None:
    """As where `monkeypatch` is undone after the phone is closed: it puts back what it found."""
    with pytest.MonkeyPatch.context() as patch:
        with Phone(makes_and_joins):
            patch.setenv(VOICE, "http://127.0.0.1:9")
        assert os.environ[VOICE] == "http://127.0.0.1:9"
    assert os.environ.get(VOICE) in (None, own_api.endpoint(0))
    with Phone(makes_and_joins):
        assert os.environ[VOICE] == own_api.endpoint(0)
    assert VOICE not in os.environ


def ask(path: str, headers: Mapping[str, str], port: int = 0) -> tuple[int, str]:
    """What is said to a request that no SDK sends."""
    connection = HTTPConnection(own_api.endpoint(port).removeprefix("http://"))
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_nobody_else_comes_in(answered_by: AnsweredBy) -> None:
    answered_by(in_turn())
    assert ask("/meetings", {"Host": "evil.example"})[0] == 403
    assert "not signed" in ask("/sip-rules", {})[1]


def test_when_every_desk_is_closed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(for_functions, "DESKS", desks := Front[Service]())
    with Phone(in_turn()) as phone:
        desks.step(phone.service)
        assert ask("/sip-rules", {})[0] == 401
        desks.leave(phone.service)
    status, said = ask("/sip-rules", {})
    assert (status, for_functions.NO_DESK in said) == (503, True)


def test_the_last_desk_that_came_is_found_though_one_like_it_is_there_from_before() -> None:
    with listen(0) as free:
        port = free.getsockname()[1]
    with Phone(in_turn(), desk=Desk(port=0)), Phone(in_turn(), desk=Desk(port=port)):
        with Phone(in_turn(), desk=Desk(port=0)):
            assert os.environ[MEETINGS] == own_api.endpoint(0)
        assert os.environ[MEETINGS] == f"http://127.0.0.1:{port}"


def test_its_port_can_be_chosen_and_that_of_s3() -> None:
    with listen(0) as free:
        port = free.getsockname()[1]
    app = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    with Phone(in_turn([Hangup()]), desk=Desk(port=port, sip_media_applications=(app,))):
        assert os.environ[MEETINGS] == f"http://127.0.0.1:{port}"
        assert "not signed" in ask("/sip-rules", {}, port)[1]
        with Phone(in_turn(), desk=Desk(port=0)):
            assert os.environ[MEETINGS] == own_api.endpoint(0)
        assert os.environ[MEETINGS] == f"http://127.0.0.1:{port}"
    with listen(0) as taken, pytest.raises(PortTaken, match=r"^port \d+ is taken: [^\n]+$"):
        Phone(in_turn(), desk=Desk(port=taken.getsockname()[1]))
    with listen(0) as taken, pytest.raises(PortTaken, match=r"embedded:\d+"):
        Phone(in_turn(), desk=Desk(s3=S3(endpoint=f"embedded:{taken.getsockname()[1]}")))
