"""`offhook call --sound`: what is heard of it, and what it says where nothing can be."""

from pathlib import Path

import pytest

from offhook.command.telephone import sound
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.media.player import PlayedMedia
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from tests.command.telephone.test_terminal import Terminal

APP = """
def handler(event, context):
    actions = [{"Type": "Speak", "Parameters": {"Text": "Hello."}}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions}
"""


def test_nothing_sounds_unless_somebody_asks() -> None:
    assert isinstance(sound.media(Desk(), wanted=False)(), SilentMedia)
    assert not isinstance(sound.media(Desk(), wanted=False)(), PlayedMedia)


def test_without_a_player_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="apt install alsa-utils"):
        sound.media(Desk(), wanted=True)


def test_with_one_each_leg_sounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "paplay").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    media = sound.media(Desk(), wanted=True)
    assert isinstance(media(), PlayedMedia)
    assert media() is not media()


def test_a_call_at_a_terminal_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sounds.py").write_text(APP)
    player = tmp_path / "paplay"
    player.write_text('#!/bin/sh\ncp "$1" heard.wav\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    caller = Terminal(tmp_path, "--sound", "--handler", "sounds:handler")
    try:
        caller.sees("hears “Hello.”")
        assert caller.ends() == 0
    finally:
        caller.close()
    assert (tmp_path / "heard.wav").stat().st_size > 2000
