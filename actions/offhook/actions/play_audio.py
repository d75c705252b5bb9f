"""PlayAudio: play a wav from S3 to one leg."""

from pydantic import PositiveInt

from offhook.actions.digits import TelephoneKeys
from offhook.actions.fields import AudioSource
from offhook.actions.legs import OnLeg


class PlayAudio(OnLeg[None]):
    """Play a wav from S3 to one leg. Answers an unanswered inbound call."""

    errors = ("InvalidAudioSource",)

    audio_source: AudioSource
    """What is played: `s3://bucket/key`, or a key in the default bucket."""

    playback_terminators: TelephoneKeys | None = None
    """Keys that stop the audio and its repeats. The action succeeds; the key is not reported."""

    repeat: PositiveInt = 1
    """How often it is played in all, above 0."""
