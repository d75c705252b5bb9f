"""One of every action, as it is sent: on the leg that its page allows."""

from collections.abc import Mapping

from tests.emulator.call.stories import BEN, OUR_NUMBER

MEETING = "5c1b3f6e-8a2d-47e9-93b0-1d7f04c62706"
TOKEN = "example-join-token-0001"
ATTENDEE = "0f2a9d61-3c4b-4e7a-8d15-6b7c8d9e0f11"
BOT = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"
WAV = {"Type": "S3", "BucketName": "prompts", "Key": "welcome.wav"}

PARAMETERS: Mapping[str, Mapping[str, object]] = {
    "CallAndBridge": {
        "CallerIdNumber": OUR_NUMBER,
        "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": BEN}],
    },
    "Hangup": {},
    "JoinChimeMeeting": {"JoinToken": TOKEN, "MeetingId": MEETING},
    "ModifyChimeMeetingAttendees": {
        "Operation": "Mute",
        "MeetingId": MEETING,
        "AttendeeList": [ATTENDEE],
    },
    "Pause": {"DurationInMilliseconds": 5_000},
    "PauseCallRecording": {},
    "PlayAudio": {"AudioSource": WAV},
    "PlayAudioAndGetDigits": {
        "AudioSource": WAV,
        "FailureAudioSource": WAV,
        "RepeatDurationInMilliseconds": 5_000,
    },
    "ReceiveDigits": {
        "InputDigitsRegex": "^1$",
        "InBetweenDigitsDurationInMilliseconds": 500,
        "FlushDigitsDurationInMilliseconds": 2_000,
    },
    "RecordAudio": {
        "RecordingTerminators": ["#"],
        "DurationInSeconds": 5,
        "RecordingDestination": {"Type": "S3", "BucketName": "voicemail"},
    },
    "ResumeCallRecording": {},
    "SendDigits": {"Digits": "1,2#", "ToneDurationInMilliseconds": 1_000},
    "Speak": {"Text": "one two three four five six seven eight nine ten eleven"},
    "SpeakAndGetDigits": {
        "SpeechParameters": {"Text": "Your number, please, and then the hash key."},
        "FailureSpeechParameters": {"Text": "Sorry?"},
        "RepeatDurationInMilliseconds": 5_000,
    },
    "StartBotConversation": {"BotAliasArn": BOT},
    "StartCallRecording": {
        "Track": "BOTH",
        "Destination": {"Type": "S3", "Location": "talks"},
    },
    "StopCallRecording": {},
    "VoiceFocus": {"Enable": True},
}

FIRST_LEG_ONLY = ("CallAndBridge", "JoinChimeMeeting", "StartBotConversation")
SECOND_LEG_ONLY = ("ModifyChimeMeetingAttendees",)
TAKES_A_TAG = (
    *("Hangup", "Pause", "PlayAudio", "PlayAudioAndGetDigits", "ReceiveDigits", "RecordAudio"),
    *("Speak", "SpeakAndGetDigits", "StartCallRecording"),
)
NEEDS_A_CALL_ID = (
    *("SendDigits", "StopCallRecording", "PauseCallRecording", "ResumeCallRecording"),
    "VoiceFocus",
)

ENDS_WELL = ("PlayAudio", "Speak", "RecordAudio", "StartBotConversation")
"""Takes time; where its leg hangs up in its middle, ACTION_SUCCESSFUL is told before HANGUP."""
ENDS_BADLY = ("PlayAudioAndGetDigits", "SpeakAndGetDigits")
"""Takes time; where its leg hangs up in its middle, ACTION_FAILED is told before HANGUP."""
JUST_ENDS = ("Pause", "SendDigits", "CallAndBridge")
"""Takes time; where its leg hangs up in its middle, HANGUP alone is told."""
TAKES_TIME = (*ENDS_WELL, *ENDS_BADLY, *JUST_ENDS)


def wire(kind: str, **more: object) -> dict[str, object]:
    """An action as it is sent, with some parameters more."""
    return {"Type": kind, "Parameters": {**PARAMETERS[kind], **more}}
