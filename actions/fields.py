"""Constrained types and small records that several actions share."""

import os
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Final, Generic, Literal, TypeAlias, cast


from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetPydanticSchema,
    JsonValue,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from offhook.actions.base import Action, CallId, ParticipantTag, R_co, Result
from offhook.actions.refusals import FailsWith, Refusal
from offhook.actions.wire import Wire

PROMPTS_BUCKET: Final = "OFFHOOK_PROMPTS_BUCKET"
"""Environment variable: the bucket of audio keys given without one."""

RECORDINGS_BUCKET: Final = "OFFHOOK_RECORDINGS_BUCKET"
"""Environment variable: the bucket of recording prefixes given without one."""

# --- who ------------------------------------------------------------------------------------


class OnLeg(Action[R_co], Generic[R_co]):
    """An action that runs on one leg: by default the leg that the event is about."""

    call_id: CallId | None = None
    """The leg, by its `CallId`. Wins over `participant_tag`."""

    participant_tag: ParticipantTag | None = None
    """The leg, by its tag: `LEG-A` (the first) or `LEG-B` (bridged or meeting)."""


class OnCallId(Action[R_co], Generic[R_co]):
    """An action that names its leg by `CallId`, as its page requires."""

    call_id: CallId
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""


def _e164(number: str) -> str:
    if re.fullmatch(r"\+[1-9]\d{1,14}", number) is None:
        raise ValueError(
            "a phone number is written in E.164: +, country code, number, no spaces, "
            "at most 15 digits, as in +15550100100"
        )
    return number


PhoneNumber = Annotated[str, AfterValidator(_e164), WithJsonSchema(
    {"type": "string", "pattern": r"^\+[1-9]\d{1,14}$"}
)]
"""An E.164 number with its `+`."""

# --- open lists, numbers as strings -----------------------------------------------------------


def _open(value: object, known: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    try:
        return known(value)
    except ValidationError:
        if isinstance(value, str) and info.context and info.context["open_lists"]:
            return value  # what AWS adds next year must not drop a call
        raise


Open = WrapValidator(_open)
"""On a `Literal`: what we send is from the list; what we receive may be newer than it."""

AsString = Wire(encode=str)
"""On an int: AWS's examples write this number as a string; both are read."""

# --- digits -----------------------------------------------------------------------------------

KEYS: Final = "0123456789#*"


def _keys(value: object) -> object:
    if isinstance(value, str) or not isinstance(value, Iterable):
        keys = tuple(value) if isinstance(value, str) else value
    else:
        keys = tuple(cast("Iterable[object]", value))
    if isinstance(keys, tuple):
        for key in cast("tuple[object, ...]", keys):
            if not (isinstance(key, str) and len(key) == 1 and key in KEYS):
                raise ValueError(f"{key!r} is not a key of a telephone: 0 to 9, # and * are")
    return keys


def _as_list(keys: Iterable[str]) -> JsonValue:
    return list(keys)


Keys = Annotated[
    Iterable[str],
    GetPydanticSchema(lambda _source, handler: handler(tuple[str, ...])),
    BeforeValidator(_keys),
    Wire(encode=_as_list),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string", "enum": list(KEYS)}, "uniqueItems": False}
    ),
]
"""Keys of a telephone, each one of `0`-`9`, `#`, `*`: `"#*"` or `["#", "*"]`. Kept as a tuple."""


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    return pattern


InputDigitsRegex = Annotated[
    str,
    StringConstraints(min_length=1),
    AfterValidator(_regex),
    FailsWith("The InputDigitsRegex parameter is invalid."),
]
"""A regular expression that the digits are searched with. Anchor it: `^[1-3]$`."""


class Digits(Result):
    """What the caller pressed."""

    received_digits: str = ""
    """The keys, without the terminator. Empty where nothing was pressed."""


# --- audio ------------------------------------------------------------------------------------

_S3_URI = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)
"""`s3://bucket/key`. Bucket names: 3 to 63 lower-case letters, digits, dots and hyphens."""


