"""PauseCallRecording: record silence for a while."""

from offhook.actions.base import Action
from offhook.actions.legs import RecordedLeg


class PauseCallRecording(Action[None]):
    """Record silence (billed) instead of the call, until ResumeCallRecording. A tone marks it."""

    call_id: RecordedLeg
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""
