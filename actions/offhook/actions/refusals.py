"""What the service says when it refuses a parameter: declared on the field, for the emulator."""

from typing import TYPE_CHECKING, NamedTuple

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from offhook.actions.base import ErrorType


class Refusal(NamedTuple):
    """The `ErrorType` and `ErrorMessage` of an ACTION_FAILED."""

    error_type: "ErrorType"
    error_message: str


class FailsWith(NamedTuple):
    """In a field's annotation: how the service refuses a bad value, and a missing or empty one.

    `{Header}` in the message stands for the SIP header that is at fault. Without this mark the
    answer is InvalidActionParameter with "The X parameter is invalid.", which is how the
    developer guide phrases most of them (dg/unexpected-action-fail).
    """

    error_message: str
    error_type: "ErrorType" = "InvalidActionParameter"
    missing: Refusal | None = None


def invalid(what: str) -> FailsWith:
    """How most values are refused: "JoinToken parameter value is invalid."."""
    return FailsWith(f"{what} parameter value is invalid.")


INVALID_LEG = Refusal(
    "InvalidActionParameter", "CallId or ParticipantTag parameter for action is invalid."
)


def wrong(field: str, message: str, says: str = "") -> PydanticCustomError:
    """A cross-field fault, pinned to the field (by its Python name) that should change.

    `says` is the service's message where that is not the field's usual one.
    """
    context = {"field": field, "message": message, "says": says}
    return PydanticCustomError("offhook", "{field}: {message}", context)
