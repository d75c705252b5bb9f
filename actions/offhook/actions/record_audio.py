"""RecordAudio: record what one leg says, as for voicemail."""

import re
from typing import Annotated, Self

from annotated_types import Ge, Le
from pydantic import AfterValidator, Field, PositiveInt, ValidationInfo, model_validator

from offhook.actions.base import Result
from offhook.actions.digits import TelephoneKeys
from offhook.actions.fields import RECORDINGS_BUCKET, AsString, in_s3, parse_s3, s3_schema
from offhook.actions.legs import OnLeg
from offhook.actions.refusals import invalid, wrong


class RecordedTo(Result):
    """Where a recording was put: an object in S3."""

    bucket_name: str = ""
    """The S3 bucket of the recording."""

    key: str = ""
    """The object's key. Its layout is not documented: take it as it is."""


class Recording(Result):
    """What RecordAudio brings back."""

    recording_destination: RecordedTo = Field(default_factory=RecordedTo)
    """Where the recording is."""

    recording_terminator_used: str | None = None
    """The key that ended it; `None` when silence or the duration did."""


def _prefix(place: str) -> str:
    prefix = parse_s3(place)[1]
    if len(prefix.encode()) > 979 or re.fullmatch(r"[0-9A-Za-z!\-_.*'()/]*", prefix) is None:
        raise ValueError(
            "a prefix has at most 979 bytes of the characters that are safe in S3 keys: "
            "letters, digits and ! - _ . * ' ( ) /"
        )
    return place


class RecordAudio(OnLeg[Recording]):
    """Record what one leg says until a key, a silence or the duration ends it.

    Answers an unanswered inbound call.
    """

    recording_destination: Annotated[
        str,
        AfterValidator(_prefix),
        in_s3(RECORDINGS_BUCKET, "BucketName", "Prefix"),
        invalid("RecordingDestination"),
        s3_schema("BucketName", optional=("Prefix",)),
    ]
    """Where to: `s3://bucket/prefix`, `s3://bucket`, or a prefix in the default bucket of
    recordings. A prefix has at most 979 bytes."""

    recording_terminators: Annotated[TelephoneKeys, invalid("RecordingTerminators")]
    """Keys that end the recording, as in `"#"`."""

    duration_in_seconds: Annotated[PositiveInt, AsString, invalid("DurationInSeconds")] | None = (
        None
    )
    """Longest recording, in seconds, above 0. Default: no limit."""

    silence_duration_in_seconds: (
        Annotated[int, Ge(1), Le(1000), invalid("SilenceDurationInSeconds")] | None
    ) = None
    """Silence that ends the recording, in seconds: 1 to 1,000. Default: silence does not."""

    silence_threshold: Annotated[int, Ge(1), Le(1000), invalid("SilenceThreshold")] = 200
    """How loud still counts as silence: 1 (a quiet room, 30 dB) to 1,000 (75 dB); 200 is about
    60 dB. Only with `silence_duration_in_seconds`."""

    @model_validator(mode="after")
    def _one_way_to_name_the_leg(self, info: ValidationInfo) -> Self:
        # The service's own echo carries both, so what is received may.
        if info.context is None and self.call_id and self.participant_tag:
            raise wrong(
                "participant_tag", "name the leg by call_id or by participant_tag, not both"
            )
        return self
