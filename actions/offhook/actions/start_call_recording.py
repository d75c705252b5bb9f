"""StartCallRecording: record a leg's call, in the background."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from offhook.actions.base import Result
from offhook.actions.fields import RECORDINGS_BUCKET, Open, in_s3, parse_s3, s3_schema
from offhook.actions.legs import OnLeg, RecordedLeg
from offhook.actions.refusals import wrong


class Destination(Result):
    """Where a call recording will be."""

    location: str = ""
    """Bucket and key, as in `bucket/prefix/2026/09/21/....wav`."""


class CallRecording(Result):
    """What StartCallRecording brings back."""

    call_recording_destination: Destination = Field(default_factory=Destination)
    """Where the recording will be when the call, or the recording, has ended."""


def _location(place: str) -> str:
    parse_s3(place)
    return place


class StartCallRecording(OnLeg[CallRecording]):
    """Record a leg's call in the background until it ends or StopCallRecording. Once per leg."""

    call_id: RecordedLeg | None = None
    """The leg, by its `CallId`. Wins over `participant_tag`."""

    track: Annotated[Literal["BOTH", "INCOMING", "OUTGOING"], Open]
    """`INCOMING` (what the leg says), `OUTGOING` (what it hears), or `BOTH` in stereo."""

    destination: Annotated[
        str,
        AfterValidator(_location),
        in_s3(RECORDINGS_BUCKET, "Location"),
        s3_schema("Location"),
    ]
    """Where to: `s3://bucket/prefix`, `s3://bucket`, or a prefix in the default bucket of
    recordings. Without a prefix the service uses `Amazon-Chime-SMA-Call-Recordings`."""

    @model_validator(mode="after")
    def _names_its_leg(self) -> Self:
        # The page requires CallId; a sample names the leg by its tag alone, and that works.
        if self.call_id is None and self.participant_tag is None:
            raise wrong("call_id", "name the leg: call_id=event.leg_a.call_id")
        return self
