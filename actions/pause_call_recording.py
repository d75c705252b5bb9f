"""PauseCallRecording: record silence for a while."""

from typing import ClassVar

from offhook.actions.fields import OnCallId


class PauseCallRecording(OnCallId[None]):
    """Record silence (billed) instead of the call, until ResumeCallRecording. A tone marks it."""

    source: ClassVar[str] = "dg/pause-call-recording"
