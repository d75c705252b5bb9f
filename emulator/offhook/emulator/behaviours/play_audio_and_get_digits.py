"""PlayAudioAndGetDigits: the leg hears a wav and presses keys."""

from offhook.actions.play_audio_and_get_digits import PlayAudioAndGetDigits
from offhook.emulator.call.behaviour import Stage, SuccessData, behaviour
from offhook.emulator.call.collecting import collect, echo, may


@behaviour(answers=True, notifies=True, when_left="ACTION_FAILED", echo=echo, may=may)
async def play_audio_and_get_digits(action: PlayAudioAndGetDigits, stage: Stage) -> SuccessData:
    """Play the wav and collect digits; play the failure wav after a failed attempt."""
    return await collect(
        action,
        stage,
        prompt=await stage.fetch(action.audio_source),
        failure=await stage.fetch(action.failure_audio_source),
    )
