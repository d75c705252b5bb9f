"""`offhook call` by script: what it prints, and whether the call was dropped.

About `offhook.emulator.testing.scripted_caller` and `offhook.emulator.testing.story_file`.
"""

import re
from pathlib import Path

import pytest

from offhook.emulator.ports.port import listen
from offhook.emulator.testing import Phone
from tests.command.conftest import Run


def test_a_call_by_script_prints_its_ladder(run: Run) -> None:
    code, printed, complained = run("call", "--script", "12")
    assert code == 0
    assert complained == ""
    story = [line.split("  ")[-1] for line in printed.splitlines() if "presses" in line]
    assert story == ["presses 1", "presses 2"]
    assert printed.splitlines()[0] == "It is Monday, 10:00 UTC (--at says otherwise)."
    assert printed.splitlines()[1].endswith("+15550100200 dials +15550100101")
    assert printed.splitlines()[-1].endswith("the call is over")


def test_without_a_terminal_a_script_is_played(run: Run) -> None:
    code, printed, _ = run("call")
    assert code == 0
    assert [line[-1] for line in printed.splitlines() if "presses" in line] == ["1", "0"]


def test_each_key_is_pressed_a_second_after_it_is_quiet(run: Run) -> None:
    _, printed, _ = run("call", "--script", "1")
    (line,) = [line for line in printed.splitlines() if "presses 1" in line]
    assert line.split()[0] == "3.000"  # heard until 1.091 s: quiet at 2, and still at 3


def test_a_comma_waits_five_seconds_more(run: Run) -> None:
    _, printed, _ = run("call", "--script", ",1")
    (line,) = [line for line in printed.splitlines() if "presses 1" in line]
    assert line.split()[0] == "9.000"


def test_a_caller_without_keys_listens_and_hangs_up(run: Run) -> None:
    code, printed, _ = run("call", "--to", "+15550100102", "--script", "")
    assert code == 0
    assert "hears “Late.”" in printed
    assert "600.000  LEG-A  hangs up" in printed


def test_keys_wait_until_the_call_is_answered(run: Run) -> None:
    _, printed, _ = run("call", "--to", "+15550100102", "--script", "7")
    (line,) = [line for line in printed.splitlines() if "presses 7" in line]
    assert float(line.split()[0]) > 20


def test_the_time_of_the_call_can_be_told(run: Run, folder: Path) -> None:
    (folder / f"when_{folder.name}.py").write_text(
        "def handler(event, context):\n"
        "    start = event['CallDetails']['Participants'][0]['StartTimeInMilliseconds']\n"
        "    speak = {'Type': 'Speak', 'Parameters': {'Text': start}}\n"
        "    first = event['Sequence'] == 1\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [speak] if first else []}\n"
    )
    handler = ("--handler", f"when_{folder.name}:handler", "--script", "")
    assert "1804370400000" in run("call", "--at", "2027-03-06T22:00", *handler)[1]
    assert "1804366800000" in run("call", "--at", "2027-03-06T22:00+01:00", *handler)[1]


ASKS = """
CODE = {"MinNumberOfDigits": 6, "MaxNumberOfDigits": 6,
        "InBetweenDigitsDurationInMilliseconds": 1000, "RepeatDurationInMilliseconds": 5000,
        "SpeechParameters": {"Text": "Your code?"}, "FailureSpeechParameters": {"Text": "Sorry?"}}
BRIDGE = {"CallTimeoutSeconds": 20,
          "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}]}

def handler(event, context):
    ours, kind = event["CallDetails"]["Participants"][0]["To"], event["InvocationEventType"]
    ask = {"Type": "SpeakAndGetDigits", "Parameters": CODE}
    bridge = {"Type": "CallAndBridge", "Parameters": {**BRIDGE, "CallerIdNumber": ours}}
    has_typed = event.get("ActionData", {}).get("ReceivedDigits") == "123456"
    actions = [ask] if kind == "NEW_INBOUND_CALL" else [bridge] if has_typed else []
    return {"SchemaVersion": "1.0", "Actions": actions}
"""


def test_the_keys_of_a_number_are_typed_in_a_row_and_a_call_that_stays_up_is_judged(
    run: Run, folder: Path
) -> None:
    (folder / f"asks_{folder.name}.py").write_text(ASKS)
    call = ("call", "--handler", f"asks_{folder.name}:handler", "--script", "123456")
    code, printed, _ = run(*call)
    assert code == 1, printed
    assert "(SpeakAndGetDigits, 123456)" in printed
    assert "ends: it stays up: LEG-B is on the line" in printed
    assert "leg-left-connected: HANGUP" in printed


