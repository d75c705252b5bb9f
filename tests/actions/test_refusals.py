"""How the service refuses a parameter: the error type and the words that AWS documents."""

from typing import Final

import pytest
from pydantic import ValidationError

from offhook.actions import action_class
from offhook.actions.refusals import INVALID_LEG, Refusal
from offhook.emulator.call.refused import refusal_of
from tests.actions.examples import ACTIONS, minimal, parameters_of

PARAMETER: Final = "InvalidActionParameter"
SOURCE = Refusal("InvalidAudioSource", "Audio Source parameter value is invalid.")
LEG = Refusal(PARAMETER, "CallId or ParticipantTag parameter for action is invalid.")
RECORDED_LEG = Refusal(PARAMETER, "CallId parameter for action is invalid")
NO_TEXT = Refusal("MissingRequiredActionParameter", "Text is a required parameter.")
LONG_TEXT = Refusal("MissingRequiredActionParameter", "Text is limited to 1,000 characters")
ENDPOINT = Refusal(PARAMETER, "Endpoint parameter is invalid.")
ENDPOINTS = Refusal(PARAMETER, "Invalid number of endpoints provided.")
NO_SWITCH = Refusal("MissingRequiredActionParameter", "Missing required action parameter.")
POLLY = Refusal(PARAMETER, "")

