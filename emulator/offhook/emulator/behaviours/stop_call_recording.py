"""StopCallRecording: the recording of the leg's call ends, and is delivered."""

from offhook.actions.stop_call_recording import StopCallRecording
from offhook.emulator.behaviours import Stage, behaviour
from offhook.emulator.call.recording import running


@behaviour()
async def stop_call_recording(_action: StopCallRecording, stage: Stage) -> None:
    """Stop the recording that StartCallRecording began."""
    running(stage).stop()
    stage.call.report(stage.leg, "action", "recording: stop")
