"""Something to be heard: spoken words or a wav, with its length."""

import re
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.refused import Refused

MAX_WAV_BYTES = 50 * 1024 * 1024
"""Largest audio file (dg/play-audio)."""

_NO_ACCESS = Refusal("InvalidAudioSource", "Cannot access S3 bucket or audio file.")
NOT_PCM = Refusal("InvalidAudioSource", "Audio Source parameter value is invalid.")
"""Of a file that is no PCM wav (dg/play-audio)."""
_POLLY = Refusal("InvalidActionParameter", "")
"""Polly's own refusal of a parameter; the table of dg/speak gives it no message."""


@dataclass(frozen=True)
class Clip:
    """What one leg hears."""

    text: str
    """The words of speech, or the key of a wav."""
    seconds: float
    is_speech: bool
    path: Path | None = None
    """The wav."""

    def __str__(self) -> str:
        """`“Welcome.”` for words, `♪ welcome.wav` for audio."""
        return f"“{self.text}”" if self.is_speech else f"♪ {self.text}"


@lru_cache(maxsize=256)
def speech(text: str, text_type: str, words_per_minute: int) -> Clip:
    """A text as Polly would say it. SSML is heard as its words, with its breaks."""
    words, silence = (_read_ssml(text)) if text_type == "ssml" else (" ".join(text.split()), 0.0)
    seconds = max(0.3, len(words.split()) * 60 / words_per_minute) + silence
    return Clip(words, round(seconds, 3), is_speech=True)


def _read_ssml(text: str) -> tuple[str, float]:
    """Its words, and the seconds of its breaks."""
    if "xmlns:amazon" not in text:  # Polly knows the prefix without a declaration
        text = text.replace("<speak", '<speak xmlns:amazon="https://amazon.com/ssml"', 1)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Refused(_POLLY, f"the SSML does not parse: {error}") from None
    if _tag(root) != "speak":
        raise Refused(_POLLY, "SSML is <speak>...</speak>")
    breaks = (_break_seconds(element.attrib) for element in root.iter() if _tag(element) == "break")
    return " ".join("".join(_words(root)).split()), sum(breaks)


def _words(element: ElementTree.Element) -> Iterator[str]:
    """What is said within an element: a break, a paragraph and a sentence part words."""
    apart = " " if _tag(element) in ("break", "p", "s") else ""
    yield apart
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield apart


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _break_seconds(attributes: dict[str, str]) -> float:
    strengths = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "strong": 0.7, "x-strong": 1.0}
    if "time" not in attributes:
        return strengths.get(attributes.get("strength", "medium"), 0.4)
    length = re.fullmatch(r"(\d+|\d*\.\d+)(ms|s)", attributes["time"])
    if length is None:
        raise Refused(_POLLY, f"<break time={attributes['time']!r}>: write 300ms or 1s")
    return float(length[1]) / (1000 if length[2] == "ms" else 1)


class Prompts:
    """Audio at the desk: `prompts/<key>` is the default bucket, `prompts/<bucket>/<key>` others."""

    def __init__(self, folder: Path, bucket: str) -> None:
        self.folder = folder
        self.bucket = bucket

    def clip(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would: `not_pcm` for a file
        that is none."""
        bucket, key = split_s3(place, PROMPTS_BUCKET)
        path = self.folder / key if bucket == self.bucket else self.folder / bucket / key
        if key.startswith("/") or ".." in Path(key).parts:
            raise Refused(_NO_ACCESS, f"s3://{bucket}/{key} would be outside of {self.folder}")
        try:
            if not path.is_file():
                raise Refused(_NO_ACCESS, f"there is no file {path} for s3://{bucket}/{key}")
            seconds = _wav_seconds(path, not_pcm)
        except OSError as error:
            raise Refused(_NO_ACCESS, f"s3://{bucket}/{key} cannot be read: {error}") from None
        return Clip(key, round(seconds, 3), is_speech=False, path=path)

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The same, for where audio is that takes time to be had."""
        return self.clip(place, not_pcm)


class FaultyPrompts(Prompts):
    """Prompts of which some cannot be had, on purpose."""

    def __init__(self, prompts: Prompts, strike: Callable[[str], str]) -> None:
        """`strike` says what is wrong with a key, if anything: `s3-missing`, ..."""
        super().__init__(prompts.folder, prompts.bucket)
        self._prompts = prompts
        self._strike = strike

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would."""
        key = split_s3(place, PROMPTS_BUCKET)[1]
        fault = self._strike(key)
        if fault:
            refusal = not_pcm if fault == "s3-not-pcm" else _NO_ACCESS
            raise Refused(refusal, f"on purpose: {fault} of {key}")
        return await self._prompts.fetch(place, not_pcm)


def _wav_seconds(path: Path, not_pcm: Refusal) -> float:
    size = path.stat().st_size
    if size > MAX_WAV_BYTES:
        raise Refused(not_pcm, f"{path} is larger than 50 MB")
    try:
        with wave.open(str(path), "rb") as wav:
            # Of a file that was cut short, or streamed, the header promises more than there is.
            there = size // (wav.getsampwidth() * wav.getnchannels())
            return min(wav.getnframes(), there) / wav.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        why = str(error) or "it is cut short"
        raise Refused(not_pcm, f"{path} is not a PCM wav: {why}") from None
