"""Reading JSON leniently: what is not there, or is something else, is empty."""

from collections.abc import Mapping
from typing import cast

NOTHING: Mapping[str, object] = {}


def text(source: Mapping[str, object], key: str) -> str:
    """A string under a key; empty where there is none."""
    found = source.get(key)
    return found if isinstance(found, str) else ""


def mapping(source: Mapping[str, object], key: str) -> Mapping[str, object]:
    """An object under a key; empty where there is none."""
    found = source.get(key)
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else NOTHING
