"""Reading JSON leniently: what is not there, or is something else, is empty."""

from collections.abc import Mapping
from typing import Any, cast

NOTHING: Mapping[str, object] = {}


def text(source: Mapping[str, object], key: str) -> str:
    """A string under a key; empty where there is none."""
    found = source.get(key)
    return found if isinstance(found, str) else ""


def said(place: str, key: str) -> str:
    """A property of an object: the string under a key of its `place`; empty where there is none."""

    def read(one: object) -> str:  # as `text` does, without a call: all events are asked this
        found = getattr(one, place).get(key)
        return found if isinstance(found, str) else ""

    return cast("str", property(read))


def whole(source: Mapping[str, object], key: str) -> int | None:
    """A whole number under a key, also one written as text; `None` where there is none."""
    found = source.get(key)
    try:
        return int(found) if isinstance(found, (int, float, str)) else None
    except (ValueError, OverflowError):
        return None


def mapping(source: Mapping[str, Any], key: str) -> Mapping[str, object]:
    """An object under a key; empty where there is none."""
    found: Mapping[str, object] = source.get(key, NOTHING)  # no cast: this is read all the time
    return found if isinstance(found, dict) else NOTHING
