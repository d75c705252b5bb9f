"""Somebody types `offhook`, in a folder with an application."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.command.main import main

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

Run = Callable[..., tuple[int, str, str]]
"""`run("call", "--script", "1")`: the exit code, what was printed, and what went to stderr."""


def made(folder: Path, *options: str) -> Path:
    """What `offhook new front-desk` makes in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["new", "front-desk", *options]) == 0
    return folder / "front-desk"


@pytest.fixture(scope="session")
def front_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was just made. Whoever changes it, changes a copy."""
    return made(tmp_path_factory.mktemp("new"))


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
            code = main(arguments)
        except SystemExit as left:  # argparse's own refusal
            code = left.code if isinstance(left.code, int) else -1
        printed, complained = capsys.readouterr()
        assert "Traceback" not in printed + complained
        return code, printed, complained

    return command
