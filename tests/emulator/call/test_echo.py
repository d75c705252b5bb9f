"""The parameters as the events echo them: what was sent, and a little more (reference B.0.4)."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.emulator.functions import AnsweredBy, action_data, in_turn, legs, parameters

AUDIO = {"Type": "S3", "BucketName": "prompts", "Key": "welcome.wav"}
CALL_ID = object()
"""Stands for LEG-A's CallId."""


@pytest.mark.parametrize(
    ("kind", "sent", "added"),
    [
        ("Speak", {"Text": "Hello."}, {"CallId": CALL_ID}),
        ("Speak", {"CallId": "", "Text": "Hello."}, {"CallId": CALL_ID}),
        ("Speak", {"CallId": None, "Text": "Hello."}, {"CallId": CALL_ID}),
        ("Speak", {"ParticipantTag": "", "Text": "Hello."}, {"CallId": CALL_ID}),
        ("Speak", {"ParticipantTag": "LEG-A", "Text": "Hello."}, {"CallId": CALL_ID}),
        ("Speak", {"Text": "Hello.", "Colour": {"r": [1, None]}}, {"CallId": CALL_ID}),
        ("Pause", {"DurationInMilliseconds": "500"}, {"CallId": CALL_ID}),
        ("PlayAudio", {"AudioSource": AUDIO}, {"CallId": CALL_ID, "Repeat": 1}),
        ("PlayAudio", {"AudioSource": AUDIO, "Repeat": "2"}, {"CallId": CALL_ID}),
        (
            "PlayAudioAndGetDigits",
            {
                "AudioSource": AUDIO,
                "FailureAudioSource": AUDIO,
                "MaxNumberOfDigits": 0,
                "RepeatDurationInMilliseconds": 700,
            },
            {"CallId": CALL_ID, "InBetweenDigitsDurationInMilliseconds": 700},
        ),
        (
            "PlayAudioAndGetDigits",
            {
                "AudioSource": AUDIO,
                "FailureAudioSource": AUDIO,
                "InBetweenDigitsDurationInMilliseconds": 300,
                "RepeatDurationInMilliseconds": 700,
            },
            {"CallId": CALL_ID},
        ),
    ],
)
def test_what_was_sent_comes_back_with_a_little_more(
    answered_by: AnsweredBy,
    a_wav: Callable[..., Path],
    kind: str,
    sent: Mapping[str, object],
    added: Mapping[str, object],
) -> None:
    a_wav("welcome.wav", seconds=0.5)
    call = answered_by(in_turn([{"Type": kind, "Parameters": sent}])).dials()
    call.waits(10)
    caller = legs(call.events[0])[0]["CallId"]
    wanted = {name: caller if value is CALL_ID else value for name, value in added.items()}
    assert action_data(call.events[1])["Type"] == kind
    assert parameters(call.events[1]) == {**sent, **wanted}


def test_the_call_id_that_was_sent_is_echoed_alone(answered_by: AnsweredBy) -> None:
    def function(event: Mapping[str, object], _context: object) -> object:
        caller = legs(event)[0]["CallId"]
        speak = {"Type": "Speak", "Parameters": {"Text": "Hello.", "CallId": caller}}
        return {"SchemaVersion": "1.0", "Actions": [speak]}

    call = answered_by(function).dials()
    call.hears("Hello.")
    assert parameters(call.events[1]) == {
        "Text": "Hello.",
        "CallId": legs(call.events[0])[0]["CallId"],
    }


@pytest.mark.parametrize("action", [{"Type": "Hangup"}, {"Type": "Hangup", "Parameters": {}}])
def test_an_action_may_come_without_parameters(
    answered_by: AnsweredBy, action: Mapping[str, object]
) -> None:
    call = answered_by(in_turn([action]), hangup_of_the_only_leg="action_successful_then_hangup")
    story = call.dials()
    story.ends()
    assert action_data(story.events[1]) == {
        "Type": "Hangup",
        "Parameters": {"CallId": legs(story.events[0])[0]["CallId"]},
    }


def test_a_failure_echoes_what_was_refused(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([{"Type": "Pause", "Parameters": {"DurationInMilliseconds": 7}}]))
    story = call.dials()
    story.waits(1)
    assert action_data(story.events[1]) == {
        "Type": "Pause",
        "Parameters": {
            "DurationInMilliseconds": 7,
            "CallId": legs(story.events[0])[0]["CallId"],
        },
        "ErrorType": "InvalidActionParameter",
        "ErrorMessage": "The Duration parameter is invalid.",
    }


def test_terminator_digits_and_other_defaults_are_not_added(answered_by: AnsweredBy) -> None:
    sent = {
        "SpeechParameters": {"Text": "Your number?"},
        "FailureSpeechParameters": {"Text": "Sorry?"},
        "RepeatDurationInMilliseconds": 1000,
    }
    call = answered_by(in_turn([{"Type": "SpeakAndGetDigits", "Parameters": sent}])).dials()
    call.interrupts("7#")
    assert parameters(call.events[1]) == {
        **sent,
        "CallId": legs(call.events[0])[0]["CallId"],
        "InBetweenDigitsDurationInMilliseconds": 1000,
    }
    assert action_data(call.events[1])["ReceivedDigits"] == "7"
