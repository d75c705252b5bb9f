"""`offhook call` by script: what it prints, and whether the call was dropped.

About `offhook.emulator.testing.scripted_caller`.
"""

from pathlib import Path

from tests.command.conftest import Run


def test_a_call_by_script_prints_its_ladder(run: Run) -> None:
    code, printed, complained = run("call", "--script", "12")
    assert code == 0
    assert complained == ""
    story = [line.split("  ")[-1] for line in printed.splitlines() if "presses" in line]
    assert story == ["presses 1", "presses 2"]
    assert printed.splitlines()[0].endswith("+15550100200 dials +15550100101")
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


def test_a_call_that_is_dropped_is_a_failure(run: Run, folder: Path) -> None:
    code, printed, _ = run("call", "--handler", f"raw_{folder.name}:broken", "--script", "1")
    assert code == 1
    assert "480, the call is dropped: the function failed — KeyError: 'Nothing'" in printed
