"""Values as JSON, and back: as quick as that goes, and all that the standard library lets pass."""

import json
from typing import cast

from pydantic_core import from_json, to_json


def text_of(value: object) -> str:
    """A value as JSON, whatever it is."""
    try:
        return to_json(value, fallback=str).decode()
    except ValueError:  # as of half a surrogate pair
        return json.dumps(value, default=str)


def same(value: object) -> tuple[object, str] | None:
    """A copy of a value that is as JSON says it, and that; `None` where it may be something else: a
    tuple, a key that is a number, something that only looks like a string there."""
    try:
        text = to_json(value)
        copy = from_json(text)
    except ValueError:
        return None
    return (copy, text.decode()) if copy == value else None


def value_of(text: str) -> object:
    """What JSON says: nothing of it is shared. Raises `ValueError` where it is none."""
    try:
        return cast("object", from_json(text))
    except ValueError:  # as of half a surrogate pair
        return cast("object", json.loads(text))
