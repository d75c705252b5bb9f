"""The command `offhook`: calls by script, routes, exit codes, and no traceback for any mistake."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from offhook.command import main as cli

APP = """
from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router

handler = Router()
MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat_duration_in_milliseconds=9_000,
)


@handler.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome."), MENU]


@handler.action_successful(MENU, digits="1")
def one(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="One."), MENU]


@handler.action_successful(MENU)
def other(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="Bye."), Hangup()]
"""
RAW = """
def silent(event, context):
    pause = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": 20000}}
    speak = {"Type": "Speak", "Parameters": {"Text": "Late."}}
    first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    return {"SchemaVersion": "1.0", "Actions": [pause, speak] if first else []}


def broken(event, context):
    return event["Nothing"]
"""

ROOT = Path(__file__).parents[2]

Run = Callable[..., tuple[int, str, str]]
"""`run("call", "--script", "1")`: the exit code, what was printed, and what went to stderr."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an application of a number, and its desk."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in [name for name in os.environ if name.startswith("OFFHOOK_")]:
        monkeypatch.delenv(name)
    (tmp_path / f"app_{tmp_path.name}.py").write_text(APP)
    (tmp_path / f"raw_{tmp_path.name}.py").write_text(RAW)
    (tmp_path / "offhook.toml").write_text(
        "[[sip_media_applications]]\n"
        f'name = "day"\nnumbers = ["+15550100101"]\nfunction = "app_{tmp_path.name}:handler"\n'
        "[[sip_media_applications]]\n"
        f'name = "night"\nnumbers = ["+15550100102"]\nfunction = "raw_{tmp_path.name}:silent"\n'
    )
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in that folder."""

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments)
        except SystemExit as left:  # argparse's own refusal
            code = left.code if isinstance(left.code, int) else -1
        printed, complained = capsys.readouterr()
        assert "Traceback" not in printed + complained
        return code, printed, complained

    return command


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


def test_routes_lists_which_function_answers_which_event(run: Run, folder: Path) -> None:
    code, printed, complained = run("routes")
    assert (code, complained) == (0, "")
    lines = printed.splitlines()
    assert lines[0] == f"day: app_{folder.name}:handler answers +15550100101"
    assert [line.split()[0] for line in lines[1:4]] == [
        "ACTION_SUCCESSFUL",
        "ACTION_SUCCESSFUL",
        "NEW_INBOUND_CALL",
    ]
    assert "digits='1'" in lines[1]
    assert f"app_{folder.name}.one (app_{folder.name}.py:19)" in lines[1]
    assert lines[4] == f"night: raw_{folder.name}:silent answers +15550100102"
    assert lines[5] == "  it is not a Router, so only it knows what it answers"


@pytest.mark.parametrize("command", ["call", "routes"])
@pytest.mark.parametrize(
    ("handler", "says"),
    [
        ("nowhere:handler", "cannot import nowhere"),
        ("app.py", "names no function: write app.py:lambda_handler"),
        ("{app}:nothing", "has no function 'nothing'"),
        ("{broken}:handler", "does not import: SyntaxError"),
        ("{raising}:handler", "does not import: RuntimeError: no table"),
        ("{leaving}:handler", "does not import: SystemExit"),
    ],
)
def test_a_function_that_cannot_be_used_is_a_mistake(
    run: Run, folder: Path, command: str, handler: str, says: str
) -> None:
    names = {"app": f"app_{folder.name}"}
    for name, text in (
        ("broken", "def handler(:"),
        ("raising", "raise RuntimeError('no table')"),
        ("leaving", "raise SystemExit"),
    ):
        names[name] = f"{name}_{folder.name}"
        (folder / f"{names[name]}.py").write_text(text)
    code, _, complained = run(command, "--handler", handler.format(**names))
    assert code == 2
    assert complained.startswith("offhook: ")
    assert says in complained


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("call", "--to", "+15550199999", "--script", "1"),
            "+15550199999 is not one of our numbers",
        ),
        (("call", "--script", "1x"), "'x' is not a key"),
        (("call", "--at", "tomorrow"), "'tomorrow' is no time"),
        (("call", "--nonsense"), "unrecognized arguments: --nonsense"),
        (("dance",), "invalid choice: 'dance'"),
        ((), "the following arguments are required: COMMAND"),
    ],
)
def test_a_wrong_word_is_a_mistake(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, printed, complained = run(*arguments)
    assert code == 2
    assert printed == ""
    assert says in complained


@pytest.mark.parametrize("command", ["call", "routes"])
def test_a_desk_without_numbers_is_a_mistake(run: Run, folder: Path, command: str) -> None:
    (folder / "offhook.toml").unlink()
    code, _, complained = run(command)
    assert code == 2
    assert complained.startswith("offhook: no number of ours is configured")


@pytest.mark.parametrize("command", ["call", "routes"])
def test_a_desk_that_cannot_be_read_is_a_mistake(run: Run, folder: Path, command: str) -> None:
    (folder / "offhook.toml").write_text("account = 17\n")
    code, _, complained = run(command)
    assert code == 2
    assert complained.startswith(f"offhook: {folder / 'offhook.toml'}: account: ")


def test_the_version_is_the_package_s(run: Run) -> None:
    assert run("--version")[:2] == (0, version("offhook") + "\n")


def test_help_names_the_commands(run: Run) -> None:
    code, printed, _ = run("--help")
    assert code == 0
    assert "place a call to one of our numbers" in printed
    assert "list which function answers which event" in printed


def offhook_in(
    folder: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "offhook.command.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        check=False,
        timeout=20,
    )


def test_the_command_works_in_a_process_of_its_own(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hears “Welcome.”" in done.stdout.decode()


def test_a_terminal_that_knows_ascii_only_shows_what_it_can(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"hears ?Welcome.?" in done.stdout


def test_a_mistake_in_a_process_of_its_own_is_one_line(folder: Path) -> None:
    done = offhook_in(folder, "call", "--handler", "nowhere:handler")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"offhook: cannot import nowhere")
    assert len(done.stderr.splitlines()) == 1
