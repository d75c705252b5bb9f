"""PauseCallRecording: record silence for a while."""

from offhook.actions.legs import OnRecordedLeg


class PauseCallRecording(OnRecordedLeg):
    """Record silence (billed) instead of the call, until ResumeCallRecording. A tone marks it."""
