"""SpeakAndGetDigits: the leg hears a text and presses keys."""

from offhook.actions.speak_and_get_digits import SpeakAndGetDigits
from offhook.emulator.call.audio import POLLY_AT_FAULT
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.collecting import collect, echo, may


@behaviour(
    answers=True,
    notifies=True,
    when_left="ACTION_FAILED",
    echo=echo,
    may=may,
    at_fault=POLLY_AT_FAULT,
)
async def speak_and_get_digits(action: SpeakAndGetDigits, stage: Stage) -> SuccessData:
    """Say the text and collect digits; say the failure text after a failed attempt."""
    return await collect(
        action,
        stage,
        prompt=stage.speech(
            action.text, action.text_type, action.voice_id, action.language_code, action.engine
        ),
        failure=stage.speech(
            action.failure_text,
            action.failure_text_type or action.text_type,
            action.failure_voice_id or action.voice_id,
            action.failure_language_code or action.language_code,
            action.failure_engine or action.engine,
        ),
    )
