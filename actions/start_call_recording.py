"""StartCallRecording: record a leg's call, in the background."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, JsonValue, WithJsonSchema, model_validator

from offhook.actions.base import Result
from offhook.actions.fields import RECORDINGS_BUCKET, OnLeg, Open, split_s3
from offhook.actions.refusals import FailsWith, wrong
from offhook.actions.wire import Wire


class Destination(Result):
    """Where a call recording will be."""

    location: str = ""
    """Bucket and key, as in `bucket/prefix/2026/09/21/....wav`."""


class CallRecording(Result):
    """What StartCallRecording brings back."""

    call_recording_destination: Destination = Destination()
    """Where the recording will be when the call, or the recording, has ended."""


def _location(place: str) -> str:
    if place.startswith("s3://") and not re.fullmatch(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", place
    ):
        raise ValueError(f"{place!r} names no bucket: write s3://bucket or s3://bucket/prefix")
    return place


def _encode(place: str) -> JsonValue:
    bucket, prefix = split_s3(place, RECORDINGS_BUCKET)
    return {"Type": "S3", "Location": f"{bucket}/{prefix}" if prefix else bucket}


def _decode(wire: object) -> object:
    match wire:
        case {"Type": "S3", "Location": str(location)} if location:
            return f"s3://{location}"
        case _:
            return wire


class StartCallRecording(OnLeg[CallRecording]):
    """Record a leg's call in the background until it ends or StopCallRecording. Once per leg."""

    source: ClassVar[str] = "dg/start-call-recording"

    track: Annotated[
        Literal["BOTH", "INCOMING", "OUTGOING"],
        Open,
        FailsWith("Track parameter value is invalid."),
    ]
    """`INCOMING` (what the leg says), `OUTGOING` (what it hears), or `BOTH` in stereo."""

    destination: Annotated[
        str,
        AfterValidator(_location),
        Wire(encode=_encode, decode=_decode),
        FailsWith("Destination parameter value is invalid."),
        WithJsonSchema(
            {
                "type": "object",
                "properties": {"Type": {"const": "S3"}, "Location": {"type": "string"}},
                "required": ["Type", "Location"],
            }
        ),
    ]
    """Where to: `s3://bucket/prefix`, `s3://bucket`, or a prefix in the default bucket of
    recordings. Without a prefix the service uses `Amazon-Chime-SMA-Call-Recordings`."""

    @model_validator(mode="after")
    def _names_its_leg(self) -> Self:
        # The page requires CallId; a sample names the leg by its tag alone, and that works.
        if self.call_id is None and self.participant_tag is None:
            raise wrong("call_id", "name the leg: call_id=event.leg_a.call_id")
        return self
