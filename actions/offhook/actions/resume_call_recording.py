"""ResumeCallRecording: record the call again."""

from typing import ClassVar

from offhook.actions.legs import OnRecordedLeg


class ResumeCallRecording(OnRecordedLeg):
    """Record the call again after PauseCallRecording. A tone marks it."""

    source: ClassVar[str] = "dg/resume-call-recording"
