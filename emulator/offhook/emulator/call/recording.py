"""A call recording: one leg, in the background, until it is stopped or the leg ends."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NOT_PCM, Clip
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.sound import (
    INCOMING_TONE,
    MARK_TONE,
    OUTGOING_TONE,
    SILENCE,
    render,
)
from offhook.emulator.call.span import Span
from offhook.emulator.settings import Settings

Track = Literal["BOTH", "INCOMING", "OUTGOING"]

_OUT_OF_TURN = {
    "InvalidActionParameter": "CallId parameter for action is invalid",
    "SystemException": "System error while running an action.",
}


class Store(Protocol):
    """Where audio is, and where recordings go."""

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would: `not_pcm` for a file
        that is none."""
        ...

    async def check(self, bucket: str, key: str) -> None:
        """Raises `OSError` where an object of a bucket cannot be put, or may not be."""
        ...

    def write(
        self,
        bucket: str,
        key: str,
        tracks: Sequence[bytes],
        metadata: Mapping[str, str] | None = None,
    ) -> object:
        """Deliver a wav: one track as mono, two as stereo. Raises `OSError`."""
        ...


def file_name(transaction_id: str, call_id: str, now_ms: int) -> str:
    """`YYYY-MM-DD-HH-MM-SS-mmm_TRANSACTIONID_CALLID.wav`, as call recordings are named."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    stamp = f"{moment:%Y-%m-%d-%H-%M-%S}-{moment.microsecond // 1000:03}"
    return f"{stamp}_{transaction_id}_{call_id}.wav"


@dataclass(eq=False)
class Recorder:
    """A recording of one leg, in the background, from now until the leg ends or `stop`."""

    leg: Leg
    transaction_id: str
    track: Track
    bucket: str
    key: str
    buckets: Store
    tone_seconds: float
    """How long the tones are that mark where it was paused and resumed."""
    is_over: bool = False
    """Whether it was stopped, and delivered."""
    _started: float = field(init=False)
    _paused: list[Span] = field(default_factory=list[Span])
    _marks: list[Span] = field(default_factory=list[Span])

    def __post_init__(self) -> None:
        self._started = self.leg.loop.time()
        self.leg.recorders += 1
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
        """Record again after a pause; nothing where there was none."""
        if self.is_paused:
            self._paused[-1].end = self.leg.loop.time()
            self._mark()

    def stop(self) -> None:
        """End the recording and deliver it."""
        if self.is_over:
            return
        self.is_over = True
        self.leg.recorders -= 1
        now = self.leg.loop.time()  # read once: both tracks are equally long, also in real time
        incoming = self._render([*self.leg.said, *self.leg.keyed], INCOMING_TONE, now)
        outgoing = self._render(self.leg.heard, OUTGOING_TONE, now)
        tracks = {"BOTH": (incoming, outgoing), "INCOMING": (incoming,), "OUTGOING": (outgoing,)}
        try:
            self.buckets.write(self.bucket, self.key, tracks[self.track], self._metadata(now))
        except OSError as error:
            self.leg.report("note", f"the recording cannot be delivered: {what_is_wrong(error)}")

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


PERMISSIONS = (
    "the bucket's policy has to allow voiceconnector.chime.amazonaws.com s3:PutObject and "
    "s3:PutObjectAcl on its objects"
)
"""What the service needs to record to a bucket (dg/start-call-recording, dg/record-audio)."""


def what_is_wrong(error: OSError) -> str:
    """With a bucket that takes no recording: with its policy, or with its folder at this desk."""
    if error.filename is None:
        return f"{error}: {PERMISSIONS}"
    return f"at this desk it is {error.filename}: {error.strerror}"


def out_of_turn(settings: Settings, note: str) -> Refused:
    """An action about a recording comes when there is none, or when there was one."""
    kind = settings.recording_out_of_turn
    return Refused(Refusal(kind, _OUT_OF_TURN[kind]), note)
