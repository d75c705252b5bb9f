"""Speak: the leg hears the text."""

from offhook.actions.speak import Speak
from offhook.emulator.behaviours import Stage, behaviour
from offhook.emulator.call.audio import speech


@behaviour(answers=True, interruptible=True, when_left="ACTION_SUCCESSFUL")
async def speak(action: Speak, stage: Stage) -> None:
    """Say the text, to the end."""
    await stage.leg.hears(speech(action.text, action.text_type, stage.settings.words_per_minute))
