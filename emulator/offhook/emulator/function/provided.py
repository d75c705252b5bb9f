"""What the desk sets so that functions find it: nothing that beats what somebody has said."""

import os
from collections.abc import Mapping

_provided: dict[str, list[str]] = {}
"""Of each variable the values of the desks that are open, the latest last."""


def provide(variable: str, value: str) -> str:
    """Set an environment variable that functions read, unless somebody else has set it, until it
    is given back.

    The value that it has then. What one desk provides is not taken for the wish of another.
    """
    there = os.environ.get(variable)
    if there is not None and there not in _provided.get(variable, ()):
        return there
    _provided.setdefault(variable, []).append(value)
    os.environ[variable] = value
    return value


def give_back(variable: str, value: str) -> None:
    """A desk closes: it is again what another one provides, or not set. Where somebody else has
    set it, nothing happens."""
    values = _provided.get(variable, [])
    if value not in values:
        return
    values.remove(value)
    if os.environ.get(variable) == value:
        del os.environ[variable]
        if values:
            os.environ[variable] = values[-1]


def provided() -> Mapping[str, str]:
    """What is set by nobody but the desk."""
    now = {name: os.environ.get(name, "") for name in _provided}
    return {name: value for name, value in now.items() if value in _provided[name]}
