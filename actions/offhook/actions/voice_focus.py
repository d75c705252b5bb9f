"""VoiceFocus: switch noise suppression on a leg."""

from typing import Annotated

from offhook.actions.base import Action
from offhook.actions.legs import CallId
from offhook.actions.refusals import INVALID_LEG, FailsWith, Refusal

_MISSING = Refusal("MissingRequiredActionParameter", "Missing required action parameter.")


class VoiceFocus(Action[None]):
    """Switch noise suppression on or off for one leg. At most 5 a second in an account."""

    errors = ("ActionExecutionThrottled", "MissingRequiredActionParameter")

    call_id: Annotated[CallId, FailsWith(INVALID_LEG.error_message, missing=_MISSING)]
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""

    enable: Annotated[bool, FailsWith("The Enable parameter is invalid.", missing=_MISSING)]
    """`True` switches it on, `False` off."""
