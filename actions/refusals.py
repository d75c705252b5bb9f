"""What the service says when it refuses a parameter: declared on the field, read by the emulator."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from offhook.actions.wire import marker

if TYPE_CHECKING:
    from offhook.actions.base import Action, ErrorType


class Refusal(NamedTuple):
    """The `ErrorType` and `ErrorMessage` of an ACTION_FAILED."""

    error_type: "ErrorType"
    error_message: str


@dataclass(frozen=True)
class FailsWith:
    """In a field's annotation: how the service refuses a bad value, and a missing one."""

    error_message: str
    error_type: "ErrorType" = "InvalidActionParameter"
    missing: Refusal | None = None


INVALID_LEG = Refusal(
    "InvalidActionParameter", "CallId or ParticipantTag parameter for action is invalid."
)


def wrong(field: str, message: str) -> PydanticCustomError:
    """A cross-field fault, pinned to the field (by its Python name) that should change."""
    return PydanticCustomError(
        "offhook", "{field}: {message}", {"field": field, "message": message}
    )


def refusal_of(action: "type[Action[object]]", error: ValidationError) -> Refusal:
    """What the service would answer to parameters that failed validation."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first.get("ctx", {}).get("field", first["loc"][0] if first["loc"] else ""))
    for python_name, field in action.model_fields.items():
        if name in (python_name, field.alias):
            says = marker(field, FailsWith)
            if says is not None and first["type"] == "missing" and says.missing is not None:
                return says.missing
            if says is not None:
                return Refusal(says.error_type, says.error_message)
            return Refusal(
                "InvalidActionParameter", f"The {field.alias} parameter is invalid."
            )
    return Refusal("InvalidActionParameter", f"The {name} parameter is invalid.")
