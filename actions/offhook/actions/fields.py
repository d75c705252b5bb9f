"""Constrained types that several actions share: numbers, S3 places, speech, SIP headers."""

import os
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Annotated, Final, Literal, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetPydanticSchema,
    JsonValue,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError, core_schema

from offhook.actions.markup import parse
from offhook.actions.polly import LANGUAGE_CODES, VOICE_IDS, Engines
from offhook.actions.refusals import FailsWith, Refusal
from offhook.actions.wire import Sent

PROMPTS_BUCKET: Final = "OFFHOOK_PROMPTS_BUCKET"
"""Environment variable: the bucket of audio keys given without one."""

RECORDINGS_BUCKET: Final = "OFFHOOK_RECORDINGS_BUCKET"
"""Environment variable: the bucket of recording prefixes given without one."""

AsString = Sent(encode=str)
"""On an int: AWS's examples write this number as a string; both are read."""

AsList = Sent(encode=list)
"""On a tuple: a list on the wire."""


def _tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


FromList = BeforeValidator(_tuple)
"""On a tuple: a list may be given."""


class Unlisted(str):
    """A value that a list of AWS's did not have yet, as in `voice_id=Unlisted("Nova")`."""


def _open(value: object, known: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    is_received = isinstance(value, str) and info.context and info.context["open_lists"]
    if isinstance(value, Unlisted) or is_received:
        return value  # what AWS adds next year must not drop a call
    return known(value)


Open = WrapValidator(_open)
"""On a list of values: what we send is of it, or `Unlisted`; what we receive may be newer."""


def like(pattern: str, says: str) -> GetPydanticSchema:
    """On a string: what it looks like, and how that is said to whoever wrote another."""
    text = core_schema.str_schema(pattern=f"^{pattern}$")
    schema = core_schema.custom_error_schema(text, "like", custom_error_message=says)
    return GetPydanticSchema(lambda _source, _handler: schema)


NonEmpty = Annotated[str, StringConstraints(min_length=1)]
"""Text of one character or more."""

E164: Final = r"\+[1-9][0-9]{1,14}"
"""A phone number: `+`, country code, number; at most 15 digits."""

E164Number = Annotated[
    str, like(E164, "a phone number is written in E.164: + and 2 to 15 digits, as in +15550100100")
]
"""An E.164 number with its `+`."""


_S3_URI = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)
"""`s3://bucket/key`. Bucket names: 3 to 63 lower-case letters, digits, dots and hyphens."""


