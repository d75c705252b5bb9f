"""Where a field stands on the wire, when that is not simply under its AWS name.

A field's alias is its wire name. A dotted alias (`SpeechParameters.Text`, `Endpoints.0.Uri`)
is a path below `Parameters`: the Python side stays flat. `Sent` in a field's annotation says how
one Python value becomes one wire value and back.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast, get_args

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

LEGS = ("CallId", "ParticipantTag")

Path: TypeAlias = tuple[str | int, ...]
Container: TypeAlias = "dict[str | int, object] | list[object]"


class Sent(NamedTuple):
    """How a value is written to and read from the wire."""

    encode: Callable[..., JsonValue] | None = None
    """Makes the wire value of the field's value."""

    decode: Callable[[dict[str, object]], object] | None = None
    """Makes the field's value of a wire object, and takes out of that what it has read: the
    rest is kept with the unknown parameters."""

    also: tuple[str, ...] = ()
    """Older names of the parameter: read where the present one is missing, never written."""

    always: bool = False
    """Whether it is sent even when it was not set."""


class Misplaced:
    """What stands where an object or a list belongs. No field takes it, so it is refused."""

    def __init__(self, value: object) -> None:
        self.value = value


class WirePlan:
    """How an action's fields become `Parameters`."""

    def __init__(self, of: type[BaseModel]) -> None:
        """From the aliases of a class's fields, and the `Sent` in their annotations."""
        written: list[tuple[str, tuple[Any, tuple[Any, ...], str | int]]] = []
        read: list[tuple[str, tuple[Path, ...], Sent]] = []
        self.always: set[str] = set()
        for name, field in of.model_fields.items():
            alias, sent = field.alias or name, marker(field, Sent) or Sent()
            path = tuple(int(part) if part.isdigit() else part for part in alias.split("."))
            written.append((name, (sent.encode, tuple(pairwise(path)), path[-1])))
            if sent.always:
                self.always.add(name)
            if len(path) > 1 or sent.decode is not None or sent.also:
                # Looked for under its present name, then under the older ones. What is not here
                # stands under its alias, and is read as it is.
                read.append((alias, (path, *((older,) for older in sent.also)), sent))
        self.written, self.read = tuple(written), tuple(read)
        self.shadows = {*of.model_fields, *(alias for alias, _, _ in read)}

    def encode(
        self, values: Mapping[str, JsonValue], is_set: set[str], extra: dict[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        """What was set, under its wire names, with unknown parameters kept."""
        parameters: dict[str, JsonValue] = deepcopy(extra) if extra else {}
        wanted = is_set | self.always if self.always else is_set
        for name, step in self.written:
            if name in wanted and (value := values[name]) is not None:
                encode, way, last = step
                if encode is not None:
                    value = encode(value)
                here: Any = parameters
                for key, following in way:
                    try:
                        here = here[key]
                    except LookupError:
                        here = _made(here, key, [] if following == 0 else {})
                if extra and isinstance(value, dict):  # beside what is kept of it
                    value = {**here.get(last, {}), **value}
                here[last] = value
        return parameters

    def decode(
        self, parameters: Mapping[str, object]
    ) -> tuple[dict[str, object], dict[str, JsonValue]]:
        """The values by alias. `null`, and legs given as `""`, count as absent.

        Beside them, the unknown parameters that share a name with a field: pydantic would take
        them for its value. The other ones are among the values.
        """
        rest = {key: _copy(value) for key, value in parameters.items()}
        given: dict[str, object] = {}
        for alias, paths, wire in self.read:
            for path in paths:
                value = _take(rest, path, wire) if path[0] in rest else None
                if value is not None:
                    given[alias] = value
                    break
        shadowed = {key: rest.pop(key) for key in self.shadows & rest.keys()}
        given |= {
            key: value
            for key, value in rest.items()
            if value is not None and not (value == "" and key in LEGS)
        }
        return given, cast("dict[str, JsonValue]", shadowed)


wire_plan = cache(WirePlan)  # of a class, on first use


def _copy(value: object) -> object:
    """A copy of plain JSON: `deepcopy`, without what JSON has none of."""
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_copy(entry) for entry in cast("list[object]", value)]
    return value


MarkerT = TypeVar("MarkerT")


def marker(field: FieldInfo, kind: type[MarkerT]) -> MarkerT | None:
    """The outermost mark of a kind in a field's annotation, also in `Annotated[...] | None`."""
    inner = (getattr(member, "__metadata__", ()) for member in get_args(field.annotation))
    marks: list[object] = [*chain.from_iterable(inner), *field.metadata]
    return next((mark for mark in reversed(marks) if isinstance(mark, kind)), None)


def _made(holder: Container, key: str | int, fresh: Container) -> Container:
    """A container on the way to a value, put where there is none."""
    if isinstance(holder, list):
        holder.append(fresh)
    else:
        holder[key] = fresh
    return fresh


def _take(source: dict[str, object], path: Path, wire: Sent) -> object:
    """Read what stands at a path, and remove it together with the containers that it empties."""
    here: object = source
    trail: list[tuple[Container, str | int]] = []
    for key in path:
        if not isinstance(here, list if isinstance(key, int) else dict):
            return Misplaced(here)
        place = cast("Any", here)
        trail.append((place, key))
        try:
            here = place[key]
        except LookupError:
            here = None
        if here is None:
            break
    value, left = here, None
    if here is not None and wire.decode is not None:
        if not isinstance(here, dict):
            return Misplaced(here)
        value, left = wire.decode(cast("dict[str, object]", here)), cast("object", here)
    for holder, key in reversed(trail):
        if _is_empty(left) and isinstance(holder, dict):
            holder.pop(key, None)
        left = holder
    return value


def _is_empty(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_empty, cast("list[object]", value)))
    return value is None or value == {}
