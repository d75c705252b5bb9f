"""Speak: say a text to one leg, by Amazon Polly."""

from typing import ClassVar

from offhook.actions.base import ErrorType
from offhook.actions.fields import Engine, LanguageCode, Text, TextType, VoiceId
from offhook.actions.legs import OnLeg


class Speak(OnLeg[None]):
    """Say a text to one leg, in a voice of Amazon Polly. Answers an unanswered inbound call."""

    source: ClassVar[str] = "dg/speak"
    errors: ClassVar[tuple[ErrorType, ...]] = (
        "AccessDenied",
        "ActionExecutionThrottled",
        "InvalidActionParameter",
        "MissingRequiredActionParameter",
        "SystemException",
    )

    text: Text
    """What is said, plain or SSML: 1 to 1,000 characters."""

    engine: Engine = "standard"
    """Polly's engine: `standard` or `neural`."""

    language_code: LanguageCode | None = None
    """Language of a bilingual voice, as in `en-IN`. Other voices have one language."""

    text_type: TextType = "text"
    """`text`, or `ssml` when the text is `<speak>...</speak>`."""

    voice_id: VoiceId = "Joanna"
    """The voice, as in `Joanna`."""
