"""SendDigits: tones are sent towards the far end of the leg."""

import asyncio

from offhook.actions.send_digits import SendDigits
from offhook.emulator.call.behaviour import Stage, behaviour

COMMA_SECONDS = 0.5
"""What a comma among the digits waits (dg/send-digits)."""


@behaviour(answers=True, brings_nothing=True)
async def send_digits(action: SendDigits, stage: Stage) -> None:
    """Send one digit after another."""
    stage.leg.report("action", f"hears the tones {action.digits}")
    for digit in action.digits:
        if digit == ",":
            await asyncio.sleep(COMMA_SECONDS)
        else:
            with stage.leg.sounding():
                await asyncio.sleep(action.tone_duration_in_milliseconds / 1000)
            stage.call.send_digit(stage.leg, digit)