PHONE = {"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}
CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"


def invalid(parameter: str) -> Refusal:
    """How most parameters are refused (dg/unexpected-action-fail)."""
    return Refusal(PARAMETER, f"The {parameter} parameter is invalid.")


def worded(words: str) -> Refusal:
    """How a parameter is refused whose page has words of its own."""
    return Refusal(PARAMETER, words)


FAULTS: dict[str, dict[str, tuple[object, Refusal]]] = {
    "Hangup": {
        "SipResponseCode": ("busy", invalid("SipResponseCode")),
        "ParticipantTag": ("LEG-C", LEG),
        "CallId": (5, LEG),
    },
    "Pause": {"DurationInMilliseconds": (99, worded("The Duration parameter is invalid."))},
    "PlayAudio": {
        "AudioSource": ({"Type": "S4"}, SOURCE),
        "Repeat": (0, invalid("Repeat")),
        "PlaybackTerminators": (["A"], invalid("PlaybackTerminators")),
    },
    "PlayAudioAndGetDigits": {
        "AudioSource": (None, SOURCE),
        "FailureAudioSource": ("s3://prompts/a.wav", SOURCE),
        "MaxNumberOfDigits": (129, invalid("MaxNumberOfDigits")),
        "RepeatDurationInMilliseconds": (None, invalid("RepeatDurationInMilliseconds")),
        "InputDigitsRegex": ("[", invalid("InputDigitsRegex")),
    },
    "ReceiveDigits": {
        "InBetweenDigitsDurationInMilliseconds": (
            0,
            invalid("InBetweenDigitsDurationInMilliseconds"),
        ),
        "FlushDigitsDurationInMilliseconds": (1000, invalid("FlushDigitsDurationInMilliseconds")),
        "InputDigitsRegex": (None, invalid("InputDigitsRegex")),
    },
    "RecordAudio": {
        parameter: (wrong, worded(f"{parameter} parameter value is invalid."))
        for parameter, wrong in {
            "DurationInSeconds": 0,
            "SilenceDurationInSeconds": 1001,
            "SilenceThreshold": 0,
            "RecordingDestination": {"Type": "S3"},
        }.items()
    },
    "SendDigits": {
        "ToneDurationInMilliseconds": (49, worded("ToneDuration parameter value is invalid.")),
        "Digits": ("E", invalid("Digits")),
        "CallId": (None, LEG),
    },
    "Speak": {
        "Text": ("x" * 1001, LONG_TEXT),
        "Engine": (5, POLLY),
        "LanguageCode": ("en-UK", POLLY),
        "VoiceId": ("Nova", POLLY),
        "TextType": (["ssml"], POLLY),
        "ParticipantTag": ("leg-a", LEG),
    },
    "SpeakAndGetDigits": {
        "SpeechParameters": ({"Text": ""}, NO_TEXT),
        "FailureSpeechParameters": ({"Text": "x" * 1001}, LONG_TEXT),
        "MaxNumberOfDigits": (-1, invalid("MaxNumberOfDigits")),
        "RepeatDurationInMilliseconds": (0, invalid("RepeatDurationInMilliseconds")),
        "InputDigitsRegex": ("(", invalid("InputDigitsRegex")),
    },
    "CallAndBridge": {
        "CallTimeoutSeconds": (
            121,
            worded(
                "The MaxCallTimeout parameter is invalid. "
                "Timeout must be between 0 and 120 seconds."
            ),
        ),
        "CallerIdNumber": ("5550100200", worded("Invalid caller ID.")),
        "RingbackTone": (
            {"Type": "S3"},
            Refusal("InvalidAudioSource", "Ringtone parameter value is invalid."),
        ),
        "Endpoints": ([{**PHONE, "Uri": "5550100300"}], ENDPOINT),
        "SipHeaders": ({"X-AMZN": "42"}, worded("Invalid SIP header(s) provided: X-AMZN.")),
    },
    "JoinChimeMeeting": {
        "JoinToken": (5, worded("JoinToken parameter value is invalid.")),
        "ParticipantTag": ("LEG-B", LEG),
    },
    "ModifyChimeMeetingAttendees": {
        "Operation": (
            5,
            worded("The ModifyChimeMeetingAttendees Operation parameter value is invalid"),
        ),
        "MeetingId": ("", worded("Meeting ID parameter value is invalid.")),
        "AttendeeList": ([], worded("Attendee List parameter value is invalid.")),
    },
    "StartBotConversation": {
        "BotAliasArn": ("bot", invalid("BotAliasArn")),
        "LocaleId": ("English", invalid("LocaleId")),
        "Configuration": ({"WelcomeMessages": [{"Content": "Hi."}]}, invalid("Configuration")),
    },
    "StartCallRecording": {
        "CallId": (None, RECORDED_LEG),
        "Track": (5, invalid("Track")),
        "Destination": ({"Type": "S3"}, invalid("Destination")),
    },
    "StopCallRecording": {"CallId": (None, RECORDED_LEG)},
    "PauseCallRecording": {"CallId": (5, RECORDED_LEG)},
    "ResumeCallRecording": {"CallId": ("", RECORDED_LEG)},
    "VoiceFocus": {
        "Enable": (None, NO_SWITCH),
        "CallId": (None, NO_SWITCH),
    },
}


def refusal(action: str, **parameters: object) -> Refusal:
    """How the service would refuse the small example with these parameters."""
    kind = action_class(action)
    assert kind is not None
    with pytest.raises(ValidationError) as refused:
        kind.from_wire(minimal(action, **parameters), open_lists=False)
    return refusal_of(kind, refused.value)


@pytest.mark.parametrize(
    ("action", "parameter"), [(a, p) for a, faults in FAULTS.items() for p in faults]
)
def test_a_parameter_is_refused_in_the_words_of_the_service(action: str, parameter: str) -> None:
    wrong, words = FAULTS[action][parameter]
    assert refusal(action, **{parameter: wrong}) == words


def test_a_missing_text_is_refused_otherwise_than_a_long_one() -> None:
    for absent in (None, ""):
        assert refusal("Speak", Text=absent) == NO_TEXT
    assert refusal("Speak", Text="x" * 1001) == LONG_TEXT
    for speech in (None, {}, {"Text": None}, {"Engine": "neural"}, "Hello."):
        assert refusal("SpeakAndGetDigits", SpeechParameters=speech) == NO_TEXT


def test_a_missing_caller_id_is_refused_otherwise_than_a_wrong_one() -> None:
    for absent in (None, ""):
        assert refusal("CallAndBridge", CallerIdNumber=absent) == worded("Caller ID not defined.")
    assert refusal("CallAndBridge", CallerIdNumber="anonymous") == worded("Invalid caller ID.")


@pytest.mark.parametrize(
    "endpoints", [None, [], [{}], [dict(PHONE), dict(PHONE)], "x", [5]], ids=repr
)
def test_a_bridge_needs_one_endpoint(endpoints: object) -> None:
    assert refusal("CallAndBridge", Endpoints=endpoints) == ENDPOINTS


@pytest.mark.parametrize(
    "change",
    [
        {"Uri": "0"},
        {"Arn": CONNECTOR},
        {"BridgeEndpointType": "SIP"},
        {"BridgeEndpointType": "AWS"},
        {"BridgeEndpointType": "AWS", "Arn": "vc/1"},
        {"BridgeEndpointType": "AWS", "Arn": CONNECTOR, "Uri": "sip:5550"},
    ],
    ids=repr,
)
def test_an_endpoint_that_is_none_is_refused(change: dict[str, str]) -> None:
    assert refusal("CallAndBridge", Endpoints=[{**PHONE, **change}]) == ENDPOINT


@pytest.mark.parametrize(
    "header", ["X-AMZN", "x-vine-a", "Subject", "X-VC-1", "x-canary", "X-Voice"]
)
def test_a_refused_header_is_named(header: str) -> None:
    headers = {"X-Account-Id": "42", header: "1"}
    words = f"Invalid SIP header(s) provided: {header}."
    assert refusal("CallAndBridge", SipHeaders=headers) == worded(words)


def test_a_header_without_a_text_is_named_too() -> None:
    words = "Invalid SIP header(s) provided: X-Account-Id."
    assert refusal("CallAndBridge", SipHeaders={"X-Account-Id": 42}) == worded(words)


@pytest.mark.parametrize("action", ["PlayAudioAndGetDigits", "SpeakAndGetDigits"])
def test_fewer_digits_than_the_fewest_are_refused_as_the_most(action: str) -> None:
    refused = refusal(action, MinNumberOfDigits=4, MaxNumberOfDigits=3)
    assert refused == invalid("MaxNumberOfDigits")


def test_the_first_fault_is_the_one_that_is_told() -> None:
    first = refusal("CallAndBridge", CallTimeoutSeconds=0, CallerIdNumber="x", Endpoints=[])
    assert first.error_message.startswith("The MaxCallTimeout parameter is invalid.")


def test_the_leg_is_refused_in_the_words_of_every_action() -> None:
    assert INVALID_LEG == LEG
    for action in ("Hangup", "Pause", "PlayAudio", "Speak", "ReceiveDigits", "RecordAudio"):
        assert refusal(action, CallId=5) == LEG


def test_the_small_examples_are_not_refused() -> None:
    for action, sizes in ACTIONS.items():
        kind = action_class(action)
        assert kind is not None
        read = kind.from_wire(sizes["minimal"], open_lists=False)
        assert parameters_of(read) == sizes["minimal"]["Parameters"]
