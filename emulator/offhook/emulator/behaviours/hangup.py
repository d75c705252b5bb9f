"""Hangup: the leg ends."""

from offhook.actions.hangup import Hangup
from offhook.emulator.call.behaviour import Stage, behaviour

DOCUMENTED = (0, 480, 486)
"""Response codes of dg/hangup: normal, unavailable, busy. A tutorial of AWS sends 200."""


@behaviour()
async def hangup(action: Hangup, stage: Stage) -> None:
    """End the leg; before it is answered, reject it."""
    code = action.sip_response_code
    if code not in DOCUMENTED:
        documented = "0 (normal), 480 (unavailable) and 486 (busy)"
        stage.leg.report("note", f"SipResponseCode {code} is taken: {documented} are documented")
    stage.call.hang_up(stage.leg, code, by="application")
