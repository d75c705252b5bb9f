"""What a mistake in the configuration is told as: its place, what is wrong, and what to write."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import BaseModel, ValidationError

from offhook.emulator.service.described import instead

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_OF_TOML: Final = (
    ("^Value error, ", ""),
    ("Field required", "it is missing"),
    ("tuple", "list"),
    ("Tuple", "List"),
    (r"dictionary( or instance of \w+)?", "table"),
    (r"(?<=path) for <.*>| after validation", ""),
)


def mistakes(
    error: ValidationError, model: type[BaseModel], source: str, places: Mapping[str, str]
) -> Iterator[str]:
    """A line for each. `places` are the keys that come from elsewhere than the source."""
    faults = error.errors(include_url=False)
    schema = _schema(model)
    for fault in faults:
        place = fault["loc"]
        if fault["type"] == "too_short" and any(place == each["loc"][:-1] for each in faults):
            continue  # what it had is wrong
        key = ".".join(map(str, place))
        where = places.get(key) or ": ".join(filter(None, (source, key)))
        yield f"{where}: {_said(fault, schema)}"


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_json_schema()


def _said(fault: "ErrorDetails", schema: Mapping[str, Any]) -> str:
    *above, name = fault["loc"] or ("",)
    given: object = fault["input"]
    write = "write " if isinstance(name, int) else f"write {name} = "
    match fault["type"]:
        case "extra_forbidden" if (*above, name) == ("tool",):
            return (
                "there is no such key: in offhook.toml the tables have no tool.offhook, as in "
                "[[sip_media_applications]]"
            )
        case "extra_forbidden":
            there = cast("Mapping[str, object]", _schema_of(above, schema)["properties"])
            return f"there is no such key{instead(str(name), there)}"
        case "tuple_type" if isinstance(given, dict):
            return f"it is a list of tables: write [[{name}]], with two brackets"
        case "tuple_type" if isinstance(given, str | int | float):
            return f"it is a list: {write}[{_toml(given)}]"
        case "string_type" if isinstance(given, int | float):
            return f'it is text: {write}"{given}"'
        case "model_type" if known := _schema_of([*above, name], schema).get("properties"):
            return f"it is a table: {write}{{ {next(iter(known))} = ... }}"
        case "string_pattern_mismatch":
            examples = map(_toml, _schema_of([*above, name], schema)["examples"])
            return f"{_toml(given)} is none: write it as in {', '.join(examples)}"
        case _:
            said = fault["msg"]
            for python, toml in _OF_TOML:
                said = re.sub(python, toml, said)
            return said


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _schema_of(place: list[int | str], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the schema says of a place in the configuration."""
    here: Any = schema
    for part in place:
        if isinstance(part, int):
            here = here.get("items") or here["prefixItems"][part]
        else:
            here = here.get("properties", {}).get(part) or here["additionalProperties"]
        while "anyOf" in here or "$ref" in here:
            here = here["anyOf"][0] if "anyOf" in here else schema["$defs"][here["$ref"][8:]]
    return cast("Mapping[str, Any]", here)
