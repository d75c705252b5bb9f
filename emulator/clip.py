"""Something to be heard: spoken words or a wav, with its length."""

import wave
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.refused import Refused

MAX_WAV_BYTES = 50 * 1024 * 1024
"""Largest audio file (dg/play-audio)."""

_NO_ACCESS = Refusal("InvalidAudioSource", "Cannot access S3 bucket or audio file.")
_NOT_PCM = Refusal("InvalidAudioSource", "Audio Source parameter value is invalid.")
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


def speech(text: str, text_type: str, words_per_minute: int) -> Clip:
    """A text as Polly would say it. SSML is heard as its words, with its breaks."""
    words, silence = (_read_ssml(text)) if text_type == "ssml" else (" ".join(text.split()), 0.0)
    seconds = max(0.3, len(words.split()) * 60 / words_per_minute) + silence
    return Clip(words, round(seconds, 3), is_speech=True)


def _read_ssml(text: str) -> tuple[str, float]:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Refused(_POLLY, f"the SSML does not parse: {error}") from None
    if root.tag.rpartition("}")[2] != "speak":
        raise Refused(_POLLY, "SSML is <speak>...</speak>")
    breaks = (_break_seconds(element.attrib) for element in root.iter("break"))
    return " ".join("".join(root.itertext()).split()), sum(breaks)


def _break_seconds(attributes: dict[str, str]) -> float:
    strengths = {"none": 0.0, "x-weak": 0.0, "weak": 0.2, "strong": 0.7, "x-strong": 1.0}
    length = attributes.get("time", "")
    try:
        if length.endswith("ms"):
            return float(length[:-2]) / 1000
        if length.endswith("s"):
            return float(length[:-1])
    except ValueError:
        raise Refused(_POLLY, f"<break time={length!r}>: write 300ms or 1s") from None
    return strengths.get(attributes.get("strength", "medium"), 0.4)


class Prompts:
    """Audio at the desk: `prompts/<key>` is the default bucket, `prompts/<bucket>/<key>` others."""

    def __init__(self, folder: Path, bucket: str) -> None:
        self.folder = folder
        self.bucket = bucket

    def clip(self, place: str) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would."""
        bucket, key = split_s3(place, PROMPTS_BUCKET)
        path = self.folder / key if bucket == self.bucket else self.folder / bucket / key
        if ".." in Path(key).parts or not path.is_file():
            raise Refused(_NO_ACCESS, f"there is no file {path} for s3://{bucket}/{key}")
        if path.stat().st_size > MAX_WAV_BYTES:
            raise Refused(_NOT_PCM, f"{path} is larger than 50 MB")
        try:
            with wave.open(str(path), "rb") as wav:
                seconds = wav.getnframes() / wav.getframerate()
        except (wave.Error, EOFError, ZeroDivisionError) as error:
            raise Refused(
                _NOT_PCM, f"{path} is not a PCM wav: {str(error) or 'it is cut short'}"
            ) from None
        return Clip(key, round(seconds, 3), is_speech=False, path=path)
