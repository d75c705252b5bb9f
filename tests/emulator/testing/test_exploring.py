"""Every path that a caller can take, as one test."""

from dataclasses import replace
from pathlib import Path

import pytest

from offhook.actions import Hangup, PlayAudio, Speak
from offhook.emulator.explore.baseline import known
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing import Desk, NotExplored, StoryFailed, explores
from offhook.handler import NewInboundCall, Reply, Router
from tests.emulator.explore.desk_line import OPTIONS, explored, router

friendly = Router()
AT_ONCE = Desk(state=None)


@friendly.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome."), Hangup()]


silent = Router()


@silent.new_inbound_call()
def music(event: NewInboundCall) -> Reply:
    return [PlayAudio(audio_source="nowhere.wav"), Hangup()]


def test_a_handler_without_a_fault_passes_and_says_what_came_of_it() -> None:
    (result,) = explores(friendly, OPTIONS, desk=AT_ONCE)
    assert (result.exit_code, result.is_complete) == (0, True)
    assert result.taken == {f"NEW_INBOUND_CALL (any) → {__name__}.welcome"}


def test_a_fault_fails_it_with_the_story_that_leads_there() -> None:
    with pytest.raises(StoryFailed) as failed:
        explores(router, OPTIONS, desk=AT_ONCE)
    said = str(failed.value)
    assert "router: to mend: 1 fault; the desk lacks 1 thing".lower() in said.lower()
    assert "after: waits, presses 2, waits" in said
    assert "LEG-A  hears “Please wait.”" in said


def test_what_the_desk_lacks_is_a_warning_and_no_success() -> None:
    with pytest.warns(NotExplored, match="no fault so far; the desk lacks 1 thing"):
        (result,) = explores(silent, OPTIONS, desk=AT_ONCE)
    assert result.exit_code == 2


def test_what_is_known_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    with pytest.raises(StoryFailed):
        explores(router, OPTIONS, desk=AT_ONCE, known=file)
    file.write_text(known([explored()]).model_dump_json())
    (result,) = explores(router, OPTIONS, desk=AT_ONCE, known=file)
    assert result.exit_code == 0


def test_only_one_of_our_numbers_can_be_explored() -> None:
    with pytest.raises(ConfigError, match=r"\+15550100777 is none of our numbers"):
        explores(friendly, OPTIONS, desk=AT_ONCE, to="+15550100777")


def test_a_version_before_needs_a_name() -> None:
    with pytest.raises(ConfigError, match="name it, module:function"):
        explores(friendly, replace(OPTIONS, after="HEAD"), desk=AT_ONCE)
