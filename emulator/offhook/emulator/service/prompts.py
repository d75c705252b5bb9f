"""Audio at the desk: wav files in a folder that stands for buckets."""

import wave
from pathlib import Path

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NO_ACCESS, NOT_PCM, Clip
from offhook.emulator.call.refused import Refused
from offhook.emulator.service.folders import inside

MAX_WAV_BYTES = 50 * 1024 * 1024
"""Largest audio file (dg/play-audio)."""


class Prompts:
    """Audio at the desk: `prompts/<key>` is the default bucket, `prompts/<bucket>/<key>` others."""

    def __init__(self, folder: Path, bucket: str) -> None:
        self.folder = folder
        self.bucket = bucket

    def clip(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would: `not_pcm` for a file
        that is none."""
        bucket, key = split_s3(place, PROMPTS_BUCKET)
        try:
            path = inside(self.folder, key if bucket == self.bucket else f"{bucket}/{key}")
            if not path.is_file():
                raise Refused(NO_ACCESS, f"there is no file {path} for s3://{bucket}/{key}")
            seconds = _wav_seconds(path, not_pcm)
        except OSError as error:
            raise Refused(NO_ACCESS, f"s3://{bucket}/{key} cannot be read: {error}") from None
        return Clip(key, round(seconds, 3), is_speech=False, path=path)

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The same, for where audio is that takes time to be had."""
        return self.clip(place, not_pcm)


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
