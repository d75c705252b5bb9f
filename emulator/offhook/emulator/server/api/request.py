"""From an HTTP request to the parameters of an operation, and whether they are as they must be."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from botocore.model import Shape, StructureShape

from offhook.emulator.server.api.check import describe
from offhook.emulator.server.api.model import Operation
from offhook.emulator.service.service_error import bad_request

Parameters: TypeAlias = Mapping[str, object]


def read_parameters(
    operation: Operation, labels: Sequence[str], query: Mapping[str, str], body: bytes
) -> Parameters:
    """The checked parameters. Raises BadRequestException, which names every fault."""
    found: dict[str, object] = dict(_body(body, operation)) if operation.body_members else {}
    for member, value in zip(operation.path_members, labels, strict=True):
        found[member.name] = value
    for member in operation.query_members:
        if member.location_name in query:
            found[member.name] = _from_text(query[member.location_name], member.shape)
    if operation.check_input(found):
        found = cast("dict[str, object]", _read_again(operation.model.input_shape, found))
    mistakes = operation.check_input(found)
    if mistakes:
        raise bad_request(describe(mistakes))
    return found


def _read_again(shape: Shape | None, value: object) -> object:
    """With the booleans that are text, as CloudFormation hands them to custom resources: a library
    of theirs, which AWS publishes, sends them on as they are."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {name: _read_again(shape.members.get(name), each) for name, each in fields.items()}
    if shape is not None and shape.type_name == "boolean" and isinstance(value, str):
        return _from_text(value, shape)
    return value


def _body(body: bytes, operation: Operation) -> Parameters:
    """The members in the body that the operation knows; the service ignores others, and null."""
    try:
        read: object = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The body is not JSON: {error}") from None
    if not isinstance(read, dict):
        raise bad_request("The body must be a JSON object")
    fields = cast("dict[str, object]", read)
    return {
        name: value
        for name, value in fields.items()
        if value is not None and name in operation.body_members
    }


def _from_text(text: str, shape: Shape) -> object:
    """What stands in a query. What cannot be read stays as it is, and is a fault later."""
    if shape.type_name in ("integer", "long") and len(text) < 20:
        try:
            return int(text)
        except ValueError:
            return text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text
