"""StopCallRecording: the recording of the leg's call ends, and is delivered."""

from offhook.actions.stop_call_recording import StopCallRecording
from offhook.emulator.call.behaviour import Stage, behaviour


@behaviour()
async def stop_call_recording(_action: StopCallRecording, stage: Stage) -> None:
    """Stop the recording that StartCallRecording began."""
    stage.recording().stop()
    stage.leg.report("action", "recording: stop")
