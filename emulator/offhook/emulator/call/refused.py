"""How a behaviour says that the service would not do it."""

from pydantic import ValidationError

from offhook.actions.base import Action
from offhook.actions.refusals import FailsWith, Refusal
from offhook.actions.wire import Misplaced, marker


class Refused(Exception):
    """An action failed: ACTION_FAILED with this `ErrorType` and `ErrorMessage`.

    `note` is for the person at the desk: what was looked for and what to do.
    """

    def __init__(self, refusal: Refusal, note: str = "") -> None:
        super().__init__(f"{refusal.error_type}: {refusal.error_message}")
        self.refusal = refusal
        self.note = note


def refusal_of(action: type[Action[object]], error: ValidationError) -> Refusal:
    """What the service would answer to parameters that failed validation."""
    first = error.errors(include_url=False)[0]
    context: dict[str, str] = first.get("ctx", {})
    place = first["loc"] or (context["field"],)
    field = action.model_fields[str(place[0])]
    parameter = (field.alias or "").partition(".")[0]
    declared = marker(field, FailsWith) or FailsWith(f"The {parameter} parameter is invalid.")
    absent = first["type"] == "missing" or isinstance(first["input"], Misplaced)
    if declared.missing and (absent or first["input"] == ""):
        return declared.missing
    says = declared.error_message.format(Header=context.get("header", place[-1]))
    return Refusal(declared.error_type, context.get("says") or says)
