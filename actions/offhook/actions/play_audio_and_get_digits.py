"""PlayAudioAndGetDigits: play audio to one leg and collect what is pressed."""

from offhook.actions.collecting import CollectsDigits
from offhook.actions.fields import AudioSource


class PlayAudioAndGetDigits(CollectsDigits):
    """Play audio to one leg and collect digits, with other audio for each failed attempt."""

    source = "dg/play-audio-get-digits"
    errors = ("InvalidAudioSource", "InvalidDigitsReceived")

    audio_source: AudioSource
    """What is played before digits are collected: `s3://bucket/key` or a key."""

    failure_audio_source: AudioSource
    """What is played after a failed attempt: `s3://bucket/key` or a key."""