def test_a_call_of_ours_that_never_rings_is_judged(run: Run, folder: Path) -> None:
    broken = ("call", "--outbound", "--handler", f"raw_{folder.name}:broken", "--script", "")
    code, printed, _ = run(*broken)
    assert code == 1
    assert "function-failed: NEW_OUTBOUND_CALL 1: KeyError: 'Nothing'" in printed


def test_a_call_that_is_dropped_is_a_failure(run: Run, folder: Path) -> None:
    code, printed, _ = run("call", "--handler", f"raw_{folder.name}:broken", "--script", "1")
    assert code == 1
    assert "480, the call is dropped: the function failed — KeyError: 'Nothing'" in printed


SHOP = """
def handler(event, context):
    legs, kind = event["CallDetails"]["Participants"], event["InvocationEventType"]
    print(kind, legs[0]["From"], legs[0].get("SipHeaders"), event.get("ActionData"))
    bridge = {"Type": "CallAndBridge", "Parameters": {"CallTimeoutSeconds": 20,
              "CallerIdNumber": legs[0]["To"],
              "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100102"}]}}
    speak = {"Type": "Speak", "Parameters": {"Text": "This is the depot."}}
    bye = [{"Type": "Hangup", "Parameters": {"CallId": leg["CallId"]}}
           for leg in legs if leg.get("Status") == "Connected"]
    if legs[0]["To"] == "+15550100102":
        bridge = speak
    actions = [bridge] if kind == "NEW_INBOUND_CALL" else bye if kind == "HANGUP" else []
    if kind == "CALL_ANSWERED" or (bridge is speak and kind == "ACTION_SUCCESSFUL"):
        actions = [speak, {"Type": "Hangup", "Parameters": {}}]
    return {"SchemaVersion": "1.0", "Actions": actions}
"""


def shop(folder: Path) -> tuple[str, str]:
    """A function of two numbers, the first of which bridges to the second."""
    (folder / f"shop_{folder.name}.py").write_text(SHOP)
    return "--handler", f"shop_{folder.name}:handler"


def test_a_number_of_ours_rings_our_application_and_its_call_is_shown_too(
    run: Run, folder: Path
) -> None:
    code, printed, _ = run("call", *shop(folder), "--script", "")
    assert code == 0
    first, second = printed.split("\nThe call from +15550100101 to +15550100102 that came of it:\n")
    assert "LEG-B  says “This is the depot.”" in first
    assert "LEG-A  hears “This is the depot.”" in second


CALLS_BACK = """
import boto3

def handler(event, context):
    details, kind = event["CallDetails"], event["InvocationEventType"]
    speak, bye = {"Type": "Speak", "Parameters": {"Text": "It is us."}}, {"Type": "Hangup"}
    if kind == "NEW_INBOUND_CALL":
        boto3.client("chime-sdk-voice").create_sip_media_application_call(
            FromPhoneNumber="+15550100101", ToPhoneNumber="+15550100777",
            SipMediaApplicationId=details["SipMediaApplicationId"])
    answers = {"NEW_INBOUND_CALL": [bye], "CALL_ANSWERED": [speak, bye]}
    return {"SchemaVersion": "1.0", "Actions": answers.get(kind, [])}
"""


def test_a_call_that_the_function_makes_is_shown_to_its_end(run: Run, folder: Path) -> None:
    (folder / f"back_{folder.name}.py").write_text(CALLS_BACK)
    handler = ("--handler", f"back_{folder.name}:handler")
    _, printed, _ = run("call", *handler, "--to", "+15550100101", "--script", "")
    _, back = printed.split("+15550100777 that came of it:\n")
    assert "hears “It is us.”" in back
    assert back.splitlines()[-1].endswith("the call is over")


def test_the_caller_and_the_headers_of_the_call_can_be_told(run: Run, folder: Path) -> None:
    headers = ("--sip-header", "X-Account=7", "--sip-header", "X-account=8")
    call = ("call", *shop(folder), "--from", "+15550100777", *headers, "--script", "")
    _, printed, _ = run(*call)
    assert "+15550100777 dials" in printed
    assert "NEW_INBOUND_CALL +15550100777 {'X-Account': '7', 'X-account': '8'}" in printed


