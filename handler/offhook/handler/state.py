"""Call state: a user's own pydantic model, kept in TransactionAttributes.

Each field is one attribute. A string is stored as it is, anything else as JSON; a string that
would read as JSON (`"12"`, `"true"`) is stored in quotes, so that it comes back a string.
"""

import json
from collections.abc import Mapping
from typing import TypeVar, cast

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from offhook.handler.errors import StateUnreadable

ModelT = TypeVar("ModelT", bound=BaseModel)


def write(state: BaseModel, stored: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The attributes with this state in them. Attributes that are not its fields stay."""
    fields: dict[str, JsonValue] = state.model_dump(mode="json", by_alias=False, round_trip=True)
    return {**stored, **{name: _write(value) for name, value in fields.items()}}


def read(model: type[ModelT], stored: Mapping[str, JsonValue], *, repairs: bool = True) -> ModelT:
    """The state that the attributes hold; fields that are not there take their defaults. So do
    those, if it `repairs`, that another version of the model stored as another type.

    Raises `StateUnreadable`.
    """
    names = [name for name in model.model_fields if name in stored]
    values = {name: decode(stored[name]) for name in names}
    faults: list[ErrorDetails] = []
    for attempt in range(2 + repairs):
        try:
            return model.model_validate_json(json.dumps(values), by_alias=False, by_name=True)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
        for name in {str(fault["loc"][0]) for fault in faults if fault["loc"]} & values.keys():
            if attempt == 0:  # another program may have stored "12" for a string
                values[name] = stored[name]
            elif not model.model_fields[name].is_required():  # another version, another type
                del values[name]
    wrong = "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'all of it'}: {fault['msg']}" for fault in faults
    )
    # Raised out here, because pydantic's error shows the values, and one may be a phone number.
    raise StateUnreadable(
        f"TransactionAttributes hold no {model.__name__}: {wrong}. "
        f"Stored are {', '.join(stored) or 'none'}. Give the fields defaults, or store the state "
        f"first: Response(actions, attributes={model.__name__}(...))",
        wrong,
    )


def decode(stored: JsonValue) -> JsonValue:
    """The value of one attribute."""
    if not isinstance(stored, str) or stored[:1] not in '"-0123456789INtfn[{ \t\n\r':  # soon said
        return stored
    try:
        return cast("JsonValue", json.loads(stored))
    except (ValueError, RecursionError):
        return stored


def _write(value: JsonValue) -> JsonValue:
    if isinstance(value, str) and decode(value) is value:  # as it is, for it is no JSON
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
