"""ResumeCallRecording: the call is recorded again."""

from offhook.actions.resume_call_recording import ResumeCallRecording
from offhook.emulator.call.behaviour import Stage, behaviour


@behaviour()
async def resume_call_recording(_action: ResumeCallRecording, stage: Stage) -> None:
    """Resume the recording that StartCallRecording began."""
    stage.recording().resume()
    stage.leg.report("action", "recording: resume")
