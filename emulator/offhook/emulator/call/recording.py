"""Recordings: real wav files of the right length, with what was said as tones, or silence."""

import math
import struct
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from offhook.actions.refusals import Refusal
from offhook.emulator.behaviours import Stage
from offhook.emulator.call.leg import Leg, Span
from offhook.emulator.call.refused import Refused

RATE = 8000
"""Samples a second: telephone quality."""

Track = Literal["BOTH", "INCOMING", "OUTGOING"]

_OUT_OF_TURN = {
    "InvalidActionParameter": "CallId parameter for action is invalid",
    "SystemException": "System error while running an action.",
}


def _second_of_tone(hertz: int) -> bytes:
    """Periods of whole samples, so one is enough: `hertz` divides the rate."""
    period = RATE // hertz
    samples = (round(8000 * math.sin(2 * math.pi * n / period)) for n in range(period))
    return b"".join(struct.pack("<h", sample) for sample in samples) * hertz


INCOMING_TONE, OUTGOING_TONE, MARK_TONE = map(_second_of_tone, (400, 320, 1600))
SILENCE = bytes(2 * RATE)

Layer: TypeAlias = tuple[Span, bytes]
"""A stretch of time, and the second of sound that fills it."""


class Recordings:
    """The folder that stands for the buckets of recordings: `<folder>/<bucket>/<key>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[Path] = []
        """Every file so far, oldest first."""
        self.metadata: dict[Path, Mapping[str, str]] = {}
        """What S3 keeps beside a file, as metadata of the object: a folder cannot."""

    def path(self, bucket: str, key: str) -> Path:
        """Where an object of a bucket is. Raises `OSError` where it cannot be put."""
        path = self.folder / bucket / key
        if ".." in path.relative_to(self.folder).parts:
            raise PermissionError(f"s3://{bucket}/{key} would be outside of {self.folder}")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(
        self,
        bucket: str,
        key: str,
        tracks: Sequence[bytes],
        metadata: Mapping[str, str] | None = None,
    ) -> Path:
        """Write one track as mono, two as stereo. Raises `OSError`."""
        path = self.path(bucket, key)
        self.metadata[path] = metadata or {}
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(len(tracks))
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            wav.writeframes(tracks[0] if len(tracks) == 1 else _interleave(*tracks))
        self.written.append(path)
        return path


def render(layers: Iterable[Layer], start: float, end: float) -> bytes:
    """Samples from `start` to `end` (seconds): silence, and each layer over those before it."""
    samples = bytearray(2 * round((end - start) * RATE))
    for span, sound in layers:
        first = round((max(span.start, start) - start) * RATE)
        last = round((min(span.end, end) - start) * RATE)
        if last > first:
            length = 2 * (last - first)
            samples[2 * first : 2 * last] = (sound * (length // len(sound) + 1))[:length]
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
    """A recording of one leg, in the background, from now until the leg ends or `stop`."""

    leg: Leg
    transaction_id: str
    track: Track
    bucket: str
    key: str
    recordings: Recordings
    tone_seconds: float
    """How long the tones are that mark where it was paused and resumed."""
    is_over: bool = False
    """Whether it was stopped, and delivered."""
    _started: float = field(init=False)
    _paused: list[Span] = field(default_factory=list[Span])
    _marks: list[Span] = field(default_factory=list[Span])

    def __post_init__(self) -> None:
        self._started = self.leg.loop.time()
        self.leg.at_end(self.stop)

    @property
    def is_paused(self) -> bool:
        """Whether silence is recorded just now."""
        return bool(self._paused) and math.isinf(self._paused[-1].end)

    def pause(self) -> None:
        """Record silence until `resume`."""
        if not self.is_paused:
            self._paused.append(Span(self.leg.loop.time(), math.inf))
            self._mark()

    def resume(self) -> None:
        """Record again."""
        if self.is_paused:
            self._paused[-1].end = self.leg.loop.time()
            self._mark()

    def stop(self) -> None:
        """End the recording and deliver it."""
        if self.is_over:
            return
        self.is_over = True
        now = self.leg.loop.time()  # read once: both tracks are equally long, also in real time
        incoming = self._render([*self.leg.said, *self.leg.keyed], INCOMING_TONE, now)
        outgoing = self._render(self.leg.heard, OUTGOING_TONE, now)
        tracks = {"BOTH": (incoming, outgoing), "INCOMING": (incoming,), "OUTGOING": (outgoing,)}
        try:
            self.recordings.write(self.bucket, self.key, tracks[self.track], self._metadata(now))
        except OSError as error:
            self.leg.report(self.leg, "note", f"the recording cannot be delivered: {error}")

    def _metadata(self, now: float) -> Mapping[str, str]:
        """What dg/sip-apps-call-record lists; whether a duration has decimals, it does not say."""
        return {
            "transaction-id": self.transaction_id,
            "call-id": self.leg.call_id,
            "recording-duration": str(round(now - self._started)),
            "recording-audio-file-format": "wav",
        }

    def _mark(self) -> None:
        now = self.leg.loop.time()
        self._marks.append(Span(now, now + self.tone_seconds))

    def _render(self, sounds: Sequence[Span], tone: bytes, now: float) -> bytes:
        layers = [
            *((span, tone) for span in sounds),
            *((span, SILENCE) for span in self._paused),
            *((span, MARK_TONE) for span in self._marks),
        ]
        return render(layers, self._started, now)


def running(stage: Stage) -> CallRecording:
    """The recording of a leg that has started and not ended. Raises `Refused`."""
    recording = stage.call.recordings.get(stage.leg)
    if recording is None or recording.is_over:
        raise out_of_turn(
            stage, "no recording runs on this leg: StartCallRecording comes first, and once"
        )
    return recording


def out_of_turn(stage: Stage, note: str) -> Refused:
    """An action about a recording comes when there is none, or when there was one."""
    kind = stage.settings.recording_out_of_turn
    return Refused(Refusal(kind, _OUT_OF_TURN[kind]), note)