def parse_s3(place: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`, or no bucket and a key. Raises `ValueError`."""
    if not place.startswith("s3://"):
        return "", place
    found = _S3_URI.fullmatch(place)
    if found is None:
        raise ValueError(f"{place!r} names no bucket: write s3://bucket or s3://bucket/key")
    return found[1], found[2] or ""


def split_s3(place: str, default_bucket: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`, or of a key in the default bucket.

    `default_bucket` names the environment variable that holds it. Raises `ValueError` when the
    place names no bucket and there is no default.
    """
    bucket, key = parse_s3(place)
    bucket = bucket or os.environ.get(default_bucket, "")
    if not bucket:
        raise ValueError(
            f"{place!r} names no bucket and {default_bucket} is not set: "
            f"write s3://bucket/{place or 'key'}, or set {default_bucket}"
        )
    return bucket, key


def in_s3(default_bucket: str, *names: str) -> Sent:
    """On a place: `{"Type": "S3", ...}` on the wire; `names` are the bucket's, then the key's.

    What is no such object is read as it is: the field, which wants a string, refuses it.
    """

    def encode(place: str) -> JsonValue:
        bucket, key = split_s3(place, default_bucket)
        parts = (bucket, key) if names[1:] else (f"{bucket}/{key}" if key else bucket,)
        return {"Type": "S3", **{n: part for n, part in zip(names, parts, strict=True) if part}}

    def decode(wire: dict[str, object]) -> object:
        parts = [wire.get(name) or "" for name in names]
        if wire.get("Type") != "S3" or not all(isinstance(part, str) for part in parts):
            return wire
        bucket, *below = cast("list[str]", parts)
        if not bucket or (below and "/" in bucket):  # else a part of one would become the other's
            return wire
        for name in ("Type", *names):
            wire.pop(name, None)
        return "/".join(("s3:/", bucket, *filter(None, below)))

    return Sent(encode, decode)


def s3_schema(*names: str, optional: tuple[str, ...] = ()) -> WithJsonSchema:
    """The JSON Schema of a place on the wire."""
    strings = {name: {"type": "string", "minLength": 1} for name in (*names, *optional)}
    return WithJsonSchema(
        {
            "type": "object",
            "properties": {"Type": {"const": "S3"}, **strings},
            "required": ["Type", *names],
            "additionalProperties": False,
        }
    )


def _audio_place(place: str) -> str:
    key = parse_s3(place)[1]
    if not 1 <= len(key.encode()) <= 1024:
        raise ValueError(
            "audio is s3://bucket/key or a key in the default bucket, as in "
            "s3://my-prompts/welcome.wav or welcome.wav; a key has 1 to 1,024 bytes"
        )
    return place


AudioSource = Annotated[
    str,
    AfterValidator(_audio_place),
    in_s3(PROMPTS_BUCKET, "BucketName", "Key"),
    FailsWith("Audio Source parameter value is invalid.", "InvalidAudioSource"),
    s3_schema("BucketName", "Key"),
]
"""A PCM wav in S3 (at most 50 MB, 8 kHz mono is best): `s3://bucket/key`, or a key in the
default bucket, which is put in when the reply is made."""


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

# The table of dg/speak leaves the message of a value that Polly refuses empty.
_POLLY = FailsWith("")


@lru_cache
def _among(table: str, name: str) -> str:
    if name in table.split():
        return name
    from difflib import get_close_matches

    close = " or ".join(get_close_matches(name, table.split(), n=2, cutoff=0))
    says = "Polly has no '{name}': write {close}, or Unlisted('{name}') of a new one"
    raise PydanticCustomError("unlisted", says, {"name": name, "close": close})


def _is_ssml(kind: str | None, info: ValidationInfo) -> str | None:
    text = info.data.get((info.field_name or "").removesuffix("_type"))
    is_received = info.context and info.context["open_lists"]
    if text and not is_received and (kind or info.data.get("text_type")) in ("ssml", "SSML"):
        parse(text)
    return kind


IsSsml = AfterValidator(_is_ssml)
"""On the type of a text, of the name with `_type` behind it: SSML is some, where we send it."""

Engine = Annotated[
    Engines | Unlisted, GetPydanticSchema(lambda _, handler: handler(Engines)), Open, _POLLY
]
LanguageCode = Annotated[str, AfterValidator(partial(_among, LANGUAGE_CODES)), Open, _POLLY]
TextType = Annotated[Literal["text", "ssml"], Open, IsSsml, _POLLY]
VoiceId = Annotated[str, AfterValidator(partial(_among, VOICE_IDS)), Open, _POLLY]
"""A voice of Amazon Polly, as in `Joanna`, from the list that Polly had."""


Strings = Annotated[
    Mapping[str, str],
    AfterValidator(lambda values: MappingProxyType(dict(values))),
    Sent(encode=dict),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
]
"""A mapping that stays as it is: an object on the wire."""

RESERVED_HEADERS: Final = ("x-amzn", "x-vine", "x-vc", "x-canary", "x-voice")
"""Prefixes that the service keeps for itself (dg/unexpected-action-fail)."""


def _headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        if fault := _fault_of(name, value):
            context = {"header": name, "fault": fault}
            raise PydanticCustomError("sip_header", "SIP header {header} {fault}", context)
    return headers


def _fault_of(name: str, value: str) -> str | None:
    low = name.lower()
    if low.startswith(RESERVED_HEADERS):
        return f"is reserved: names may not start with {', '.join(RESERVED_HEADERS)}"
    if not (low.startswith("x-") and len(low) > 2) and low not in ("user-to-user", "diversion"):
        return "is not allowed: X-..., User-to-User and Diversion are"
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", name + value) or re.search(r"[:\s]", name):
        return "holds a control character, or a space or colon in its name"
    if len(name) + len(value) > 2048:
        return "is longer than 2,048 characters"
    return None


SipHeaders = Annotated[
    Strings, AfterValidator(_headers), FailsWith("Invalid SIP header(s) provided: {Header}.")
]
"""Custom SIP headers: `X-...`, `User-to-User` or `Diversion`, at most 2,048 characters each."""
