"""Pause: wait in silence on one leg."""

from typing import Annotated

from annotated_types import Ge, Le

from offhook.actions.fields import AsString
from offhook.actions.legs import OnLeg
from offhook.actions.refusals import FailsWith


class Pause(OnLeg[None]):
    """Wait in silence on one leg. Does not answer an unanswered inbound call."""

    duration_in_milliseconds: Annotated[
        int, Ge(100), Le(30_000), AsString, FailsWith("The Duration parameter is invalid.")
    ]
    """How long, in milliseconds: 100 to 30,000."""
