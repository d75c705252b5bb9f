"""VoiceFocus: switch noise suppression on a leg."""

from typing import Annotated, ClassVar

from offhook.actions.base import ErrorType
from offhook.actions.fields import OnCallId
from offhook.actions.refusals import FailsWith, Refusal


class VoiceFocus(OnCallId[None]):
    """Switch noise suppression on or off for one leg. At most 5 a second in an account."""

    source: ClassVar[str] = "dg/voice-focus"
    errors: ClassVar[tuple[ErrorType, ...]] = (
        "ActionExecutionThrottled",
        "InvalidActionParameter",
        "MissingRequiredActionParameter",
        "SystemException",
    )

    enable: Annotated[
        bool,
        FailsWith(
            "The Enable parameter is invalid.",
            missing=Refusal(
                "MissingRequiredActionParameter", "Missing required action parameter."
            ),
        ),
    ]
    """`True` switches it on, `False` off."""
