"""SpeakAndGetDigits: say a text to one leg and collect what is pressed."""

from typing import Annotated

from pydantic import Field

from offhook.actions.collecting import CollectsDigits
from offhook.actions.fields import Engine, IsSsml, LanguageCode, Text, TextType, VoiceId


class SpeakAndGetDigits(CollectsDigits):
    """Say a text to one leg and collect digits, with another text for each failed attempt.

    On the wire the speech is nested in `SpeechParameters` and `FailureSpeechParameters`.
    """

    errors = ("AccessDenied", "InvalidDigitsReceived", "MissingRequiredActionParameter")

    text: Annotated[Text, Field(alias="SpeechParameters.Text")]
    """What is said before digits are collected, plain or SSML: 1 to 1,000 characters."""

    engine: Annotated[Engine, Field(alias="SpeechParameters.Engine")] = "standard"
    """Polly's engine: `standard` or `neural`."""

    language_code: Annotated[LanguageCode | None, Field(alias="SpeechParameters.LanguageCode")] = (
        None
    )
    """Language of a bilingual voice, as in `en-IN`."""

    text_type: Annotated[TextType, Field(alias="SpeechParameters.TextType")] = "text"
    """`text`, or `ssml` when the text is `<speak>...</speak>`."""

    voice_id: Annotated[VoiceId, Field(alias="SpeechParameters.VoiceId")] = "Joanna"
    """The voice, as in `Joanna`."""

    failure_text: Annotated[Text, Field(alias="FailureSpeechParameters.Text")]
    """What is said after a failed attempt: 1 to 1,000 characters."""

    failure_engine: Annotated[Engine | None, Field(alias="FailureSpeechParameters.Engine")] = None
    """Polly's engine for the failure text. Default: `engine`."""

    failure_language_code: Annotated[
        LanguageCode | None, Field(alias="FailureSpeechParameters.LanguageCode")
    ] = None
    """Language of the failure text. Default: `language_code`."""

    failure_text_type: Annotated[
        TextType | None,
        IsSsml,
        Field(alias="FailureSpeechParameters.TextType", validate_default=True),
    ] = None
    """`text` or `ssml` for the failure text. Default: `text_type`."""

    failure_voice_id: Annotated[VoiceId | None, Field(alias="FailureSpeechParameters.VoiceId")] = (
        None
    )
    """The voice of the failure text. Default: `voice_id`."""
