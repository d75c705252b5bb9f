"""Two applications that call each other, from one configuration: the same in every way in.

A shop's menu leads to the depot, which is an application of its own: a bot asks there what is
wanted, what the caller says is recorded and played back, and a meeting is made and joined. About
`offhook.emulator.service.service`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from offhook.command.main import main
from offhook.emulator.call.call import Call
from offhook.emulator.call.ladder import Entry
from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.usual import MONDAY_AT_TEN
from offhook.emulator.testing import Answers, Phone
from tests.emulator.server.calls import call_of, dials
from tests.patience import until

SHOP, DEPOT, BEN = "+15550100101", "+15550100102", "+15550100200"
BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOXES/PROD"

TOML = f"""
[settings]
words_per_minute = 3000 # they talk fast, where time is real

[[bots]]
bot_alias_arn = "{BOT}"
intent = "Order"
slots = {{ Boxes = "3" }}
says = ["How many?"]
hears = ["Three."]

[[sip_media_applications]]
name = "shop"
numbers = ["{SHOP}"]
function = "shop.py:handler"

[[sip_media_applications]]
name = "depot"
numbers = ["{DEPOT}"]
function = "depot.py:handler"
"""

FUNCTIONS = {
    "shop.py": """
def handler(event, context):
    legs, kind = event["CallDetails"]["Participants"], event["InvocationEventType"]
    actions = []
    if kind in ("NEW_INBOUND_CALL", "CALL_ANSWERED"):
        ours = legs[0]["To" if legs[0]["Direction"] == "Inbound" else "From"]
        actions = [{"Type": "CallAndBridge", "Parameters": {"CallTimeoutSeconds": 20,
                    "CallerIdNumber": ours, "SipHeaders": {"X-Shop": "7"},
                    "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100102"}]}}]
    if kind in ("HANGUP", "ACTION_FAILED"):
        actions = [{"Type": "Hangup", "Parameters": {"CallId": leg["CallId"]}}
                   for leg in legs if leg.get("Status") != "Disconnected"]
    return {"SchemaVersion": "1.0", "Actions": actions}
""",
    "depot.py": f'BOT = "{BOT}"'
    """
import boto3

meetings = boto3.client("chime-sdk-meetings")

def handler(event, context):
    legs, kind = event["CallDetails"]["Participants"], event["InvocationEventType"]
    done = event.get("ActionData", {}).get("Type") if kind == "ACTION_SUCCESSFUL" else kind
    return {"SchemaVersion": "1.0", "Actions": list(actions(done, event, legs[0]))}

def actions(done, event, leg):
    if done == "NEW_INBOUND_CALL":
        yield speak(f"This is the depot, shop {leg.get('SipHeaders', {}).get('X-Shop')}.")
        yield {"Type": "StartBotConversation", "Parameters": {
            "CallId": leg["CallId"], "BotAliasArn": BOT, "LocaleId": "en_US",
            "Configuration": {"SessionState": {"DialogAction": {"Type": "ElicitIntent"}},
                "WelcomeMessages": [{"Content": "Hello.", "ContentType": "PlainText"}]}}}
    if done == "StartBotConversation":
        slots = event["ActionData"]["IntentResult"]["SessionState"]["Intent"]["Slots"]
        yield speak(f"{slots['Boxes']['Value']['InterpretedValue']} boxes.")
        yield {"Type": "RecordAudio", "Parameters": {
            "CallId": leg["CallId"], "DurationInSeconds": "1", "RecordingTerminators": ["#"],
            "RecordingDestination": {"Type": "S3", "BucketName": "my-orders"}}}
    if done == "RecordAudio":
        yield {"Type": "PlayAudio", "Parameters": {
            "CallId": leg["CallId"], "AudioSource": event["ActionData"]["RecordingDestination"]}}
    if done == "PlayAudio":
        made = meetings.create_meeting(ClientRequestToken=leg["CallId"], MediaRegion="us-east-1",
                                       ExternalMeetingId="orders")["Meeting"]
        caller = meetings.create_attendee(MeetingId=made["MeetingId"], ExternalUserId="caller")
        yield {"Type": "JoinChimeMeeting", "Parameters": {
            "CallId": leg["CallId"], "JoinToken": caller["Attendee"]["JoinToken"],
            "MeetingId": made["MeetingId"]}}
    if done == "JoinChimeMeeting":
        yield speak("You are in the meeting.")
        yield {"Type": "Hangup", "Parameters": {"ParticipantTag": "LEG-A"}}
    if done == "HANGUP":
        yield from ({"Type": "Hangup", "Parameters": {"CallId": each["CallId"]}}
                    for each in event["CallDetails"]["Participants"]
                    if each["Status"] == "Connected")

