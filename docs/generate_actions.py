"""Makes `docs/actions.md` from `offhook.actions`."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from pydantic_core import PydanticUndefined

from docs.generate_schemas import Schema, fields, kind
from offhook.actions import Action, action_types
from offhook.actions.base import snake_case
from offhook.emulator.server.documents.docstrings import docs, words

PAGE = Path(__file__).with_name("actions.md")

HEAD = """\
<!-- Made by docs/generate_actions.py from offhook.actions: change that, then `make docs`. -->

# Actions: what a call can be told to do

Each is a class of `offhook.actions`, named as AWS names it; its fields are AWS's parameters in
snake case. A wrong name or value fails where you write it. What is not set is not sent, but for
what is required. Every action can fail with `InvalidActionParameter` (also for a leg that is not
there) and `SystemException`.

`ssml("<speak>Dear {name}</speak>", name=name)` puts other people's words into SSML: they are said,
and are never tags. `Unlisted("...")` is a value that AWS has added to one of its lists since.

"""


def page() -> str:
    """The whole page."""
    names = action_types()
    contents = "".join(f"- [{name}](#{name.lower()}): {_gist(kind(name))}\n" for name in names)
    return HEAD + contents + "".join(f"\n{section(kind(name))}" for name in names)


def section(of: type[Action]) -> str:
    """What is to say of one action."""
    name = snake_case(of.type_name())
    errors = ", ".join(f"`{error}`" for error in of.errors)
    guide = f"https://docs.aws.amazon.com/chime-sdk/latest/{of.source}.html"
    return "\n".join(
        [
            f"## {of.type_name()}",
            "",
            words(of.__doc__),
            "",
            "| field | on the wire | what it takes | default | what it means |",
            "|---|---|---|---|---|",
            *rows(of),
            "",
            f"Brings back: {_brings_back(of)}",
            "",
            f"Can fail with: {errors}.",
            "",
            f"See also: [developer guide]({guide}), {_schema_and_success(name)}.",
            "",
        ]
    )


def _schema_and_success(name: str) -> str:
    success = f"../events/action_successful/{name}.json"
    return f"[JSON Schema](schemas/{name}.json), [a success]({success})"


def rows(of: type[Action]) -> Iterator[str]:
    """A row for each field: what is required first."""
    listed = sorted(fields(of), key=lambda row: not of.model_fields[row[0]].is_required())
    for name, schema, _ in listed:
        field = of.model_fields[name]
        default = field.get_default(call_default_factory=False)
        cells = (
            f"`{name}`",
            f"`{(field.alias or name).replace('.0.', '[].')}`",
            takes(schema),
            "required" if default is PydanticUndefined else _code(default),
            str(schema["description"]),
        )
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def takes(schema: Schema) -> str:
    """What a field takes, in words."""
    match schema:
        case {"const": value}:
            return _code(value)
        case {"enum": [*values]}:
            return ", ".join(map(_code, values))
        case {"anyOf": [*ranges, {"type": "string"}]}:
            return ", or ".join(takes(cast("Schema", one)) for one in ranges)
        case {"type": "integer"}:
            return _number(schema)
        case {"type": "boolean"}:
            return "`True`, `False`"
        case {"items": {"enum": [*_]}}:
            return 'keys of a telephone, as in `"1#"`'
        case {"items": {"properties": _}}:
            names = cast("dict[str, Schema]", schema["items"]["properties"])
            return f"objects of {', '.join(f'`{snake_case(name)}`' for name in names)}"
        case {"type": "array"}:
            return f"texts{_between(schema, 'minItems', 'maxItems', ' of them')}"
        case {"properties": _}:
            return "a place: `s3://bucket/...`"
        case {"type": "object"}:
            return "texts by name"
        case _:
            return f"text{_between(schema, 'minLength', 'maxLength', ' characters')}"


def _number(schema: Schema) -> str:
    above = schema.get("exclusiveMinimum")
    if above is not None:
        return f"a number above {above}"
    return f"{schema['minimum']:,} to {schema['maximum']:,}"


def _between(schema: Schema, low: str, high: str, what: str) -> str:
    return f", {schema[low]:,} to {schema[high]:,}{what}" if {low, high} <= schema.keys() else ""


def _code(value: object) -> str:
    match value:
        case None:
            return "none"
        case str():
            return f'`"{value}"`'
        case tuple():
            return " ".join(map(_code, cast("tuple[object, ...]", value))) or "none"
        case _:
            return f"`{value!r}`"


def _brings_back(of: type[Action]) -> str:
    result = of.result_type
    if result is None:
        return "nothing."
    told = (f"`{name}`: {text}" for name, text in docs(result).items())
    listed = "; ".join(text.rstrip(".") for text in told)
    return f"`{result.__name__}`, as `event.result`. {listed or words(result.__doc__).rstrip('.')}."


def _gist(of: type[Action]) -> str:
    gist = words(of.__doc__).partition(". ")[0].rstrip(".")
    return gist[0].lower() + gist[1:]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
