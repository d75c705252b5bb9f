"""StopCallRecording: end the recording of a call."""

from typing import ClassVar

from offhook.actions.fields import OnCallId


class StopCallRecording(OnCallId[None]):
    """End the recording of one leg's call; it is delivered then. It cannot start again on that leg."""

    source: ClassVar[str] = "dg/stop-call-recording"
