"""What the desk sets so that functions find it: nothing that beats what somebody has said."""

import os
from collections.abc import Mapping

_provided: dict[str, str] = {}


def provide(variable: str, value: str) -> str:
    """Set an environment variable that functions read, unless somebody else has set it.

    The value that it has then. What one desk provides is not taken for the wish of another.
    """
    there = os.environ.get(variable)
    if there is not None and there != _provided.get(variable):
        return there
    if there != value:
        os.environ[variable] = _provided[variable] = value
    return value


def provided() -> Mapping[str, str]:
    """What is set by nobody but the desk."""
    return {name: value for name, value in _provided.items() if os.environ.get(name) == value}
