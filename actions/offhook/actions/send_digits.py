"""SendDigits: press keys towards one leg."""

from typing import Annotated

from annotated_types import Ge, Le

from offhook.actions.base import Action
from offhook.actions.fields import like
from offhook.actions.legs import CallId
from offhook.actions.refusals import FailsWith


class SendDigits(Action[None]):
    """Press keys towards one leg, as tones that its far end hears."""

    call_id: CallId
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""

    digits: Annotated[
        str,
        like("[0-9*#A-D,]{1,50}", "1 to 50 of 0-9 * # A-D and the comma, half a second's pause"),
    ]
    """1 to 50 of `0`-`9`, `*`, `#`, `A`-`D` and `,` (a pause of half a second)."""

    tone_duration_in_milliseconds: Annotated[
        int, Ge(50), Le(24_000), FailsWith("ToneDuration parameter value is invalid.")
    ] = 250
    """How long each tone sounds, in milliseconds: 50 to 24,000."""