def test_we_call_with_arguments_and_somebody_answers(run: Run, folder: Path) -> None:
    arguments = ("--argument", "name=Ada", "--argument", "when=at ten")
    code, printed, _ = run("call", *shop(folder), "--outbound", *arguments, "--script", "")
    assert code == 0
    assert "+15550100101 calls +15550100200" in printed
    assert "'name': 'Ada', 'when': 'at ten'" in printed
    assert "LEG-A  hears “This is the depot.”" in printed


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ("destination-voicemail", "LEG-A  says “I am not here. Leave a message"),
        ("destination-busy=+15550100200", "LEG-A  declines with 486"),
        ("destination-silent", "LEG-A  is not answered in time: 480"),
    ],
)
def test_who_is_called_does_what_the_fault_says(
    run: Run, folder: Path, fault: str, heard: str
) -> None:
    _, printed, _ = run("call", *shop(folder), "--outbound", "--fault", fault, "--script", "1")
    assert heard in printed
    assert "presses 1" not in printed
    assert "does not ring" not in printed


def test_a_call_of_ours_has_arguments_and_no_other(run: Run, folder: Path) -> None:
    code, _, complained = run("call", *shop(folder), "--argument", "name=Ada", "--script", "")
    assert code == 2
    assert complained == "offhook: --argument is of a call that we make: add --outbound\n"


def test_a_port_that_is_taken_is_said_in_one_line(run: Run) -> None:
    with listen(0) as taken:
        port = str(taken.getsockname()[1])
        code, printed, complained = run("call", "--port", port, "--script", "")
    assert (code, printed) == (2, "")
    assert re.fullmatch(rf"offhook: port {port} is taken: [^\n]+--port[^\n]+\n", complained)


STORY = """
from offhook.emulator.testing import Phone, busy

def asks_the_depot(phone: Phone) -> None:
    call = phone.dials(from_="+15550100333")
    call.hears("This is the depot.")
    call.hangs_up()
    call.ends()

def nobody_is_there(phone: Phone) -> None:
    phone.at("+15550100102", busy())
    phone.dials().hears("This is the depot.")

def takes_more(phone: Phone, other: int) -> None:
    pass

def is_wrong_itself(phone: Phone) -> None:
    assert phone.dials().is_ringing == "perhaps"

def divides(phone: Phone) -> None:
    phone.dials().waits(1 / 0)
"""


def test_a_story_is_played_and_all_its_calls_are_shown(run: Run, folder: Path) -> None:
    (folder / "calls.py").write_text(STORY)
    code, printed, _ = run("call", *shop(folder), "--story", "calls.py:asks_the_depot")
    assert code == 0
    assert "+15550100333 dials +15550100101" in printed
    assert "LEG-A  hears “This is the depot.”" in printed


def test_a_story_that_fails_says_where(run: Run, folder: Path) -> None:
    (folder / "calls.py").write_text(STORY)
    code, printed, _ = run("call", *shop(folder), "--story", "calls.py:nobody_is_there")
    assert code == 1
    assert printed.splitlines()[-1].startswith("▶ hears “This is the depot.”: the call is over")


@pytest.mark.parametrize(
    ("story", "line"),
    [("is_wrong_itself", 'is_ringing == "perhaps"'), ("divides", "waits(1 / 0)")],
)
def test_a_story_that_is_wrong_itself_says_at_which_line_of_it(
    run: Run, folder: Path, story: str, line: str
) -> None:
    (folder / "calls.py").write_text(STORY)
    code, printed, complained = run("call", *shop(folder), "--story", f"calls.py:{story}")
    assert (code, complained) == (1, "")
    said = printed.splitlines()
    assert said[0] == f"calls.py:{story} does not hold"
    assert "/calls.py:" in said[2]
    assert said[2].endswith(line)


@pytest.mark.parametrize(
    ("story", "why"),
    [
        ("calls.py", "write FILE.py:FUNCTION"),
        ("nowhere.py:story", "there is no file"),
        ("calls.py:asks", "There are: asks_the_depot, nobody_is_there"),
        ("calls.py:takes_more", "a story takes the phone and nothing else, not phone, other"),
        ("wrong.py:story", "NameError: name 'nothing' is not defined"),
        ("waits.py:story", "write def in place of async def"),
        ("yields.py:story", "without yield"),
    ],
)
def test_what_is_no_story_is_a_mistake(run: Run, folder: Path, story: str, why: str) -> None:
    (folder / "calls.py").write_text(STORY)
    (folder / "wrong.py").write_text("nothing\n")
    (folder / "waits.py").write_text("async def story(phone): ...\n")
    (folder / "yields.py").write_text("def story(phone): yield\n")
    code, _, complained = run("call", *shop(folder), "--story", story)
    assert code == 2
    assert complained.startswith(f"offhook: --story {story}: ")
    assert why in complained


