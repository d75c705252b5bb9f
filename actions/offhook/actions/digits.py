"""Keys of a telephone, and what is said about digits: patterns and results."""

import re
from collections.abc import Iterable
from typing import Annotated, Final, cast

from pydantic import AfterValidator, BeforeValidator, GetPydanticSchema, WithJsonSchema

from offhook.actions.base import Result
from offhook.actions.fields import AsList, NonEmpty

KEYS: Final = "0123456789#*"


def _keys(value: object) -> object:
    if isinstance(value, dict):
        raise ValueError("keys are a string or a list")
    if not isinstance(value, Iterable):
        return value
    keys = tuple(cast("Iterable[object]", value))
    for key in keys:
        if not (isinstance(key, str) and len(key) == 1 and key in KEYS):
            raise ValueError(f"{key!r} is not a key of a telephone: 0 to 9, # and * are")
    return keys


TelephoneKeys = Annotated[
    Iterable[str],
    GetPydanticSchema(lambda _source, handler: handler(tuple[str, ...])),
    BeforeValidator(_keys),
    AsList,
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(KEYS)}}),
]
"""Keys of a telephone, each one of `0`-`9`, `#`, `*`: `"#*"` or `["#", "*"]`. Kept as a tuple."""


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    return pattern


InputDigitsRegex = Annotated[NonEmpty, AfterValidator(_regex)]
"""A regular expression that the digits are searched with. Anchor it: `^[1-3]$`."""


class Digits(Result):
    """What the caller pressed, as ACTION_SUCCESSFUL brings it back."""

    received_digits: str = ""
    """The keys, without the terminator. Empty where nothing was pressed."""
