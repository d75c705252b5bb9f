"""ResumeCallRecording: the call is recorded again."""

from offhook.actions.resume_call_recording import ResumeCallRecording
from offhook.emulator.behaviours import Stage, behaviour
from offhook.emulator.call.recording import running


@behaviour()
async def resume_call_recording(_action: ResumeCallRecording, stage: Stage) -> None:
    """Resume the recording that StartCallRecording began."""
    running(stage).resume()
    stage.call.report(stage.leg, "action", "recording: resume")
