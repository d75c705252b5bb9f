"""PauseCallRecording: silence is recorded for a while."""

from offhook.actions.pause_call_recording import PauseCallRecording
from offhook.emulator.behaviours import Stage, behaviour
from offhook.emulator.call.recording import running


@behaviour()
async def pause_call_recording(_action: PauseCallRecording, stage: Stage) -> None:
    """Pause the recording that StartCallRecording began."""
    running(stage).pause()
    stage.call.report(stage.leg, "action", "recording: pause")
