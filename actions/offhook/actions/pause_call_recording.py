"""PauseCallRecording: record silence for a while."""

from typing import ClassVar

from offhook.actions.legs import OnRecordedLeg


class PauseCallRecording(OnRecordedLeg):
    """Record silence (billed) instead of the call, until ResumeCallRecording. A tone marks it."""

    source: ClassVar[str] = "dg/pause-call-recording"
