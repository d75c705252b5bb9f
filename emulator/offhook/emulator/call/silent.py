"""A leg without sound: clips take their time, and nothing is heard."""

import asyncio

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.media import Stop
from offhook.emulator.call.span import Span


class SilentMedia:
    """Plays by waiting, in whatever time the loop keeps."""

    def __init__(self) -> None:
        self._playing: asyncio.Future[bool] | None = None

    async def prepared(self, clip: Clip) -> Clip:
        """The clip: nobody hears how it sounds."""
        return clip

    async def play(self, clip: Clip) -> bool:
        """Wait as long as the clip is. `False` when `stop` cut it short."""
        loop = asyncio.get_running_loop()
        playing: asyncio.Future[bool] = loop.create_future()
        self._playing = playing
        end = loop.call_later(clip.seconds, _end, playing, True)
        try:
            return await playing
        finally:
            end.cancel()
            self._playing = None

    def stop(self) -> None:
        """Cut what is playing."""
        if self._playing is not None:
            _end(self._playing, False)

    def overhear(self, _span: Span) -> Stop:
        """Nobody listens in to a call without sound."""
        return _nothing

    def hear(self, frame: bytes) -> None:
        """Nobody hears it: the call has no sound."""


def _nothing() -> None:
    pass


def _end(playing: asyncio.Future[bool], in_full: bool) -> None:
    if not playing.done():  # a clip may be cut at the moment when it ends
        playing.set_result(in_full)
