"""Parameters that the service refuses: the error type and the text that AWS documents."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from offhook.actions import Speak
from tests.emulator.functions import AnsweredBy, error, in_turn, types

AUDIO = {"Type": "S3", "BucketName": "prompts", "Key": "welcome.wav"}
WORDS = {"Text": "Hello."}
COLLECT_WAV = {
    "AudioSource": AUDIO,
    "FailureAudioSource": AUDIO,
    "RepeatDurationInMilliseconds": 1000,
}
COLLECT = {
    "SpeechParameters": WORDS,
    "FailureSpeechParameters": WORDS,
    "RepeatDurationInMilliseconds": 1000,
}
PARAMETER = "InvalidActionParameter"
LEG = (PARAMETER, "CallId or ParticipantTag parameter for action is invalid.")
SOURCE = ("InvalidAudioSource", "Audio Source parameter value is invalid.")
NO_TEXT = ("MissingRequiredActionParameter", "Text is a required parameter.")
LONG_TEXT = ("MissingRequiredActionParameter", "Text is limited to 1,000 characters")
MAX = (PARAMETER, "The MaxNumberOfDigits parameter is invalid.")
REGEX = (PARAMETER, "The InputDigitsRegex parameter is invalid.")
WAIT = (PARAMETER, "The RepeatDurationInMilliseconds parameter is invalid.")
POLLY = (PARAMETER, "")

FAULTS: dict[str, tuple[str, Mapping[str, object], tuple[str, str]]] = {
    "no text": ("Speak", {}, NO_TEXT),
    "text is null": ("Speak", {"Text": None}, NO_TEXT),
    "text is empty": ("Speak", {"Text": ""}, NO_TEXT),
    "text of 1001 characters": ("Speak", {"Text": "x" * 1001}, LONG_TEXT),
    "an engine that is none": ("Speak", {**WORDS, "Engine": "steam"}, POLLY),
    "a text type that is none": ("Speak", {**WORDS, "TextType": "html"}, POLLY),
    "a voice that is none": ("Speak", {**WORDS, "VoiceId": "17"}, POLLY),
    "a language that is none": ("Speak", {**WORDS, "LanguageCode": "English"}, POLLY),
    "a leg that is not there": ("Speak", {**WORDS, "ParticipantTag": "LEG-B"}, LEG),
    "a tag that is none": ("Speak", {**WORDS, "ParticipantTag": "LEG-C"}, LEG),
    "a tag in lower case": ("Speak", {**WORDS, "ParticipantTag": "leg-a"}, LEG),
    "a call id of nobody": ("Speak", {**WORDS, "CallId": "nobody"}, LEG),
    "a call id that is a number": ("Speak", {**WORDS, "CallId": 5}, LEG),
    "a hangup of nobody": ("Hangup", {"CallId": "nobody"}, LEG),
    "a pause of nobody": (
        "Pause",
        {"CallId": "nobody", "DurationInMilliseconds": 500},
        LEG,
    ),
    "no audio": ("PlayAudio", {}, SOURCE),
    "audio is a string": ("PlayAudio", {"AudioSource": "s3://prompts/welcome.wav"}, SOURCE),
    "audio is not in S3": ("PlayAudio", {"AudioSource": {**AUDIO, "Type": "S4"}}, SOURCE),
    "audio without a bucket": ("PlayAudio", {"AudioSource": {"Type": "S3", "Key": "a"}}, SOURCE),
    "a bucket that is none": (
        "PlayAudio",
        {"AudioSource": {**AUDIO, "BucketName": "../.."}},
        SOURCE,
    ),
    "an empty key": ("PlayAudio", {"AudioSource": {**AUDIO, "Key": ""}}, SOURCE),
    "a key that is too long": ("PlayAudio", {"AudioSource": {**AUDIO, "Key": "k" * 1025}}, SOURCE),
    "no failure audio": (
        "PlayAudioAndGetDigits",
        {"AudioSource": AUDIO, "RepeatDurationInMilliseconds": 1000},
        SOURCE,
    ),
    "fewer at most than at least": (
        "PlayAudioAndGetDigits",
        {**COLLECT_WAV, "MinNumberOfDigits": 3, "MaxNumberOfDigits": 2},
        MAX,
    ),
    "129 digits": ("PlayAudioAndGetDigits", {**COLLECT_WAV, "MaxNumberOfDigits": 129}, MAX),
    "a pattern that is none": (
        "PlayAudioAndGetDigits",
        {**COLLECT_WAV, "InputDigitsRegex": "["},
        REGEX,
    ),
    "a wait of nothing": (
        "PlayAudioAndGetDigits",
        {**COLLECT_WAV, "RepeatDurationInMilliseconds": 0},
        WAIT,
    ),
    "no wait": ("PlayAudioAndGetDigits", {"AudioSource": AUDIO, "FailureAudioSource": AUDIO}, WAIT),
    "no failure text": (
        "SpeakAndGetDigits",
        {"SpeechParameters": WORDS, "RepeatDurationInMilliseconds": 1000},
        NO_TEXT,
    ),
    "a failure text of 1001 characters": (
        "SpeakAndGetDigits",
        {**COLLECT, "FailureSpeechParameters": {"Text": "x" * 1001}},
        LONG_TEXT,
    ),
    "speech beside its object": (
        "SpeakAndGetDigits",
        {"Text": "Hello.", "FailureSpeechParameters": WORDS, "RepeatDurationInMilliseconds": 1},
        NO_TEXT,
    ),
    "a spoken menu with fewer at most than at least": (
        "SpeakAndGetDigits",
        {**COLLECT, "MinNumberOfDigits": 3, "MaxNumberOfDigits": 2},
        MAX,
    ),
    "a spoken menu with a pattern that is none": (
        "SpeakAndGetDigits",
        {**COLLECT, "InputDigitsRegex": "("},
        REGEX,
    ),
    "a spoken menu without a wait": (
        "SpeakAndGetDigits",
        {"SpeechParameters": WORDS, "FailureSpeechParameters": WORDS},
        WAIT,
    ),
}


@pytest.mark.parametrize(("kind", "sent", "refused"), FAULTS.values(), ids=FAULTS)
def test_the_action_fails_with_the_documented_text(
    answered_by: AnsweredBy,
    a_wav: Callable[..., Path],
    kind: str,
    sent: Mapping[str, object],
    refused: tuple[str, str],
) -> None:
    a_wav("welcome.wav")
    action = {"Type": kind, "Parameters": sent}
    call = answered_by(in_turn([Speak(text="Hello."), action], [Speak(text="Sorry.")])).dials()
    call.hears("Hello.")
    call.hears("Sorry.")
    assert types(call.events)[1] == "ACTION_FAILED"
    assert error(call.events[1]) == refused
    assert f"{kind}: " in call.ladder.render()


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("PlayAudio", {"AudioSource": AUDIO, "Repeat": 0}),
        ("PlayAudio", {"AudioSource": AUDIO, "PlaybackTerminators": ["A"]}),
        ("PlayAudio", {"AudioSource": AUDIO, "PlaybackTerminators": ["12"]}),
        ("PlayAudioAndGetDigits", {**COLLECT_WAV, "MinNumberOfDigits": -1}),
        ("PlayAudioAndGetDigits", {**COLLECT_WAV, "Repeat": 0}),
        ("SpeakAndGetDigits", {**COLLECT, "TerminatorDigits": ["x"]}),
        ("SpeakAndGetDigits", {**COLLECT, "InBetweenDigitsDurationInMilliseconds": 0}),
        ("Hangup", {"SipResponseCode": "busy"}),
        ("Hangup", {"SipResponseCode": 7}),
    ],
)
def test_what_aws_gives_no_text_for_names_the_parameter(
    answered_by: AnsweredBy, kind: str, sent: Mapping[str, object]
) -> None:
    wrong = list(sent)[-1]
    call = answered_by(in_turn([{"Type": kind, "Parameters": sent}])).dials()
    call.waits(0.001)
    assert error(call.events[1]) == (PARAMETER, f"The {wrong} parameter is invalid.")
