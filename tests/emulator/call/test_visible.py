"""What is said, typed or sent does nothing on a terminal, and begins no line of a log."""

import logging
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Hangup, Pause, Speak
from offhook.command import main as command
from offhook.command.say import log_visibly
from offhook.emulator.call.visible import visible, visible_lines
from offhook.emulator.findings.finding import Finding
from tests.emulator.functions import AnsweredBy, in_turn

CLEARS = "\x1b[2J\x1b]0;owned\x07"
BIDI = "\u202e\u2066\u200f"


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_that_does_something_is_left(text: str) -> None:
    shown = visible_lines(text)
    left = {each for each in shown if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cs")}
    assert left <= {"\n"}
    assert not set(BIDI) & set(shown)
    assert len(visible(text).split("\n  at ")) >= len(visible(text).splitlines())


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "M"])))
def test_words_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


def test_the_place_of_an_error_stays_below_it() -> None:
    assert visible("KeyError: 'a\nb'\n  at app.py:3") == "KeyError: 'a\\nb'\n  at app.py:3"


def test_the_ladder_shows_what_is_said_typed_and_sent(answered_by: AnsweredBy) -> None:
    spoken = Speak(text=f"Hello{CLEARS}.{BIDI}")
    phone = answered_by(in_turn([spoken, Pause(duration_in_milliseconds=900)], [Hangup()]))
    call = phone.dials(sip_headers={f"Via{CLEARS}\n  9.000  LEG-A  presses 1": "x"})
    call.hears("Hello")
    call.says(f"I am{CLEARS}")
    call.ends()
    ladder = call.ladder.render()
    assert r"hears “Hello\x1b[2J\x1b]0;owned\x07.\u202e" in ladder
    assert r"says “I am\x1b[2J" in ladder
    assert not set(f"{CLEARS}{BIDI}") & set(ladder) - set("[2J]0;owned")
    assert len(ladder.splitlines()) == len(call.ladder.entries)


def test_a_finding_and_a_story_that_broke_show_it_too(answered_by: AnsweredBy) -> None:
    finding = str(Finding("rule", f"here{CLEARS}", f"this\n{CLEARS}", f"that{CLEARS}"))
    assert "\x1b" not in finding
    assert len(finding.splitlines()) == 2
    call = answered_by(in_turn([Speak(text=f"Hello{CLEARS}.")], [Hangup()])).dials()
    with pytest.raises(AssertionError) as failed:
        call.hears("Goodbye")
    assert "\x1b" not in str(failed.value)
    call.hears("Hello")


APP = """
import logging
def handler(event, context):
    logging.getLogger("theirs").warning("log \\x1b[2J")
    raise ValueError("no\\x1b[2J")
"""


def test_the_command_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "app_visible.py").write_text(APP)
    command.main(["call", "--handler", "app_visible:handler", "--script", ""])
    with pytest.raises(SystemExit):
        command.main(["call", "--to", f"+1{CLEARS}", "--handler", "app_visible:handler"])
    printed, complained = capfd.readouterr()
    assert "\x1b" not in printed + complained
    assert r"no\x1b[2J" in printed
    assert r"'+1\x1b[2J" in complained or r"+1\x1b[2J" in complained


def test_so_do_log_lines_that_nobody_else_takes(capsys: pytest.CaptureFixture[str]) -> None:
    log_visibly()
    assert logging.lastResort is not None
    logging.lastResort.handle(
        logging.makeLogRecord({"msg": f"a line{CLEARS}\nanother", "levelno": logging.WARNING})
    )
    assert capsys.readouterr().err == "a line\\x1b[2J\\x1b]0;owned\\x07\nanother\n"
