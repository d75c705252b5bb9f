"""PlayAudio: the leg hears a wav, as often as asked, until a terminator is pressed."""

from offhook.actions.play_audio import PlayAudio
from offhook.emulator.call.behaviour import Stage, behaviour
from offhook.emulator.call.deeds import Deed


@behaviour(
    answers=True,
    interruptible=True,
    brings_nothing=True,
    when_left="ACTION_SUCCESSFUL",
    echo=lambda _sent: {"Repeat": 1},
    may=lambda action, _known: [
        Deed("presses", k) for k in (action.playback_terminators or ())[:1]
    ],
)
async def play_audio(action: PlayAudio, stage: Stage) -> None:
    """Play the wav; a terminator ends it and its repeats, and the action succeeds."""
    clip = await stage.fetch(action.audio_source)
    terminators = tuple(action.playback_terminators or ())
    for _ in range(action.repeat):
        if not await stage.leg.hears(clip, cut_by=terminators.__contains__):
            return
