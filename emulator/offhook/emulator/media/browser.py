"""A leg whose person is at a page: prompts go there frame by frame, in real time."""

import asyncio
from collections import deque
from collections.abc import Mapping
from itertools import count
from typing import Literal, Protocol, TypeAlias

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.media import Stop
from offhook.emulator.call.sound import mixed
from offhook.emulator.call.span import FRAME_BYTES, FRAME_SECONDS, Span
from offhook.emulator.media.voices import Voices

Reads: TypeAlias = Literal["desk", "page", "nobody"]
"""Who reads words aloud: the desk's voice, the browser's own, or nobody (a soft tone)."""

MOST_WAITING = 10
"""Frames of a voice that wait to be heard; what is older is left out."""
MOST_SECONDS_LATE = 5.0
"""How much longer a page may speak than the words should take."""


class Page(Protocol):
    """The page that somebody sits at."""

    def sound(self, frame: bytes, /) -> None:
        """20 ms are heard there: samples of 16 bits at 8 kHz."""
        ...

    def tell(self, message: Mapping[str, object], /) -> None:
        """It is told something."""
        ...


class _Nobody:
    """Where a page was."""

    def sound(self, _frame: bytes, /) -> None:
        pass

    def tell(self, _message: Mapping[str, object], /) -> None:
        pass


class BrowserMedia:
    """What one leg is made of whose person is at a page."""

    def __init__(self, page: Page, voices: Voices, reads: Reads) -> None:
        self._page = page
        self._voices = voices if reads == "desk" else Voices()
        self._reads = reads
        self._mixer = Mixer(page)
        self._playing: asyncio.Future[bool] | None = None
        self._is_cut = False
        self._numbers = count(1)
        self._spoken: dict[int, asyncio.Future[bool]] = {}

    async def prepared(self, clip: Clip) -> Clip:
        """With its samples; without, where the page speaks itself."""
        self._is_cut = False
        return clip if self._is_spoken_there(clip) else await self._voices.sounding(clip)

    async def play(self, clip: Clip) -> bool:
        """Play a prepared clip to the end. `False` when `stop` cut it short."""
        if self._is_cut:
            return False
        self._tell_words(clip)
        if self._is_spoken_there(clip):
            return await self._speaks(clip)
        self._playing = playing = self._mixer.play(clip.sound)
        try:
            return await playing
        finally:
            self._cut(playing)
            self._playing = None

    def stop(self) -> None:
        """Cut what is playing, there too."""
        self._is_cut = True
        if self._playing is not None:
            self._cut(self._playing)

    def overhear(self, span: Span) -> Stop:
        """The other side says something: it is heard beside whatever plays."""
        clip = span.clip
        assert clip is not None
        self._tell_words(clip)
        telling = asyncio.get_running_loop().create_task(self._overhears(clip, span))
        return telling.cancel

    def hear(self, frame: bytes) -> None:
        """20 ms of the voice of the other side."""
        self._mixer.hear(frame)

    def spoken(self, number: int) -> None:
        """The page has said what it was asked to say."""
        if (spoken := self._spoken.get(number)) is not None:
            _end(spoken, in_full=True)

    def close(self) -> None:
        """The leg has ended: nothing is heard on it any more, and the page is forgotten."""
        self._mixer.close()
        self._page = _Nobody()
        self._mixer = Mixer(self._page)

    def _is_spoken_there(self, clip: Clip) -> bool:
        return self._reads == "page" and clip.is_speech

    def _tell_words(self, clip: Clip) -> None:
        self._page.tell(
            {"Is": "hears", "Text": clip.text, "IsSpeech": clip.is_speech, "Seconds": clip.seconds}
        )

    async def _speaks(self, clip: Clip) -> bool:
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        spoken: asyncio.Future[bool] = loop.create_future()
        self._spoken[number] = self._playing = spoken
        self._page.tell(
            {"Is": "speak", "Number": number, "Text": clip.text, "Language": clip.language_code}
        )
        late = loop.call_later(2 * clip.seconds + MOST_SECONDS_LATE, _in_full, spoken)
        try:
            return await spoken
        finally:
            late.cancel()
            self._cut(spoken)
            self._playing = None
            del self._spoken[number]

    async def _overhears(self, clip: Clip, span: Span) -> None:
        if self._is_spoken_there(clip):
            self._page.tell({"Is": "speak", "Number": 0, "Text": clip.text, "Language": ""})
            return
        span.sound = (await self._voices.sounding(clip)).sound
        playing = self._mixer.play(bytes(span.sound))
        try:
            await playing
        finally:
            self._cut(playing)

    def _cut(self, playing: "asyncio.Future[bool]") -> None:
        """What plays is heard no more, not even what the page has of it already."""
        if playing.cancelled() or not playing.done():
            _end(playing, in_full=False)
            self._page.tell({"Is": "flush"})


class Mixer:
    """Everything that one page hears, in one row of frames: one each 20 ms while something plays,
    and none while nothing does."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tracks: dict[asyncio.Future[bool], tuple[bytes, int]] = {}
        self._voice: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    def play(self, sound: bytes) -> "asyncio.Future[bool]":
        """From now on; it is done at the end, with `True`. Who does not want it sets it to
        `False`."""
        loop = asyncio.get_running_loop()
        playing: asyncio.Future[bool] = loop.create_future()
        self._tracks[playing] = (sound, 0)
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run(loop))
        return playing

    def hear(self, frame: bytes) -> None:
        """A voice, at its own pace; together with what plays."""
        if self._tracks:
            self._voice.append(frame)
        else:
            self._page.sound(frame)

    def close(self) -> None:
        """Nothing is heard any more."""
        if self._task is not None:
            self._task.cancel()
        for playing in self._tracks:
            _end(playing, in_full=False)

    async def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time()
        while frame := self._next():
            self._page.sound(frame)
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
            for playing, (sound, at) in list(self._tracks.items()):
                if at >= len(sound):
                    _end(playing, in_full=True)

    def _next(self) -> bytes:
        """The next 20 ms of all that is not over; empty where nothing is."""
        frames: list[bytes] = []
        for playing, (sound, at) in list(self._tracks.items()):
            if playing.done():
                del self._tracks[playing]
                continue
            frames.append(_full(sound[at : at + FRAME_BYTES]))
            self._tracks[playing] = (sound, at + FRAME_BYTES)
        if not frames:
            self._voice.clear()
            return b""
        if self._voice:
            frames.append(_full(self._voice.popleft()))
        made = frames[0]
        for other in frames[1:]:
            made = mixed(made, other)
        return made


def _full(frame: bytes) -> bytes:
    return frame[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


def _end(playing: "asyncio.Future[bool]", *, in_full: bool) -> None:
    if not playing.done():
        playing.set_result(in_full)


def _in_full(playing: "asyncio.Future[bool]") -> None:
    _end(playing, in_full=True)
