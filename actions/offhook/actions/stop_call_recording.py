"""StopCallRecording: end the recording of a call."""

from offhook.actions.legs import OnRecordedLeg


class StopCallRecording(OnRecordedLeg):
    """End the recording of one leg's call: then it is delivered. It was that leg's only one."""
