"""Pause: nothing happens on the leg for a while."""

import asyncio

from offhook.actions.pause import Pause
from offhook.emulator.call.behaviour import Stage, behaviour


@behaviour(brings_nothing=True, interruptible=True)
async def pause(action: Pause, stage: Stage) -> None:
    """Wait for so many milliseconds."""
    if stage.settings.pause_answers:
        stage.leg.answer()
    await asyncio.sleep(action.duration_in_milliseconds / 1000)