def speak(text):
    return {"Type": "Speak", "Parameters": {"Text": text}}
""",
}


def written(folder: Path) -> Path:
    """A folder, with both in it."""
    (folder / "offhook.toml").write_text(TOML)
    for name, source in FUNCTIONS.items():
        (folder / name).write_text(source)
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The folder with both, which is the current one."""
    monkeypatch.chdir(written(tmp_path))
    return load()


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    with Server(desk, port=0) as server:
        server.service.far_ends[BEN] = Answers(after=0.5)
        yield server


def rows(entries: Sequence[Entry | str]) -> list[str]:
    """A ladder without what is never the same: times, and ids."""
    gone = r"^ *[0-9.]+ |\d{4}(-\d\d){5}-\d+_|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    return [re.sub(gone, "", str(entry)) for entry in entries]


def ladders(calls: Sequence[Call]) -> list[list[str]]:
    """Of the shop's call, and of the depot's that came of it."""
    return [rows(call.ladder.entries) for call in calls]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What happens when somebody dials the shop, as a test in virtual time shows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(written(tmp_path_factory.mktemp("both")))
        with Phone(desk=load()) as phone:
            call = phone.dials(SHOP, from_=BEN)
            for words in ("This is the depot, shop 7.", "Hello.", "How many?", "3 boxes."):
                call.hears(words)
            call.settles()
            return ladders(phone.service.placed())


def test_the_depot_is_heard_on_leg_b(told: list[list[str]]) -> None:
    (words,) = [row for row in told[0] if "This is the depot" in row]
    assert words.split()[0] == "LEG-B"


def test_the_depot_does_all_of_it(told: list[list[str]]) -> None:
    for words in ("says “Three.”", "is recorded to s3://my-orders/", "hears ♪", "is the meeting"):
        assert any(words in row for row in told[1]), told[1]


@pytest.mark.usefixtures("desk")
def test_the_command_shows_the_same(
    told: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["call", "--to", SHOP, "--script", ""]) == 0
    calls = capsys.readouterr().out.split("\n\nThe call from ")
    shown = [[line for line in call.splitlines() if line.startswith(" ")] for call in calls]
    assert [rows(lines) for lines in shown] == told


def test_a_server_shows_the_same(told: list[list[str]], server: Server) -> None:
    call = dials(server, SHOP)
    until(lambda: call.has_ended and not server.service.calls)
    assert ladders(server.service.placed()) == told


def test_a_call_that_boto3_asks_for_goes_on_as_one_of_a_test(desk: Desk, server: Server) -> None:
    with Phone(desk=desk) as phone:
        phone.at(BEN, Answers(after=0.5))
        call = phone.rings(BEN, from_=SHOP)
        call.settles()
        told = ladders(phone.service.placed())
    voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload per service
        "chime-sdk-voice",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=SHOP,
        ToPhoneNumber=BEN,
        SipMediaApplicationId=server.service.account.calling(SHOP).sip_media_application_id,
    )
    placed = call_of(server, made["SipMediaApplicationCall"].get("TransactionId", ""))
    until(lambda: placed.has_ended and not server.service.calls)
    assert ladders(server.service.placed()) == told


def test_lint_reaches_both(desk: Desk, tmp_path: Path) -> None:
    options = Options(at=[MONDAY_AT_TEN], faults=0)
    source = FUNCTIONS["depot.py"].replace('"You are in the meeting."', "nothing")
    (tmp_path / "depot.py").write_text(source)
    shop, depot = (explore(desk, each, options) for each in desk.sip_media_applications)
    assert shop.exit_code == 0
    found = [str(each.finding) for each in depot.found]
    assert any("name 'nothing' is not defined" in each for each in found)


def test_a_function_that_is_not_there_is_busy_for_who_bridges_and_passed_over_by_a_rule(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = tmp_path / "offhook.toml"
    gone = TOML.replace("depot.py:handler", "gone.py:handler")
    toml.write_text(gone)
    assert main(["call", "--script", "", "--to", SHOP]) == 1
    shown = capsys.readouterr()
    assert "a fault of the emulator" not in shown.out + shown.err
    assert "LEG-B  declines with 480" in shown.out
    assert "the function cannot be reached — 'gone.py:handler': there is no file" in shown.out

    rule = f'[[sip_rules]]\nname = "it, then the shop"\ntrigger = "{DEPOT}"\n'
    toml.write_text(f'{gone}\n{rule}sip_media_applications = ["depot", "shop"]\n')
    with Phone() as phone:
        call = phone.dials(DEPOT)
        call.settles()
        assert "the rule's next target takes the call" in call.ladder.render()
