"""Makes `docs/schemas/` from `offhook.actions`, and from the model of a recorded call.

A JSON Schema for each action as it is sent, one for the whole reply, and one for a line of what
`offhook logs import` writes. Rules between parameters
are in the descriptions: JSON Schema has no words for most of them.
"""

import copy
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

from offhook.actions import Action, action_class, action_types
from offhook.actions.base import snake_case
from offhook.actions.complaints import MAX_ACTIONS, MAX_ATTRIBUTES, SCHEMA_VERSION
from offhook.actions.wire import wire_plan
from offhook.emulator.server.documents.docstrings import docs, words
from offhook.production.logs.recorded import Exchange, RecordedCall, Said

FOLDER = Path(__file__).with_name("schemas")
DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema: TypeAlias = dict[str, Any]

NUMBER_AS_TEXT: Schema = {"type": "string", "pattern": "^[0-9]+$"}
"""AWS's examples write numbers both ways, and the service takes both."""


def files() -> dict[str, str]:
    """Every file of the folder, by its name."""
    schemas = {f"{snake_case(name)}.json": action(kind(name)) for name in action_types()}
    schemas["reply.json"] = reply()
    schemas["recorded_call.json"] = described(RecordedCall, Exchange, Said)
    return {
        name: json.dumps({"$schema": DRAFT, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def described(of: type[BaseModel], *parts: type[BaseModel]) -> Schema:
    """What pydantic says of a model as it is written, with the docstrings of its fields."""
    made: Schema = of.model_json_schema(mode="serialization")
    tables = {of: made, **{part: made["$defs"][part.__name__] for part in parts}}
    for part, table in tables.items():
        table["description"] = words(part.__doc__)
        for name, text in docs(part).items():
            table["properties"][name]["description"] = text
    return made


def kind(name: str) -> type[Action]:
    """The class of an action that there is."""
    found = action_class(name)
    assert found is not None
    return found


def reply() -> Schema:
    """The envelope, with all actions in it."""
    return {
        "title": "Reply",
        "description": "What a function answers to an invocation event.",
        **_object(
            {
                "SchemaVersion": {"const": SCHEMA_VERSION},
                "Actions": {
                    "description": "What to do, in order. Null or absent: what is running goes on.",
                    "type": ["array", "null"],
                    "maxItems": MAX_ACTIONS,
                    "items": {
                        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in action_types()],
                        "discriminator": {
                            "propertyName": "Type",
                            "mapping": {name: f"#/$defs/{name}" for name in action_types()},
                        },
                    },
                },
                "TransactionAttributes": {
                    "description": "Replaces what is stored; {} clears it, null or absent keeps "
                    "it. At most 20 KB.",
                    "type": ["object", "null"],
                    "maxProperties": MAX_ATTRIBUTES,
                },
            },
            required=["SchemaVersion"],
        ),
        "$defs": {name: action(kind(name)) for name in action_types()},
    }


def action(of: type[Action]) -> Schema:
    """One action as it is sent: `{"Type": ..., "Parameters": {...}}`."""
    parameters = _object({})
    for name, schema, is_required in fields(of):
        path = (of.model_fields[name].alias or name).split(".")
        _place(parameters, path, schema, is_required)
    needs = ["Parameters"] if parameters.get("required") else []
    return {
        "title": of.type_name(),
        "description": words(of.__doc__),
        **_object(
            {"Type": {"const": of.type_name()}, "Parameters": parameters},
            required=["Type", *needs],
        ),
    }


def fields(of: type[BaseModel]) -> Iterator[tuple[str, Schema, bool]]:
    """Each field by its Python name, with its schema, and whether it must be sent."""
    found: Schema = of.model_json_schema()
    required = cast("list[str]", found.get("required", []))
    properties = cast("dict[str, Schema]", found["properties"])
    for name, field in of.model_fields.items():
        alias = field.alias or name
        schema = _plain(properties[alias], inspect.getmodule(of))
        must = alias in required or name in wire_plan(of).always
        yield name, {"description": docs(of).get(name, ""), **schema}, must


def _plain(schema: Schema, room: ModuleType | None) -> Schema:
    """The schema of a value that is sent: null is not, and a number may be text."""
    match schema:
        case {"anyOf": [_, {"type": "null"}]}:
            schema = {**schema, **schema["anyOf"][0]}
            del schema["anyOf"]
        case _:
            schema = copy.copy(schema)
    schema.pop("title", None)
    if schema.get("default", "") is None:
        del schema["default"]
    match schema:
        case {"anyOf": [*numbers]}:  # a number with a gap in its range
            schema["anyOf"] = [*cast("list[Schema]", numbers), NUMBER_AS_TEXT]
        case {"type": "integer"}:
            bounds = {
                name: schema.pop(name)
                for name in ("type", "minimum", "maximum", "exclusiveMinimum")
                if name in schema
            }
            schema["anyOf"] = [bounds, NUMBER_AS_TEXT]
        case {"items": {"$ref": str(reference)}}:
            schema["items"] = _record(getattr(room, reference.split("/")[-1]))
        case _:
            pass
    return schema


def _record(of: type[BaseModel]) -> Schema:
    """A small object within an action."""
    schema = _object({})
    for name, inner, is_required in fields(of):
        _place(schema, [of.model_fields[name].alias or name], inner, is_required)
    return schema


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _place(holder: Schema, path: list[str], schema: Schema, is_required: bool) -> None:
    """Put a schema at a path below an object, making the objects and lists on the way."""
    name, *below = path
    properties = cast("dict[str, Schema]", holder["properties"])
    if is_required:
        required = cast("list[str]", holder.setdefault("required", []))
        if name not in required:
            required.append(name)
    if not below:
        properties[name] = schema
    elif below[0] == "0":
        one = {"type": "array", "minItems": 1, "maxItems": 1, "items": _object({})}
        items = cast("Schema", properties.setdefault(name, one)["items"])
        _place(items, below[1:], schema, is_required)
    else:
        _place(properties.setdefault(name, _object({})), below, schema, is_required)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
