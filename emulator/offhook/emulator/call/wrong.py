"""What is wrong with a parameter of an action, in words for the person at the desk."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from offhook.actions.base import Action
from offhook.actions.wire import Misplaced, marker

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_OF_JSON: Final = (
    ("^Value error, ", ""),
    (r", or Unlisted\(.*\) of a new one", ""),
    ("^Tuple ", "List "),
    (" after validation", ""),
)
"""What is said of Python, and what it is of JSON."""
_NOT_SET: Final = (
    "where it is that of an environment variable, set the variable where the function finds it"
)


def wrong(kind: type[Action[object]], fault: "ErrorDetails") -> tuple[str, str]:
    """The parameter by its name on the wire, with what was found there; and why that is wrong."""
    if fault["type"] == "offhook":
        return _together(kind, fault)
    place = [str(part) for part in fault["loc"]]
    field = kind.model_fields.get(place[0]) if place else None
    name = (field.alias if field else None) or ".".join(place) or "Parameters"
    given: object = fault["input"]
    if fault["type"] == "missing":
        return f"{name} is missing", "it is required"
    if field is not None and isinstance(given, Misplaced):
        whole, *parts = name.split(".")
        shown = f"{whole} is {given.value!r}"[:200]
        return shown, f"write {_object(_schema(field)) or _below(parts)}"
    if field is not None and (of_object := _of_object(name, _schema(field), given)):
        return of_object
    if fault["type"] == "ssml":  # which is told of the type: the text is named so without it
        return f"{name}".removesuffix("Type"), fault["msg"]
    why = fault["msg"]
    for python, json in _OF_JSON:
        why = re.sub(python, json, why)
    found = list(cast("tuple[object]", given)) if isinstance(given, tuple) else given
    return f"{name} is {found!r}"[:200], why


def _together(kind: type[Action[object]], fault: "ErrorDetails") -> tuple[str, str]:
    """Of parameters that do not go together: the one that should change."""
    said, given = fault.get("ctx", {}), cast("Mapping[str, object]", fault["input"])
    aliases = {name: field.alias or name for name, field in kind.model_fields.items()}
    name = aliases[said["field"]]
    if name not in given and "." not in name:
        return f"{name} is missing", "it is required"
    of_python = "|".join(each for each in aliases if "_" in each)
    words = re.compile(rf"(?<![.\w])({of_python})\b")
    return f"{name} is {given.get(name)!r}"[:200], words.sub(
        lambda found: aliases[found[1]], said["message"]
    )


def _of_object(name: str, schema: Mapping[str, Any], given: object) -> tuple[str, str] | None:
    """What is wrong with one that is an object on the wire: of what it must have, something is
    not there, as the name of a bucket that was read from an environment variable."""
    if not isinstance(given, dict):
        return None
    there = cast("dict[str, object]", given)
    for key in schema.get("required", ()):
        only, value = schema["properties"][key].get("const"), there.get(key)
        if value in (None, ""):
            return f"{name} has no {key}", f'write "{key}": "{only}"' if only else _NOT_SET
        if only not in (None, value):
            return f"{name}.{key} is {value!r}", f'write "{only}"'
    return None


def _schema(field: FieldInfo) -> Mapping[str, Any]:
    schema = marker(field, WithJsonSchema)
    return (schema.json_schema if schema else None) or {}


def _object(schema: Mapping[str, Any]) -> str:
    """One that has what it must have; empty for what is no object."""
    keys = schema.get("required", ())
    of = {key: schema["properties"][key].get("const") for key in keys}
    pairs = [f'"{key}": ' + (f'"{only}"' if only else "...") for key, only in of.items()]
    return f"{{{', '.join(pairs)}}}" if pairs else ""


def _below(parts: list[str]) -> str:
    """Where the wire has a value, as in `[{"Uri": ...}]`."""
    shown = "..."
    for part in reversed(parts):
        shown = f"[{shown}]" if part.isdigit() else f'{{"{part}": {shown}}}'
    return shown
