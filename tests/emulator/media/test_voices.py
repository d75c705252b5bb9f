"""How clips sound: as long as they are said to be, at 8 kHz, made once.

About `offhook.emulator.media.pcm`.
"""

import asyncio
from array import array
from math import pi, sin
from pathlib import Path

import pytest

from offhook.emulator.call.audio import Clip, speech
from offhook.emulator.media.pcm import resampled, tone
from offhook.emulator.media.voices import Voices
from tests.emulator.media.test_wav import chunk, fmt, wav


class Reader:
    """Says every word in a tenth of a second, and counts how often it is asked."""

    name = "reader"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def says(self, clip: Clip) -> bytes:
        self.asked.append(clip.ssml or clip.text)
        return tone(300, len(clip.text.split()) / 10)


def sounding(voices: Voices, clip: Clip) -> Clip:
    return asyncio.run(voices.sounding(clip))


def test_words_without_a_voice_are_a_soft_tone_of_their_length() -> None:
    clip = speech("Here are four words.", "text", 160)
    heard = sounding(Voices(), clip)
    assert heard.seconds == pytest.approx(clip.seconds)
    assert len(heard.sound) == 2 * round(8000 * clip.seconds)
    assert 0 < max(array("h", heard.sound)) < 3000


def test_words_last_as_long_as_the_voice_needs_and_are_said_once() -> None:
    reader = Reader()
    voices = Voices(reader)
    clip = speech("<speak>One <break/> two</speak>", "ssml", 160)
    first, again = sounding(voices, clip), sounding(voices, clip)
    assert (first.seconds, first.text) == (0.2, "One two")
    assert first.sound is again.sound
    assert reader.asked == ["<speak>One <break/> two</speak>"]


@pytest.mark.parametrize(
    ("rate", "channels", "bits"),
    [(8000, 1, 16), (16000, 1, 16), (44100, 2, 16), (11025, 1, 8), (48000, 2, 24)],
)
def test_any_wav_is_heard_at_8_khz(tmp_path: Path, rate: int, channels: int, bits: int) -> None:
    width = bits // 8
    data = bytearray()
    for n in range(rate):
        sample = round(0.5 * (1 << (bits - 1)) * sin(2 * pi * 400 * n / rate))
        stored = sample + 128 if bits == 8 else sample
        data += stored.to_bytes(width, "little", signed=bits != 8) * channels
    path = tmp_path / "tone.wav"
    path.write_bytes(wav(chunk(b"fmt ", fmt(1, channels, rate, bits)), chunk(b"data", bytes(data))))
    heard = sounding(Voices(), Clip("tone.wav", 1.0, is_speech=False, path=path))
    samples = array("h", heard.sound)
    assert len(samples) == 8000
    wanted = [16384 * sin(2 * pi * 400 * n / 8000) for n in range(8000)]
    wrong = max(abs(a - b) for a, b in zip(samples[400:-400], wanted[400:-400], strict=True))
    assert wrong < 400


def test_what_8_khz_cannot_hold_is_not_heard_as_something_else() -> None:
    high = array("h", (round(16000 * sin(2 * pi * 7000 * n / 22050)) for n in range(22050)))
    assert max(resampled(high, 22050)[400:-400]) < 200


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offhook.emulator.media.voices.MOST_BYTES", 4000)
    reader = Reader()
    voices = Voices(reader)
    for text in ("One", "Two", "Three", "One"):
        sounding(voices, speech(text, "text", 160))
    assert reader.asked == ["One", "Two", "Three", "One"]
