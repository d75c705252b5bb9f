"""The OpenAPI document of the desk by hand, made from its table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from typing import Any, Final, TypeAlias, cast, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.alias_generators import to_pascal

from offhook.actions import StartBotConversation
from offhook.emulator.server.desk.answers import Refused
from offhook.emulator.server.desk.routes import TABLE, Row
from offhook.emulator.server.documents.docstrings import docs, words
from offhook.emulator.service.far_ends import Answers

Document: TypeAlias = dict[str, Any]

ABOUT: Final = (
    "The desk by hand: ring our numbers, act for caller and far end, look, break things. "
    "docs/emulator.md."
)
WHY: Final[Mapping[int, str]] = {
    400: "What was asked is wrong, or cannot be done.",
    403: "Who asks may not: a page of another site, or a strange Host.",
    404: "There is no such call, recording, fault or leg, or the leg hears no more.",
    408: "It did not come in time.",
    409: "The leg is not as it must be for this.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    503: "Too many calls are up.",
}
TEXT: Final[Document] = {"type": "string"}
PARAMETERS: Final[Mapping[str, Document]] = {
    "transaction_id": {"description": "Of the call; `latest` is the last placed.", "schema": TEXT},
    "place": {
        "description": "Of the recording: the first is 0.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "fault": {"description": "As GET /_offhook/faults has it: `slow=6:1`.", "schema": TEXT},
    "tag": {"description": "`LEG-A` or `LEG-B`.", "schema": TEXT},
    "number": {"description": "In E.164, or a user part, or `default`.", "schema": TEXT},
    "bot_alias_arn": {
        "description": "As StartBotConversation has it.",
        "schema": StartBotConversation.model_json_schema()["properties"]["BotAliasArn"],
    },
}
QUERY: Final[Mapping[str, tuple[str, int, int]]] = {
    "after": ("The index of the prompt: the first is 0.", 0, 1_000_000),
    "seconds": ("How long to wait for it.", 30, 300),
}


def document() -> Document:
    """The OpenAPI document of /_offhook, whole."""
    schemas: Document = {}
    paths: Document = {}
    for row in TABLE:
        path = "/_offhook" + re.sub(r":\w+}", "}", row.path)
        paths.setdefault(path, {})[row.method.lower()] = _operation(row, schemas)
    refused = {"application/json": {"schema": _schema(Refused, schemas)}}
    responses = {f"{status}": {"description": w, "content": refused} for status, w in WHY.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Offhook: the desk", "description": ABOUT, "version": version("offhook")},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"responses": responses, "schemas": dict(sorted(schemas.items()))},
    }


def _operation(row: Row, schemas: Document) -> Document:
    said = words(row.respond.__doc__).partition(": ")[2] or words(row.respond.__doc__)
    made: Document = {
        "summary": said[:1].upper() + said[1:].rstrip("."),
        "operationId": row.respond.__name__,
    }
    parameters = [
        {"name": name, "in": "path", "required": True, **PARAMETERS[name]}
        for name in re.findall(r"{(\w+)", row.path)
    ]
    if row.path.endswith("/hears"):
        parameters += [_in_query(name) for name in QUERY]
    if parameters:
        made["parameters"] = parameters
    if row.asks is not None:
        schema = _schema(row.asks, schemas)
        made["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    made["responses"] = _responses(row, schemas)
    return made


def _in_query(name: str) -> Document:
    description, default, most = QUERY[name]
    schema = {"type": "integer", "minimum": 0, "maximum": most, "default": default}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _responses(row: Row, schemas: Document) -> Document:
    good: Document = {"description": "Done."}
    if row.answers is bytes:
        good["content"] = {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}
    elif row.answers is str:
        good["content"] = {"text/plain": {"schema": TEXT}}
    elif row.answers is not None:
        good["content"] = {"application/json": {"schema": _schema(row.answers, schemas)}}
    statuses = {400, 403, 413, *row.may, *((415,) if row.method != "GET" else ())}
    why = {f"{status}": {"$ref": f"#/components/responses/{status}"} for status in statuses}
    return {f"{row.status}": good, **dict(sorted(why.items()))}


def _schema(kind: object, schemas: Document) -> Document:
    """The schema of a type; what it is made of goes to `schemas`."""
    kinds = get_args(kind)
    if kinds and all(map(is_dataclass, kinds)):
        return {"anyOf": [_of_a_description(each, tagged=True) for each in kinds]}
    if is_dataclass(kind):
        return _of_a_description(kind, tagged=False)
    made: Document = TypeAdapter(cast("type[object]", kind)).json_schema(
        ref_template="#/components/schemas/{model}", by_alias=True
    )
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if text := docs(kind).get(name):
                made["properties"][field.alias or to_pascal(name)]["description"] = text
    schemas.update(made.pop("$defs", {}))
    if made.get("type") != "object":
        return made
    schemas[made["title"]] = made
    return {"$ref": f"#/components/schemas/{made['title']}"}


def _of_a_description(kind: object, *, tagged: bool) -> Document:
    """A far end or a bot, described as the configuration does, with names in Pascal case."""
    of = cast("type[Any]", kind)
    adapted: Callable[[], Document] = TypeAdapter(of).json_schema
    made, said_of = adapted(), docs(cast("type", of))
    properties: Document = {"Is": {"const": of.__name__}} if tagged else {}
    for field in fields(of):
        text = said_of.get(field.name)
        said = {"description": text} if text else {}
        properties[to_pascal(field.name)] = {**made["properties"][field.name], **said}
    its_kind = ["Is"] if tagged and of is not Answers else []  # who does not say is one
    required = [*its_kind, *map(to_pascal, made.get("required", ()))]
    return {
        "title": of.__name__,
        "description": words(of.__doc__),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }
