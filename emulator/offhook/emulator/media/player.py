"""A leg whose person is at this machine: what they hear comes out of its own player."""

import asyncio
import os
import shutil
import subprocess
import wave
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Final, TypeAlias

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.media import Stop
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.call.span import RATE, Span
from offhook.emulator.media.voices import Voices

Player: TypeAlias = Sequence[str]
"""A command; the name of a wav comes behind it."""

PLAYERS: Final[Sequence[Player]] = (("paplay",), ("aplay", "-q"), ("afplay",))
LATE_SECONDS: Final = 1.0
"""So much longer than its sound a player may take, until it has begun and ended."""


def found() -> Player | None:
    """The player of this machine, by its name on the PATH."""
    return next((player for player in PLAYERS if shutil.which(player[0])), None)


class PlayedMedia(SilentMedia):
    """Takes as long as the sound does, also where the player cannot play."""

    def __init__(self, player: Player, voices: Voices, complain: Callable[[str], object]) -> None:
        """`complain` is told why the player fails, when it does."""
        super().__init__()
        self._player = player
        self._voices = voices
        self._complain = complain
        self._is_cut = False

    async def prepared(self, clip: Clip) -> Clip:
        """The clip with the samples that are to be played."""
        self._is_cut = False
        return await self._voices.sounding(clip)

    async def play(self, clip: Clip) -> bool:
        """Until its end, which the player may reach a little later; `False` when it was cut."""
        if self._is_cut:
            return False
        async with self._sounding(clip.sound):
            return await super().play(clip)

    def stop(self) -> None:
        """Cut what plays: the player's process ends."""
        self._is_cut = True
        super().stop()

    def overhear(self, span: Span) -> Stop:
        """Play what the other side says, too."""
        return asyncio.get_running_loop().create_task(self._overhears(span)).cancel

    async def _overhears(self, span: Span) -> None:
        assert span.clip is not None
        clip = await self._voices.sounding(span.clip)
        span.sound = clip.sound
        async with self._sounding(clip.sound):
            await asyncio.sleep(clip.seconds)

    @asynccontextmanager
    async def _sounding(self, sound: bytes) -> AsyncGenerator[None]:
        """Play it. Whoever leaves early, or is cut, hears no more of it."""
        path = _wav(sound)
        try:
            with _started(self._player, path) as process:
                try:
                    yield
                    await self._ended(process)
                finally:
                    process.kill()
        finally:
            path.unlink(missing_ok=True)

    async def _ended(self, process: "subprocess.Popen[bytes]") -> None:
        """The next thing is not heard before this one has been heard to its end."""
        if self._is_cut:
            return
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, LATE_SECONDS)
        if process.returncode and process.stderr:
            why = process.stderr.read().decode(errors="replace").strip().split("\n")[-1]
            self._complain(f"{self._player[0]} cannot play: {why or process.returncode}")


def _started(player: Player, path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*player, path],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is the call's
    )


def _wav(sound: bytes) -> Path:
    file, name = mkstemp(suffix=".wav", prefix="offhook-")
    with os.fdopen(file, "wb") as written, wave.open(written, "wb") as wav:
        wav.setparams((1, 2, RATE, 0, "NONE", ""))
        wav.writeframes(sound)
    return Path(name)
