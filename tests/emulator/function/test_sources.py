"""A server takes changed code at the next call, and says so; calls that are up get it too."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.emulator.call.call import Call
from offhook.emulator.function import functions
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import load
from tests.emulator.server.calls import dials
from tests.patience import until

SHOP, DEPOT = "+15550100101", "+15550100102"
HANDLER = """
from {words} import WORDS

def handler(event, context):
    speak = {{"Type": "Speak", "Parameters": {{"Text": WORDS}}}}
    is_new = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    actions = [speak, {{"Type": "Hangup"}}] if is_new else []
    return {{"SchemaVersion": "1.0", "Actions": actions}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application that is imported here, and one in a process of its own."""
    (tmp_path / "offhook.toml").write_text(
        "settings = { words_per_minute = 1000 }\n"
        f'[[sip_media_applications]]\nname = "shop"\nnumbers = ["{SHOP}"]\n'
        f'function = "{tmp_path.name}_shop:handler"\n'
        f'[[sip_media_applications]]\nname = "depot"\nnumbers = ["{DEPOT}"]\n'
        'function = "depot/app.py:handler"\n'
    )
    (tmp_path / f"{tmp_path.name}_shop.py").write_text(HANDLER.format(words=words_of(tmp_path)))
    (tmp_path / "depot").mkdir()
    (tmp_path / "depot" / "app.py").write_text(HANDLER.format(words="words"))
    says(tmp_path, "Before.")
    monkeypatch.setattr(functions, "SELDOM", 0)  # however long a look takes on this machine
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def words_of(folder: Path) -> str:
    return f"{folder.name}_words"


def says(folder: Path, words: str) -> None:
    """Both applications import what they say."""
    for file in (folder / f"{words_of(folder)}.py", folder / "depot" / "words.py"):
        file.write_text(f"WORDS = {words!r}\n")


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with Server(load(folder), port=0) as server:
        yield server


def heard(call: Call) -> list[str]:
    until(lambda: call.has_ended)
    return [prompt.clip.text for prompt in call.legs[0].prompts]


@pytest.mark.parametrize("number", [SHOP, DEPOT])
def test_the_next_call_gets_it_and_its_ladder_says_so(
    server: Server, folder: Path, number: str
) -> None:
    assert heard(dials(server, number)) == ["Before."]
    says(folder, "And after, of another length.")
    call = dials(server, number)
    assert heard(call) == ["And after, of another length."]
    assert "has changed: it is started afresh" in call.ladder.render()
    again = dials(server, number)
    assert heard(again) == ["And after, of another length."]
    assert "has changed" not in again.ladder.render()


@pytest.mark.parametrize("number", [SHOP])
def test_code_that_does_not_start_leaves_what_there_was(
    server: Server, folder: Path, number: str
) -> None:
    assert heard(dials(server, number)) == ["Before."]
    (folder / f"{words_of(folder)}.py").write_text("WORDS = (\n")
    call = dials(server, number)
    assert heard(call) == ["Before."]
    assert "has changed, and does not start" in call.ladder.render()
    assert "SyntaxError" in call.ladder.render()
    says(folder, "Mended again.")
    assert heard(dials(server, number)) == ["Mended again."]
