"""Faults on purpose, of whatever a call needs: from a test, the command line and the server."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import (
    CallAndBridge,
    Hangup,
    PlayAudio,
    RecordAudio,
    Speak,
    StartBotConversation,
)
from offhook.actions.base import Action
from offhook.command.main import main
from offhook.emulator.faults import NAMES, Faults
from offhook.emulator.testing import Bot
from tests.emulator.function.conftest import Written
from tests.emulator.function.telling import does
from tests.emulator.functions import AnsweredBy, always, error, in_turn, types
from tests.emulator.server.calls import desk, dials
from tests.emulator.server.conftest import OURS, serves
from tests.patience import until

__all__ = ["serves"]

SAY = Speak(text="Hello, this is the workshop, and we have a lot to say.")
PLAY = PlayAudio(audio_source="welcome.wav")
RECORD = RecordAudio(
    recording_destination="s3://talks", recording_terminators="#", duration_in_seconds=1
)
BRIDGE = CallAndBridge(caller_id_number=OURS, uri="+15550100300", call_timeout_seconds=15)
BOT = StartBotConversation(
    bot_alias_arn="arn:aws:lex:us-east-1:123456789012:bot-alias/BOTBOTBOTB/ALIASALIAS"
)

NO_ACCESS = "(PlayAudio, InvalidAudioSource: Cannot access S3 bucket or audio file.)"
NOT_ANSWERED = "(CallAndBridge, CallNotAnswered: Call not answered)"

STORIES: dict[str, tuple[Action[object], str]] = {
    "slow=6:1": (SAY, "no reply in 5 s: the same event is sent again"),
    "throttled": (SAY, "480, the call is dropped: The AWS Lambda function was throttled."),
    "denied:1": (SAY, r"Access denied while invoking the AWS Lambda function\..*hears “Hello"),
    "failing": (SAY, "480, the call is dropped: the function failed"),
    "dead": (SAY, "480, the call is dropped: AWS Lambda client operation timed out."),
    "killed": (SAY, "Runtime.ExitError: Runtime exited before it replied: signal: SIGKILL"),
    "doubled:1": (SAY, "NEW_INBOUND_CALL 1  →  Hangup"),  # which is the second reply
    "s3-missing=welcome.wav": (PLAY, re.escape(NO_ACCESS)),
    "s3-denied": (PLAY, re.escape(NO_ACCESS)),
    "s3-not-pcm": (PLAY, "InvalidAudioSource: Audio Source parameter value is invalid."),
    "recording-denied=talks": (RECORD, "An error occurred while uploading the recording to the S3"),
    "polly-refused": (SAY, "AccessDenied: The AWSServiceRoleForAmazonChimeVoiceConnector"),
    "polly-throttled": (SAY, "ActionExecutionThrottled: Amazon Polly is throttling"),
    "bot-missing": (BOT, "ResourceNotFound: The specified bot is not found."),
    "bot-denied": (BOT, "ResourceAccessDenied"),
    "wrong-caller-id": (BRIDGE, "InvalidActionParameter: Provided caller ID number is invalid."),
    "destination-busy=+15550100300": (BRIDGE, re.escape(NOT_ANSWERED)),
    "destination-dies": (BRIDGE, r"LEG-B  the line breaks, on purpose.*HANGUP 4"),
    "destination-silent": (BRIDGE, f"is not answered within 15 s.*{re.escape(NOT_ANSWERED)}"),
    "destination-voicemail": (BRIDGE, "LEG-B  says “I am not here. Leave a message"),
    "leg-lost": (SAY, r"the line breaks, on purpose.*HANGUP 3"),
}
each_fault = pytest.mark.parametrize("fault", STORIES)


def written_for(fault: str) -> Callable[..., object]:
    return in_turn([STORIES[fault][0]], [Hangup()])


@each_fault
def test_a_test_puts_a_fault(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], fault: str
) -> None:
    a_wav("welcome.wav")
    phone = answered_by(written_for(fault))
    phone.bot(BOT.bot_alias_arn, Bot())
    phone.put_faults(fault)
    call = phone.dials()
    call.waits(40)
    assert re.search(STORIES[fault][1], str(call), re.DOTALL), str(call)


@each_fault
def test_without_the_fault_nothing_of_it_happens(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], fault: str
) -> None:
    a_wav("welcome.wav")
    phone = answered_by(written_for(fault))
    phone.bot(BOT.bot_alias_arn, Bot())
    phone.put_faults(fault)
    phone.put_faults()
    call = phone.dials()
    call.waits(40)
    assert "ACTION_SUCCESSFUL 2" in str(call)
    assert "purpose" not in str(call)


@each_fault
def test_the_command_line_puts_a_fault(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: str
) -> None:
    handler = does(written_for(fault))
    monkeypatch.chdir(tmp_path)
    main(["call", "--script", ",,,,", "--fault", fault, "--handler", handler])
    shown = capsys.readouterr().out
    assert re.search(STORIES[fault][1], shown, re.DOTALL), shown


@each_fault
def test_the_server_puts_a_fault_shows_it_and_takes_it_back(
    request: pytest.FixtureRequest, fault: str
) -> None:
    server = request.getfixturevalue("serves")()
    assert desk(server, "POST", "/faults", {"Fault": fault})[0] == 201
    (shown,) = desk(server, "GET", "/faults")[1]
    assert shown["Fault"].startswith(fault)
    in_force: Faults = server.service.faults
    assert in_force.strike(NAMES) is not None
    desk(server, "POST", "/faults", {"Fault": fault})
    assert desk(server, "DELETE", "/faults")[0] == 204
    assert desk(server, "GET", "/faults")[1] == []


def test_the_server_takes_one_of_several_back(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("serves")()
    put = ["slow=6:1", "Speak=AccessDenied:1", "slow=6:1", "s3-missing=to/welcome.wav"]
    for fault in put:
        desk(server, "POST", "/faults", {"Fault": fault})
    for gone in ("slow%3D6%3A1", "s3-missing=to%2Fwelcome.wav"):
        assert desk(server, "DELETE", f"/faults/{gone}")[0] == 204
    shown = [each["Fault"] for each in desk(server, "GET", "/faults")[1]]
    assert shown == ["slow=6:1", "Speak=AccessDenied:1"]
    status, said = desk(server, "DELETE", "/faults/dead")
    assert desk(server, "DELETE", "/faults/slow%0A")[0] == 404
    there = "there is slow=6:1, Speak=AccessDenied:1"
    assert (status, said["Message"]) == (404, f"there is no fault 'dead' in force: {there}")
    assert desk(server, "DELETE", "/faults")[0] == 204
    assert desk(server, "GET", "/faults")[1] == []


@pytest.mark.parametrize(
    "fault", ["failing", "s3-missing", "polly-refused", "destination-busy", "leg-lost"]
)
def test_a_call_of_the_server_meets_the_fault(request: pytest.FixtureRequest, fault: str) -> None:
    action, evidence = STORIES.get(fault) or next(
        story for name, story in STORIES.items() if name.startswith(fault)
    )
    server = request.getfixturevalue("serves")(in_turn([action], [Hangup()]))
    desk(server, "POST", "/faults", {"Fault": fault})
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    assert re.search(evidence, call.ladder.render(), re.DOTALL), call.ladder.render()


def test_a_fault_for_one_call_leaves_the_others_alone(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("serves")(always(SAY))
    mine, other = dials(server, OURS), dials(server, OURS)
    its_id = mine.transaction_id
    desk(server, "POST", "/faults", {"Fault": "failing", "TransactionId": its_id})
    for call in (other, mine):
        call.loop.call_soon_threadsafe(call.update, {"why": "probe"})
    until(lambda: mine.has_ended and len(other.told.replies) > 1)
    assert "it fails on purpose" in mine.ladder.render()
    assert "purpose" not in other.ladder.render()


def test_a_server_says_what_faults_there_are(request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("serves")()
    status, said = desk(server, "POST", "/faults", {"Fault": "sloth"})
    assert (status, "there are slow, throttled" in said["Message"]) == (400, True)


def test_a_process_is_killed_when_it_has_the_event(
    answered_by: AnsweredBy, written: Written
) -> None:
    file = written(
        "handler.py",
        """
        import pathlib, time

        pathlib.Path("starts").open("a").write("x")

        def lambda_handler(event, context):
            time.sleep(5)
        """,
    )
    phone = answered_by(f"{file}:lambda_handler")
    phone.put_faults("killed")
    call = phone.dials()
    call.ends()
    assert "Runtime exited before it replied: signal: SIGKILL" in str(call)
    phone.dials().ends()
    assert (file.parent / "starts").read_text() == "xx"  # the second found a new one


def test_only_the_named_object_is_missing(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("welcome.wav")
    a_wav("goodbye.wav")
    goodbye = PlayAudio(audio_source="goodbye.wav")
    phone = answered_by(in_turn([goodbye], [PLAY], [Hangup()]))
    phone.put_faults("s3-missing=welcome.wav")
    call = phone.dials()
    call.hears("goodbye.wav")
    call.ends()
    assert types(call.events)[1:3] == ["ACTION_SUCCESSFUL", "ACTION_FAILED"]
    assert error(call.events[2])[0] == "InvalidAudioSource"


def test_the_other_leg_is_lost_in_the_middle_of_an_action(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([BRIDGE, SAY], [], [], [Hangup()]))
    phone.put_faults("leg-lost=LEG-B:1")
    call = phone.dials()
    call.waits(30)
    assert re.search("LEG-B  the line breaks.*LEG-B  hangs up", str(call), re.DOTALL)
    assert "LEG-A  the line breaks" not in str(call)


def test_an_outbound_call_meets_a_destination_that_is_busy(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([], []))
    phone.put_faults("destination-busy=+15550100200")
    call = phone.rings("+15550100200")
    call.ends()
    assert "declines with 486" in str(call)


def test_a_slow_function_times_out_when_lambda_says_so(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([SAY, Hangup()]))
    phone.service.desk = phone.service.desk.model_copy(update={"timeout_seconds": 3.0})
    phone.put_faults("slow=4:1")
    call = phone.dials()
    call.ends()
    assert phone.now == pytest.approx(3)
    assert "Sandbox.Timedout: Task timed out after 3.00 seconds" in str(call)
