"""What a page is sent: prompts frame by frame, voices beside them, and words where it reads itself.

In virtual time, with a page that only listens.
"""

import asyncio
from array import array
from collections.abc import Coroutine, Iterator, Mapping
from typing import TypeVar

import pytest

from offhook.emulator.call.audio import Clip, speech
from offhook.emulator.call.span import FRAME_BYTES, Span
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.media.browser import MOST_WAITING, BrowserMedia
from offhook.emulator.media.pcm import tone
from offhook.emulator.media.voices import Voices

T = TypeVar("T")
ONE_SECOND = Clip("tone.wav", 1.0, is_speech=False, sound=tone(400, 1.0, level=0.5))
WORDS = speech("Here are four words.", "text", 160)
LOUD = b"\x00\x20" * (FRAME_BYTES // 2)


class Listener:
    """A page."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.frames: list[tuple[float, bytes]] = []
        self.told: list[Mapping[str, object]] = []

    def sound(self, frame: bytes) -> None:
        self.frames.append((self._loop.time(), frame))

    def tell(self, message: Mapping[str, object]) -> None:
        self.told.append(message)

    @property
    def kinds(self) -> list[object]:
        return [message["Is"] for message in self.told]


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    made = VirtualLoop()
    yield made
    made.close()


@pytest.fixture
def page(loop: VirtualLoop) -> Listener:
    return Listener(loop)


def done(loop: VirtualLoop, story: Coroutine[None, None, T]) -> T:
    """What comes of it."""
    task = loop.create_task(story)
    task.add_done_callback(lambda _: loop.noticed())
    assert loop.run(task.done)
    return task.result()


def test_a_prompt_is_sent_as_fast_as_it_sounds(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    assert done(loop, media.play(ONE_SECOND)) is True
    assert b"".join(frame for _, frame in page.frames) == ONE_SECOND.sound
    times = [at for at, _ in page.frames]
    assert times == pytest.approx([n * 0.02 for n in range(50)])
    assert loop.time() == pytest.approx(1.0)
    assert page.told == [
        {"Is": "hears", "Text": "tone.wav", "IsSpeech": False, "Seconds": 1.0},
    ]


def test_what_is_cut_is_forgotten_there_at_once(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    loop.call_later(0.5, media.stop)
    assert done(loop, media.play(ONE_SECOND)) is False
    assert loop.time() == pytest.approx(0.5)
    assert page.kinds == ["hears", "flush"]
    loop.run_for(1)
    assert len(page.frames) <= 26


def test_a_key_before_the_prompt_is_ready_cuts_it_too(loop: VirtualLoop, page: Listener) -> None:
    async def story() -> bool:
        media = BrowserMedia(page, Voices(), "desk")
        ready = await media.prepared(WORDS)
        media.stop()
        return await media.play(ready)

    assert done(loop, story()) is False
    assert (page.frames, page.told) == ([], [])


def test_a_prompt_and_a_voice_are_heard_together(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    quiet = Clip("quiet.wav", 0.1, is_speech=False, sound=b"\x01\x00" * 800)
    loop.call_later(0.03, media.hear, LOUD)
    done(loop, media.play(quiet))
    levels = [max(array("h", frame)) for _, frame in page.frames]
    assert levels == [1, 1, 8193, 1, 1]


def test_a_voice_alone_is_passed_on_as_it_comes(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    media.hear(LOUD)
    assert page.frames == [(0.0, LOUD)]


def test_a_voice_that_runs_ahead_loses_what_is_old(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    for _ in range(3 * MOST_WAITING):
        loop.call_later(0.01, media.hear, LOUD)
    done(loop, media.play(ONE_SECOND))
    assert sum(max(array("h", frame)) > 20_000 for _, frame in page.frames) <= MOST_WAITING


def test_what_the_other_side_says_is_heard_until_it_leaves(
    loop: VirtualLoop, page: Listener
) -> None:
    async def story() -> Span:
        media = BrowserMedia(page, Voices(), "nobody")
        span = Span(0.0, WORDS.seconds, WORDS)
        stop = media.overhear(span)
        await asyncio.sleep(0.5)
        stop()
        await asyncio.sleep(0.5)
        return span

    span = done(loop, story())
    assert len(span.sound) == 2 * round(8000 * WORDS.seconds)
    assert 20 <= len(page.frames) <= 26
    assert page.kinds == ["hears", "flush"]


def test_a_page_that_reads_itself_says_when_it_is_done(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "page")
    loop.call_later(3, media.spoken, 1)
    ready = done(loop, media.prepared(WORDS))
    assert done(loop, media.play(ready)) is True
    assert loop.time() == pytest.approx(3)
    assert page.told[1] == {"Is": "speak", "Number": 1, "Text": WORDS.text, "Language": ""}
    assert page.frames == []


def test_a_page_that_never_says_so_is_not_waited_for(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "page")
    assert done(loop, media.play(WORDS)) is True
    assert loop.time() == pytest.approx(2 * WORDS.seconds + 5)


def test_a_page_that_reads_itself_is_cut(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "page")
    loop.call_later(0.2, media.stop)
    assert done(loop, media.play(WORDS)) is False
    assert page.kinds == ["hears", "speak", "flush"]


def test_a_leg_that_has_ended_sends_nothing(loop: VirtualLoop, page: Listener) -> None:
    media = BrowserMedia(page, Voices(), "desk")
    loop.call_later(0.1, media.close)
    assert done(loop, media.play(ONE_SECOND)) is False
    media.hear(LOUD)
    assert len(page.frames) <= 6
