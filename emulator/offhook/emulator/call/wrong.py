"""What is wrong with a parameter of an action, in words for the person at the desk."""

from typing import TYPE_CHECKING, Final, cast

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from offhook.actions.base import Action
from offhook.actions.wire import marker

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NOT_SET: Final = (
    "where it is that of an environment variable, set the variable where the function finds it"
)


def wrong(kind: type[Action[object]], fault: "ErrorDetails") -> tuple[str, str]:
    """The parameter by its name on the wire, with what was found there; and why that is wrong."""
    place = [str(part) for part in fault["loc"]]
    field = kind.model_fields.get(place[0]) if place else None
    name = field.alias if field else ".".join(place) or "Parameters"
    if fault["type"] == "missing":
        return f"{name} is missing", "it is required"
    if field is not None and (lacking := _lacking(field, fault["input"])):
        return f"{name} has no {lacking}", _NOT_SET
    if fault["type"] == "ssml":  # which is told of the type: the text is named so without it
        return f"{name}".removesuffix("Type"), fault["msg"]
    return f"{name} is {fault['input']!r}"[:200], fault["msg"]


def _lacking(field: FieldInfo, given: object) -> str:
    """What an object lacks that is there on the wire, as does one with the name of a bucket that
    was read from an environment variable."""
    schema = marker(field, WithJsonSchema)
    if schema is None or schema.json_schema is None or not isinstance(given, dict):
        return ""
    there = cast("dict[str, object]", given)
    required = cast("list[str]", schema.json_schema.get("required", []))
    return next((name for name in required if there.get(name) in (None, "")), "")
