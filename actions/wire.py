"""Where a field stands on the wire, when that is not simply under its AWS name.

A field's alias is its wire name. A dotted alias (`SpeechParameters.Text`, `Endpoints.0.Uri`)
is a path below `Parameters`: the Python side stays flat. `Wire` in a field's annotation says how
one Python value becomes one wire value and back.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import NamedTuple, TypeVar, cast, get_args

from pydantic import JsonValue
from pydantic.fields import FieldInfo

LEGS = ("CallId", "ParticipantTag")


@dataclass(frozen=True)
class Wire:
    """How a value is written to and read from the wire, and whether it is sent when not set."""

    encode: Callable[..., JsonValue] | None = None
    decode: Callable[[object], object] | None = None
    always: bool = False


class Step(NamedTuple):
    """One field of an action: its Python name, wire path, and how it is written and read."""

    name: str
    alias: str
    path: tuple[str | int, ...]
    wire: Wire


PLAIN = Wire()


class WirePlan:
    """How an action's fields become `Parameters`: worked out once per class."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = tuple(
            (
                step.name,
                step.wire.always,
                step.wire.encode,
                step.path if len(step.path) > 1 else (),
                str(step.path[0]),
            )
            for step in steps
        )
        self.special = [step for step in steps if len(step.path) > 1 or step.wire.decode]

    def encode(
        self, values: Mapping[str, JsonValue], is_set: set[str], extra: dict[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        """What was set, under its wire names, with unknown parameters kept."""
        parameters: dict[str, JsonValue] = {}
        if extra:
            parameters.update(deepcopy(extra))
        for name, always, encode, path, key in self.steps:
            if name in is_set or always:
                value = values[name]
                if value is None:
                    continue
                if encode is not None:
                    value = encode(value)
                if path:
                    _place(parameters, path, value)
                else:
                    parameters[key] = value
        return parameters

    def decode(self, parameters: Mapping[str, object]) -> dict[str, object]:
        """The values by alias. `null`, and legs given as `""`, count as absent."""
        rest = cast("dict[str, object]", deepcopy(dict(parameters))) if self.special else parameters
        given: dict[str, object] = {}
        for step in self.special:
            value = _take(cast("dict[str, object]", rest), step.path)
            if value is not None:
                given[step.alias] = step.wire.decode(value) if step.wire.decode else value
        for key, value in rest.items():
            if value is not None and not (value == "" and key in LEGS):
                given[key] = value
        return given


MarkerT = TypeVar("MarkerT")


def marker(field: FieldInfo, kind: type[MarkerT]) -> MarkerT | None:
    """The mark of a kind in a field's annotation, also where the field is `Annotated[...] | None`."""
    marks: list[object] = list(field.metadata)
    for member in get_args(field.annotation):
        marks.extend(getattr(member, "__metadata__", ()))
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def plan_of(fields: Mapping[str, FieldInfo]) -> WirePlan:
    """Work out the plan of a class from its fields' aliases and `Wire` annotations."""
    steps: list[Step] = []
    for name, field in fields.items():
        alias = field.alias or name
        wire = marker(field, Wire) or PLAIN
        path = tuple(int(part) if part.isdigit() else part for part in alias.split("."))
        steps.append(Step(name, alias, path, wire))
    return WirePlan(steps)


def _place(target: dict[str, JsonValue], path: tuple[str | int, ...], value: JsonValue) -> None:
    """Put a value at a path, making the objects and arrays on the way."""
    here: object = target
    for key, following in zip(path, path[1:], strict=False):
        fresh: object = [] if isinstance(following, int) else {}
        if isinstance(key, int):
            row = cast("list[object]", here)
            if len(row) <= key:
                row.append(fresh)
            here = row[key]
        else:
            here = cast("dict[str, object]", here).setdefault(key, fresh)
    if isinstance(here, dict):
        cast("dict[str | int, JsonValue]", here)[path[-1]] = value
    else:
        raise TypeError(f"there is no object at {path}")


def _take(source: dict[str, object], path: tuple[str | int, ...]) -> object:
    """Remove and return what stands at a path, and the containers that this empties."""
    head, *tail = path
    here: object = source
    if isinstance(here, dict) and isinstance(head, str):
        holder = cast("dict[str, object]", here)
        if head not in holder:
            return None
        if not tail:
            return holder.pop(head)
        value = _take_below(holder[head], tuple(tail))
        if holder[head] in ({}, [], [{}]):
            del holder[head]
        return value
    return None


def _take_below(here: object, path: tuple[str | int, ...]) -> object:
    if isinstance(here, dict):
        return _take(cast("dict[str, object]", here), path)
    if isinstance(here, list) and isinstance(path[0], int):
        row = cast("list[object]", here)
        if len(row) > path[0] and len(path) > 1:
            return _take_below(row[path[0]], path[1:])
    return None
