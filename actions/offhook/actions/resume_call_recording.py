"""ResumeCallRecording: record the call again."""

from offhook.actions.base import Action
from offhook.actions.legs import RecordedLeg


class ResumeCallRecording(Action[None]):
    """Record the call again after PauseCallRecording. A tone marks it."""

    call_id: RecordedLeg
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""
