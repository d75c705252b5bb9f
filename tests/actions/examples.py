"""The examples of the reference: every action as it is written on the wire, small and full."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias, cast

from pydantic import JsonValue

from offhook.actions import Action

Wire: TypeAlias = dict[str, JsonValue]

_FOUND: dict[str, dict[str, dict[str, Wire]]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text(encoding="utf-8")
)

ACTIONS: dict[str, dict[str, Wire]] = _FOUND["actions"]
"""By type, then `minimal` and `full`."""

REPLIES = cast("dict[str, Wire]", _FOUND["replies"])

ALL: dict[str, Wire] = {
    f"{name}, {size}": wire for name, sizes in ACTIONS.items() for size, wire in sizes.items()
}


def wire(action: str, /, **parameters: object) -> dict[str, object]:
    """An action on the wire."""
    return {"Type": action, "Parameters": parameters}


def minimal(action: str, /, **parameters: object) -> dict[str, object]:
    """The smallest example of an action, with some parameters given or replaced."""
    return wire(action, **{**parameters_of(ACTIONS[action]["minimal"]), **parameters})


def parameters_of(action: Action | Mapping[str, object]) -> dict[str, object]:
    """What is sent of an action, or was written of one."""
    written = action.to_wire() if isinstance(action, Action) else action
    parameters = written["Parameters"]
    assert isinstance(parameters, dict)
    return cast("dict[str, object]", parameters)
