"""`offhook call --sound`: what is heard of it, and what it says where nothing can be."""

from pathlib import Path

import pytest

from offhook.command.telephone import sound
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.media.player import PlayedMedia
from offhook.emulator.service.config_file import ConfigError


def test_nothing_sounds_unless_somebody_asks() -> None:
    assert isinstance(sound.media(wanted=False)(), SilentMedia)
    assert not isinstance(sound.media(wanted=False)(), PlayedMedia)


def test_without_a_player_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="apt install alsa-utils"):
        sound.media(wanted=True)


def test_with_one_each_leg_sounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "paplay").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    media = sound.media(wanted=True)
    assert isinstance(media(), PlayedMedia)
    assert media() is not media()
