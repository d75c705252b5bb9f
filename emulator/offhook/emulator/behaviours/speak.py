"""Speak: the leg hears the text."""

from offhook.actions.speak import Speak
from offhook.emulator.call.audio import POLLY_AT_FAULT
from offhook.emulator.call.behaviour import Stage, behaviour


@behaviour(
    answers=True,
    interruptible=True,
    when_left="ACTION_SUCCESSFUL",
    brings_nothing=True,
    at_fault=POLLY_AT_FAULT,
)
async def speak(action: Speak, stage: Stage) -> None:
    """Say the text, to the end."""
    said = stage.speech(
        action.text, action.text_type, action.voice_id, action.language_code, action.engine
    )
    await stage.leg.hears(said)
