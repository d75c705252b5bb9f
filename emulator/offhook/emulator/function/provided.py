"""What the desk sets so that functions find it: nothing that beats what somebody has said."""

import os
from collections.abc import Mapping
from typing import Final

ENDPOINT: Final = "AWS_ENDPOINT_URL"
"""Where every service is, by the AWS SDKs' own variable."""

_provided: dict[str, str] = {}


def provide(variable: str, value: str) -> str:
    """Set an environment variable that functions read, unless somebody else has set it, or has
    said with `AWS_ENDPOINT_URL` where each service is.

    The value that it has then. What one desk provides is not taken for the wish of another.
    """
    if variable.startswith(f"{ENDPOINT}_") and ENDPOINT in os.environ:
        return os.environ.get(variable, os.environ[ENDPOINT])
    if os.environ.get(variable) in (None, _provided.get(variable)):
        os.environ[variable] = _provided[variable] = value
    return os.environ[variable]


def withdraw(variable: str) -> None:
    """Take back what `provide` has set."""
    if _provided.pop(variable, None) == os.environ.get(variable, ""):
        del os.environ[variable]


def provided() -> Mapping[str, str]:
    """What is set by nobody but the desk."""
    return {name: value for name, value in _provided.items() if os.environ.get(name) == value}


def beneath(chosen: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, and what the desk provides where that does not say otherwise."""
    ours = {
        name: value
        for name, value in provided().items()
        if not (name.startswith(f"{ENDPOINT}_") and ENDPOINT in chosen)
    }
    return {**ours, **chosen}
