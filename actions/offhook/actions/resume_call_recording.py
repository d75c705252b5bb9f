"""ResumeCallRecording: record the call again."""

from offhook.actions.legs import OnRecordedLeg


class ResumeCallRecording(OnRecordedLeg):
    """Record the call again after PauseCallRecording. A tone marks it."""
