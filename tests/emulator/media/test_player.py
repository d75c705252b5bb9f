"""What a caller hears at a terminal comes out of the machine's own player."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.span import Span
from offhook.emulator.media import player
from offhook.emulator.media.player import PlayedMedia
from offhook.emulator.media.voices import Voices
from tests.patience import PATIENCE_SECONDS

SPOOL = """
import sys, time, wave
with wave.open(sys.argv[2]) as wav, open(sys.argv[1], "a") as spool:
    seconds = round(wav.getnframes() / wav.getframerate(), 2)
    print(wav.getframerate(), seconds, sys.argv[2], file=spool)
"""
HELLO = Clip("Hello.", 0.2, is_speech=True)


class Room:
    """Who listens there, and what the desk says of its player."""

    def __init__(self, folder: Path, script: str = SPOOL) -> None:
        self.spool = folder / "spool"
        self.said: list[str] = []
        command: Sequence[str] = (sys.executable, "-c", script, str(self.spool))
        self.media = PlayedMedia(command, Voices(), self.said.append)

    def heard(self) -> list[list[str]]:
        return [line.split() for line in self.spool.read_text().splitlines()]


def test_a_prompt_is_played_as_a_wav_as_long_as_it_is_and_nothing_is_left(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def hears() -> bool:
        return await room.media.play(await room.media.prepared(HELLO))

    assert asyncio.run(hears())
    ((rate, seconds, wav),) = room.heard()
    assert (rate, seconds) == ("8000", "0.2")
    assert not Path(wav).exists()


def test_a_prompt_that_is_cut_is_heard_no_more(tmp_path: Path) -> None:
    room = Room(tmp_path, f"import time; time.sleep({PATIENCE_SECONDS})")

    async def cuts() -> bool:
        clip = await room.media.prepared(Clip("On and on.", 20.0, is_speech=True))
        asyncio.get_running_loop().call_later(0.1, room.media.stop)
        return await room.media.play(clip)

    began = time.monotonic()
    assert not asyncio.run(cuts())
    assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_what_is_cut_before_it_begins_is_not_heard(tmp_path: Path) -> None:
    room = Room(tmp_path)

    async def cuts() -> bool:
        clip = await room.media.prepared(HELLO)
        room.media.stop()
        return await room.media.play(clip)

    assert not asyncio.run(cuts())
    assert not room.spool.exists()


def test_the_other_side_is_heard_until_it_leaves(tmp_path: Path) -> None:
    room = Room(tmp_path)
    span = Span(0.0, 0.2, HELLO)

    async def overhears() -> None:
        room.media.overhear(span)
        (telling,) = asyncio.all_tasks() - {asyncio.current_task()}
        await telling
        stop = room.media.overhear(span)
        stop()

    asyncio.run(overhears())
    assert len(room.heard()) == 1
    assert len(span.sound) == 2 * 8000 * 0.2


def test_a_player_that_fails_is_told_of_and_the_call_goes_on(tmp_path: Path) -> None:
    room = Room(tmp_path, "import sys; sys.exit('there is no loudspeaker')")

    async def hears() -> bool:
        return await room.media.play(await room.media.prepared(HELLO))

    assert asyncio.run(hears())
    assert room.said == [f"{sys.executable} cannot play: there is no loudspeaker"]


def test_the_player_is_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert player.found() is None
    (tmp_path / "aplay").touch(0o755)
    assert player.found() == ("aplay", "-q")
