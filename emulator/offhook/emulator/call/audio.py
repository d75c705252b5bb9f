"""Something to be heard: spoken words or a wav, with its length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from offhook.actions.markup import parse
from offhook.actions.refusals import Refusal
from offhook.emulator.call import polly
from offhook.emulator.call.refused import Refused

NO_ACCESS = Refusal("InvalidAudioSource", "Cannot access S3 bucket or audio file.")
"""Of a file that is not there, or not for the service (dg/play-audio)."""
NOT_PCM = Refusal("InvalidAudioSource", "Audio Source parameter value is invalid.")
"""Of a file that is no PCM wav (dg/play-audio)."""
AUDIO_AT_FAULT = {"s3-missing": NO_ACCESS, "s3-denied": NO_ACCESS}
"""How audio fails that is broken on purpose. What is no PCM wav each parameter refuses itself."""
POLLY_AT_FAULT = {
    "polly-refused": Refusal(
        "AccessDenied",
        "The AWSServiceRoleForAmazonChimeVoiceConnector service-linked role is not configured "
        "correctly.",
    ),
    "polly-throttled": Refusal(
        "ActionExecutionThrottled",
        "Amazon Polly is throttling the request to synthesize speech.",
    ),
}
"""How an action fails that speaks, when Polly is broken on purpose: the messages of dg/speak."""
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
    """The wav file that is heard; `None` for speech."""
    voice_id: str = ""
    """Whose voice Polly speaks with, where the action says."""
    language_code: str = ""
    """In which language, where the action says, as in `fr-CA`."""
    engine: str = field(default="", repr=False, compare=False)
    """With which of Polly's engines, where the action says."""
    advice: str = ""
    """What is to be said of where it is."""
    ssml: str = field(default="", repr=False, compare=False)
    """The text as it was sent, where it was SSML."""
    sound: bytes = field(default=b"", repr=False, compare=False)
    """Its samples, 16 bits at 8 kHz, where a leg has a sound."""

    def __str__(self) -> str:
        """`“Welcome.”` for words, `♪ welcome.wav` for audio."""
        return f"“{self.text}”" if self.is_speech else f"♪ {self.text}"


@lru_cache(maxsize=256)
def speech(
    text: str,
    text_type: str,
    words_per_minute: int,
    voice_id: str | None = None,
    language_code: str | None = None,
    engine: str = "standard",
) -> Clip:
    """A text as Polly would say it. SSML is heard as its words, with its breaks. Raises `Refused`
    for SSML that Polly does not take, from this voice and engine where those are given."""
    words, silence = " ".join(text.split()), 0.0
    if text_type == "ssml":
        words, silence = _read_ssml(text, engine, voice_id)
    seconds = max(0.3, len(words.split()) * 60 / words_per_minute) + silence
    return Clip(
        words,
        round(seconds, 3),
        is_speech=True,
        voice_id=voice_id or "",
        language_code=language_code or "",
        engine=engine,
        ssml=text if text_type == "ssml" else "",
        advice=polly.advice(voice_id, engine, language_code or "") if voice_id else "",
    )


def _read_ssml(text: str, engine: str, voice_id: str | None) -> tuple[str, float]:
    """Its words, and the seconds of its breaks."""
    try:
        root = parse(text)
    except ValueError as error:
        raise Refused(_POLLY, str(error)) from None
    if voice_id and (why := polly.unknown_tag(root, engine, voice_id)):
        raise Refused(_POLLY, why)
    breaks = (_break_seconds(element.attrib) for element in root.iter("break"))
    return " ".join("".join(_words(root)).split()), sum(breaks)


def _words(element: ElementTree.Element) -> Iterator[str]:
    """What is said within an element: a break, a paragraph and a sentence part words."""
    apart = " " if element.tag in ("break", "p", "s") else ""
    yield apart
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""
    yield apart


def _break_seconds(attributes: dict[str, str]) -> float:
    strengths = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "strong": 0.7, "x-strong": 1.0}
    if "time" not in attributes:
        return strengths.get(attributes.get("strength", "medium"), 0.4)
    length = re.fullmatch(r"(\d+|\d*\.\d+)(ms|s)", attributes["time"])
    if length is None:
        raise Refused(_POLLY, f"<break time={attributes['time']!r}>: write 300ms or 1s")
    return float(length[1]) / (1000 if length[2] == "ms" else 1)
