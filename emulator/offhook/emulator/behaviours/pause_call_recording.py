"""PauseCallRecording: silence is recorded for a while."""

from offhook.actions.pause_call_recording import PauseCallRecording
from offhook.emulator.call.behaviour import Stage, behaviour


@behaviour()
async def pause_call_recording(_action: PauseCallRecording, stage: Stage) -> None:
    """Pause the recording that StartCallRecording began."""
    stage.recording().pause()
    stage.leg.report("action", "recording: pause")