def split_s3(place: str, default_bucket: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`, or of a key in the default bucket.

    `default_bucket` names the environment variable that holds it. Raises `ValueError` when the
    place names no bucket and there is no default.
    """
    found = _S3_URI.fullmatch(place)
    if found is not None:
        return found[1], found[2] or ""
    bucket = os.environ.get(default_bucket, "")
    if not bucket:
        raise ValueError(
            f"{place!r} names no bucket and {default_bucket} is not set: "
            f"write s3://bucket/{place or 'key'}, or set {default_bucket}"
        )
    return bucket, place


def _audio_place(place: str) -> str:
    found = _S3_URI.fullmatch(place)
    key = found[2] if found else place
    if not key or (place.startswith("s3://") and not found) or len(key.encode()) > 1024:
        raise ValueError(
            "audio is s3://bucket/key or a key in the default bucket, as in "
            "s3://my-prompts/welcome.wav or welcome.wav; a key has 1 to 1024 bytes"
        )
    return place


def _encode_audio(place: str) -> JsonValue:
    bucket, key = split_s3(place, PROMPTS_BUCKET)
    return {"Type": "S3", "BucketName": bucket, "Key": key}


def _decode_audio(wire: object) -> object:
    match wire:
        case {"Type": "S3", "BucketName": str(bucket), "Key": str(key)}:
            return f"s3://{bucket}/{key}"
        case _:
            return cast("object", wire)  # refused by the field, which wants a string


def _s3_schema(*names: str, required: tuple[str, ...]) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "type": "object",
            "properties": {"Type": {"const": "S3"}, **{name: {"type": "string"} for name in names}},
            "required": ["Type", *required],
        }
    )


AudioSource = Annotated[
    str,
    AfterValidator(_audio_place),
    Wire(encode=_encode_audio, decode=_decode_audio),
    FailsWith("Audio Source parameter value is invalid.", "InvalidAudioSource"),
    _s3_schema("BucketName", "Key", required=("BucketName", "Key")),
]
"""A PCM wav in S3 (at most 50 MB, 8 kHz mono is best): `s3://bucket/key`, or a key in the
default bucket, which is put in when the reply is made."""

# --- speech -----------------------------------------------------------------------------------

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1000),
    FailsWith(
        "Text is limited to 1,000 characters",
        "MissingRequiredActionParameter",
        missing=Refusal("MissingRequiredActionParameter", "Text is a required parameter."),
    ),
]
"""What is said: 1 to 1,000 characters, plain or SSML."""

Engine = Annotated[Literal["standard", "neural"], Open, FailsWith("")]
LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2,3}){0,2}$"), FailsWith("")
]
TextType = Annotated[Literal["text", "ssml"], Open, FailsWith("")]
VoiceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+$"), FailsWith("")]
"""A voice of Amazon Polly, as in `Joanna`. Polly's list grows, so any name is taken."""

# --- SIP --------------------------------------------------------------------------------------

FORBIDDEN_HEADERS: Final = ("x-amzn", "x-vine", "x-vc", "x-canary", "x-voice")


def _headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        low = name.lower()
        if low.startswith(FORBIDDEN_HEADERS):
            raise ValueError(
                f"SIP header {name!r} is reserved: names may not start with "
                + ", ".join(FORBIDDEN_HEADERS)
            )
        if not (low.startswith("x-") and len(low) > 2) and low not in ("user-to-user", "diversion"):
            raise ValueError(
                f"SIP header {name!r} is not allowed: X-..., User-to-User and Diversion are"
            )
        if re.search(r"[\x00-\x1f\x7f]", name + value) or ":" in name or " " in name:
            raise ValueError(f"SIP header {name!r} holds a control character, a space or a colon")
        if len(name) + len(value) > 2048:
            raise ValueError(f"SIP header {name!r} is longer than 2,048 characters")
    return MappingProxyType(dict(headers))


def _as_object(values: Mapping[str, JsonValue]) -> JsonValue:
    return dict(values)


SipHeaders = Annotated[
    Mapping[str, str],
    AfterValidator(_headers),
    Wire(encode=_as_object),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
]
"""Custom SIP headers: `X-...`, `User-to-User` or `Diversion`, at most 2,048 characters each."""
