"""Speak: say a text to one leg, by Amazon Polly."""

from offhook.actions.fields import Engine, LanguageCode, Text, TextType, VoiceId
from offhook.actions.legs import OnLeg


class Speak(OnLeg[None]):
    """Say a text to one leg, in a voice of Amazon Polly. Answers an unanswered inbound call."""

    errors = ("AccessDenied", "ActionExecutionThrottled", "MissingRequiredActionParameter")

    text: Text
    """What is said, plain or SSML: 1 to 1,000 characters."""

    engine: Engine = "standard"
    """Polly's engine: `standard` or `neural`; that Speak takes the others is not documented."""

    language_code: LanguageCode | None = None
    """Language of a bilingual voice, as in `en-IN`. Other voices have one language."""

    text_type: TextType = "text"
    """`text`, or `ssml` when the text is `<speak>...</speak>`; `ssml()` puts words into one."""

    voice_id: VoiceId = "Joanna"
    """The voice, as in `Joanna`; one that AWS adds is said as `Unlisted("Nova")`."""
