"""StopCallRecording: end the recording of a call."""

from offhook.actions.base import Action
from offhook.actions.legs import RecordedLeg


class StopCallRecording(Action[None]):
    """End the recording of one leg's call: then it is delivered. It was that leg's only one."""

    call_id: RecordedLeg
    """The leg, by its `CallId`: take it from an event, as in `event.leg_a.call_id`."""