def test_a_seed_makes_the_ids_the_same_again(run: Run, folder: Path) -> None:
    (folder / f"ids_{folder.name}.py").write_text(
        "def handler(event, context):\n"
        "    print(event['CallDetails']['TransactionId'])\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [{'Type': 'Hangup', 'Parameters': {}}]}\n"
    )
    call = ("call", "--handler", f"ids_{folder.name}:handler", "--script", "")
    assert run(*call)[1] != run(*call)[1]
    assert run(*call, "--seed", "7")[1] == run(*call, "--seed", "7")[1]


NOTES = """
import json, pathlib

def handler(event, context):
    kept = pathlib.Path("kept.json")
    kind, data, actions = event["InvocationEventType"], event.get("ActionData") or {}, []
    place = json.loads(kept.read_text()) if kept.exists() else None
    if kind == "NEW_INBOUND_CALL" and place is None:
        to = {"Type": "S3", "BucketName": "a-bucket", "Prefix": "notes"}
        actions = [{"Type": "RecordAudio", "Parameters": {
            "DurationInSeconds": "3", "RecordingTerminators": ["#"], "RecordingDestination": to}}]
    elif kind == "NEW_INBOUND_CALL":
        actions = [{"Type": "PlayAudio", "Parameters": {"AudioSource": place}}]
    elif data.get("Type") == "RecordAudio":
        kept.write_text(json.dumps(data["RecordingDestination"]))
    return {"SchemaVersion": "1.0", "Actions": actions}
"""


def test_what_one_run_has_recorded_the_next_can_play(run: Run, folder: Path) -> None:
    (folder / "notes.py").write_text(NOTES)
    call = ("call", "--handler", "notes.py:handler", "--script", "#")
    code, printed, _ = run(*call)
    assert code == 0
    assert "recorded: recordings/a-bucket/notes/" in printed
    _, printed, _ = run(*call)
    assert "hears ♪ notes/" in printed


def test_a_call_can_be_drawn(run: Run, folder: Path) -> None:
    code, printed, _ = run("call", "--script", "12", "--picture", "call.svg")
    assert code == 0
    assert printed.splitlines()[-1] == "drawn: call.svg"
    drawn = (folder / "call.svg").read_text("utf-8")
    assert "▶ presses 1" in drawn
    run("call", "--script", "12", "--picture", "again.svg")
    assert (folder / "again.svg").read_text("utf-8") == drawn
    run("call", "--picture", "none.svg", "--handler", "no_such:function")
    assert not (folder / "none.svg").exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere/call.svg", "there is no folder 'nowhere': make it first"),
        ("call.png", "'call.png' is no name of an SVG: write e.g. call.svg"),
        (f"{'x' * 300}.svg", "cannot be written: File name too long"),
    ],
)
def test_where_no_picture_can_be_is_said(run: Run, name: str, says: str) -> None:
    code, _, complained = run("call", "--script", "1", "--picture", name)
    assert code == 2
    assert complained.splitlines()[-1].endswith(says)


def test_a_call_by_script_has_no_sound(run: Run) -> None:
    code, _, complained = run("call", "--script", "1", "--sound")
    assert code == 2
    assert complained == "offhook: --sound is heard in real time: call at a terminal, by hand\n"


def test_what_a_function_of_this_process_writes_is_a_row_wherever_it_is_played(
    run: Run, folder: Path
) -> None:
    name = f"loud_{folder.name}"
    (folder / f"{name}.py").write_text(
        "import logging\n"
        "def handler(event, context):\n"
        "    print('I print')\n"
        "    logging.warning('I log')\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [{'Type': 'Hangup'}]}\n"
    )
    _, explored, _ = run("explore", "--handler", f"{name}:handler")
    assert not [line for line in explored.splitlines() if line.startswith(("I print", "[WARN"))]
    _, printed, complained = run("call", "--handler", f"{name}:handler")
    assert complained == ""
    with Phone(f"{name}:handler") as phone:
        phone.dials().ends()
        in_a_test = phone.service.placed()[0].ladder.render()
    for ladder in (printed, in_a_test):
        rows = [line for line in ladder.splitlines() if "         | " in line]
        assert [row.partition("| ")[2] for row in rows] == ["I print", "[WARNING] I log"] * 2
