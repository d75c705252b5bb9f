"""Recordings: real wav files of the right length, with what was said as tones, or silence."""

import math
import struct
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from offhook.actions.refusals import Refusal
from offhook.emulator.leg import Leg, Span
from offhook.emulator.refused import Refused

RATE = 8000
"""Samples a second: telephone quality."""

Track = Literal["BOTH", "INCOMING", "OUTGOING"]


def _second_of_tone(hertz: int) -> bytes:
    wave_form = (round(8000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(RATE))
    return b"".join(struct.pack("<h", sample) for sample in wave_form)


INCOMING_TONE, OUTGOING_TONE = _second_of_tone(440), _second_of_tone(350)


class Recordings:
    """The folder that stands for the buckets of recordings: `<folder>/<bucket>/<key>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[Path] = []
        """Every file so far, oldest first."""

    def path(self, bucket: str, key: str) -> Path:
        """Where an object of a bucket is."""
        return self.folder / bucket / key

    def write(self, bucket: str, key: str, tracks: Sequence[bytes]) -> Path:
        """Write one track as mono, two as stereo."""
        path = self.path(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(len(tracks))
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            wav.writeframes(tracks[0] if len(tracks) == 1 else _interleave(*tracks))
        self.written.append(path)
        return path


def render(sounds: Sequence[Span], start: float, end: float, tone: bytes) -> bytes:
    """Samples from `start` to `end` (seconds): the tone where there was sound, else silence."""
    samples = bytearray(2 * round((end - start) * RATE))
    for sound in sounds:
        first = max(0, round((sound.start - start) * RATE))
        last = min(len(samples) // 2, round((sound.end - start) * RATE))
        if last > first:
            length = 2 * (last - first)
            samples[2 * first : 2 * last] = (tone * (length // len(tone) + 1))[:length]
    return bytes(samples)


def _interleave(left: bytes, right: bytes) -> bytes:
    stereo = bytearray(len(left) * 2)
    for offset, channel in ((0, left), (2, right)):
        stereo[offset::4] = channel[0::2]
        stereo[offset + 1 :: 4] = channel[1::2]
    return bytes(stereo)


def file_name(transaction_id: str, call_id: str, now_ms: int) -> str:
    """`YYYY-MM-DD-HH-MM-SS-mmm_TRANSACTIONID_CALLID.wav`, as call recordings are named."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    stamp = f"{moment:%Y-%m-%d-%H-%M-%S}-{moment.microsecond // 1000:03}"
    return f"{stamp}_{transaction_id}_{call_id}.wav"


@dataclass(eq=False)
class CallRecording:
    """A recording of one leg, in the background, from its start until `stop`."""

    leg: Leg
    track: Track
    bucket: str
    key: str
    recordings: Recordings
    started: float
    paused: list[Span] = field(default_factory=list[Span])
    path: Path | None = None
    """The file, once it is stopped."""

    @property
    def is_paused(self) -> bool:
        """Whether silence is recorded just now."""
        return bool(self.paused) and math.isinf(self.paused[-1].end)

    def pause(self) -> None:
        """Record silence until `resume`."""
        if not self.is_paused:
            self.paused.append(Span(self.leg.loop.time(), math.inf))

    def resume(self) -> None:
        """Record again."""
        if self.is_paused:
            self.paused[-1].end = self.leg.loop.time()

    def stop(self) -> None:
        """End the recording and deliver it."""
        if self.path is not None:
            return
        now = self.leg.loop.time()
        incoming = self._silenced(render(self.leg.said, self.started, now, INCOMING_TONE))
        outgoing = self._silenced(render(self.leg.heard, self.started, now, OUTGOING_TONE))
        tracks = {"BOTH": (incoming, outgoing), "INCOMING": (incoming,), "OUTGOING": (outgoing,)}
        self.path = self.recordings.write(self.bucket, self.key, tracks[self.track])

    def _silenced(self, samples: bytes) -> bytes:
        quiet = bytearray(samples)
        for pause in self.paused:
            first = 2 * max(0, round((pause.start - self.started) * RATE))
            seconds = min(pause.end, self.leg.loop.time()) - self.started
            last = min(len(quiet), 2 * round(seconds * RATE))
            quiet[first:last] = bytes(max(0, last - first))
        return bytes(quiet)


def running(recordings: Mapping[Leg, CallRecording], leg: Leg) -> CallRecording:
    """The recording of a leg that has started and not ended. Raises `Refused`."""
    recording = recordings.get(leg)
    if recording is None or recording.path is not None:
        raise Refused(
            Refusal("SystemException", "System error while running an action."),
            "no recording runs on this leg: StartCallRecording comes first, and once",
        )
    return recording
