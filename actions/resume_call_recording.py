"""ResumeCallRecording: record the call again."""

from typing import ClassVar

from offhook.actions.fields import OnCallId


class ResumeCallRecording(OnCallId[None]):
    """Record the call again after PauseCallRecording. A tone marks it."""

    source: ClassVar[str] = "dg/resume-call-recording"
