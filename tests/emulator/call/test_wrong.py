"""A parameter that is refused is told by its name on the wire, as its author wrote it."""

import pytest
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    ModifyChimeMeetingAttendees,
    PlayAudio,
    RecordAudio,
    Speak,
    SpeakAndGetDigits,
    StartCallRecording,
)
from offhook.emulator.call.wrong import wrong

S3 = {"Type": "S3", "BucketName": "prompts", "Key": "a.wav"}
BRIDGE = {"CallTimeoutSeconds": 30, "CallerIdNumber": "+15550100100"}
ENDPOINT = {"Uri": "+15550100300", "Arn": "x", "BridgeEndpointType": "PSTN"}
ASKS = {
    "SpeechParameters": {"Text": "x"},
    "FailureSpeechParameters": {"Text": "x"},
    "RepeatDurationInMilliseconds": 1,
}
RECORDS = {"RecordingDestination": {"Type": "S3", "BucketName": "mail"}, "DurationInSeconds": 1}


@pytest.mark.parametrize(
    ("kind", "sent", "told"),
    [
        (
            PlayAudio,
            {"AudioSource": "s3://prompts/a.wav"},
            'AudioSource is \'s3://prompts/a.wav\': write {"Type": "S3", "BucketName": ..., "Key":',
        ),
        (
            PlayAudio,
            {"AudioSource": {**S3, "Type": "s3"}},
            "AudioSource.Type is 's3': write \"S3\"",
        ),
        (
            PlayAudio,
            {"AudioSource": {**S3, "Type": None}},
            'AudioSource has no Type: write "Type": "S3"',
        ),
        (
            PlayAudio,
            {"AudioSource": {**S3, "BucketName": ""}},
            "AudioSource has no BucketName: w",
        ),
        (
            PlayAudio,
            {"AudioSource": {**S3, "BucketName": "B_UP"}},
            "AudioSource is 's3://B_UP/a.wav': 's3://B_UP/a.wav' names no bucket",
        ),
        (
            Speak,
            {"Text": "x", "VoiceId": "joanna"},
            "VoiceId is 'joanna': Polly has no 'joanna'",
        ),
        (
            SpeakAndGetDigits,
            {**ASKS, "SpeechParameters": "Hello."},
            "SpeechParameters is 'Hello.': write {\"Text\": ...}",
        ),
        (
            SpeakAndGetDigits,
            {**ASKS, "MinNumberOfDigits": 5, "MaxNumberOfDigits": 2},
            "MaxNumberOfDigits is 2: 2 is below MinNumberOfDigits (5)",
        ),
        (
            CallAndBridge,
            {**BRIDGE, "Endpoints": ["x"]},
            "Endpoints is 'x': write [{\"BridgeEndpointType\": ...}]",
        ),
        (
            CallAndBridge,
            {**BRIDGE, "Endpoints": [ENDPOINT]},
            "Endpoints.0.Arn is 'x': a PSTN endpoint has no ARN: set Endpoints.0.BridgeEndpointTyp",
        ),
        (
            StartCallRecording,
            {"Track": "BOTH", "Destination": {"Type": "S3", "Location": "calls"}},
            "CallId is missing: it is required",
        ),
        (
            ModifyChimeMeetingAttendees,
            {"Operation": "Mute", "MeetingId": "x", "CallId": "y", "AttendeeList": []},
            "AttendeeList is []: List should have at least 1 item, not 0",
        ),
        (RecordAudio, RECORDS, "RecordingTerminators is missing: it is required"),
    ],
)
def test_it_is_told_without_a_word_of_python(
    kind: type[Action[object]], sent: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        kind.from_parameters(sent, open_lists=False)
    found, why = wrong(kind, raised.value.errors(include_url=False)[0])
    assert f"{found}: {why}".startswith(told)
    assert "Unlisted" not in why
