"""An OpenAPI document as a page: one file that needs nothing else, no script and no network."""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final, TypeAlias

Document: TypeAlias = Mapping[str, Any]

STYLES: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; font-size: 1.1rem; border-top: 1px solid #8886; padding-top: 1rem; }
h2 b { display: inline-block; min-width: 5rem; }
code, h2 { font-family: ui-monospace, monospace; }
code { font-size: .9em; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
tr { border-top: 1px solid #8883; }
caption { text-align: left; font-weight: 600; }
"""


def page(document: Document) -> str:
    """HTML of all its operations, and of what goes in and comes out."""
    info = document["info"]
    title = escape(f"{info['title']} {info['version']}")
    body = "".join(_operations(document))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLES}</style><h1>{title}</h1><p>{_text(info['description'])}</p>{body}</html>"
    )


def _operations(document: Document) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            its_id = escape(said["operationId"])
            yield f'<h2 id="{its_id}"><b>{method.upper()}</b>{escape(path)}</h2>'
            yield f"<p>{_text(said['summary'])}</p>"
            parameters = [
                (each["name"], each["schema"], each.get("description", ""), each.get("required"))
                for each in said.get("parameters", ())
            ]
            yield _table("Parameters", parameters, document)
            for schema in _schemas(said.get("requestBody", {}), document):
                yield _table(f"Body: {schema.get('title', '')}", _members(schema), document)
            yield "<table><caption>Answers</caption>"
            for status, answer in said["responses"].items():
                yield _answer(status, _followed(answer, document), document)
            yield "</table>"


def _answer(status: str, answer: Document, document: Document) -> str:
    content = answer.get("content", {}).values()
    kinds = " ".join(f"<code>{_kind(each['schema'], document)}</code>" for each in content)
    return f"<tr><th>{status}<td>{_text(answer['description'])} {kinds}"


def _schemas(body: Document, document: Document) -> Iterator[Document]:
    for content in body.get("content", {}).values():
        schema = _followed(content["schema"], document)
        yield from (_followed(each, document) for each in schema.get("anyOf", (schema,)))


def _members(schema: Document) -> list[tuple[str, Document, str, bool]]:
    required = schema.get("required", ())
    return [
        (name, member, member.get("description", ""), name in required)
        for name, member in schema.get("properties", {}).items()
    ]


def _table(
    caption: str, rows: Sequence[tuple[str, Document, str, object]], document: Document
) -> str:
    if not rows:
        return ""
    told = (
        f"<tr><th><code>{escape(name)}</code><td><code>{_kind(schema, document)}</code>"
        f"<td>{'required' if is_required else ''}<td>{_text(description)}"
        for name, schema, description, is_required in rows
    )
    return f"<table><caption>{escape(caption)}</caption>{''.join(told)}</table>"


def _kind(schema: Document, document: Document) -> str:
    """What a value is, in a few words."""
    if "$ref" in schema:
        return escape(schema["$ref"].rpartition("/")[2])
    match schema:
        case {"anyOf": choices} | {"oneOf": choices}:
            return " or ".join(dict.fromkeys(_kind(each, document) for each in choices))
        case {"enum": values}:
            return " | ".join(escape(json.dumps(value)) for value in values)
        case {"const": value}:
            return escape(json.dumps(value))
        case {"type": "array", "items": items}:
            return f"list of {_kind(items, document)}"
        case {"type": "object"} if isinstance(schema.get("additionalProperties"), Mapping):
            return f"map to {_kind(schema['additionalProperties'], document)}"
        case _:
            bounds = {"minimum": "≥", "maximum": "≤", "pattern": "as"}
            said = [f"{sign} {schema[name]}" for name, sign in bounds.items() if name in schema]
            return escape(" ".join([str(schema.get("type", "anything")), *said]))


def _followed(schema: Document, document: Document) -> Document:
    """What a reference leads to."""
    found: Any = schema
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    return {"title": schema.get("$ref", "").rpartition("/")[2], **found}


def _text(words: str) -> str:
    """Words with code between backticks."""
    pieces = escape(words).split("`")
    return "".join(f"<code>{piece}</code>" if n % 2 else piece for n, piece in enumerate(pieces))
