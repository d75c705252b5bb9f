"""Hangup: the leg ends."""

from offhook.actions.hangup import Hangup
from offhook.emulator.behaviours import Stage, behaviour


@behaviour()
async def hangup(action: Hangup, stage: Stage) -> None:
    """End the leg; before it is answered, reject it."""
    stage.call.hang_up(stage.leg, action.sip_response_code, by="application")
