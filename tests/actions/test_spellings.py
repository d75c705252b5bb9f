"""What others may have written is read in any spelling, and comes back in the service's own.

About `offhook.actions.wire`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    Hangup,
    JoinChimeMeeting,
    Pause,
    PlayAudio,
    SpeakAndGetDigits,
    StartCallRecording,
    VoiceFocus,
)
from tests.actions.examples import minimal, parameters_of, wire

PSTN = {"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}


@pytest.mark.parametrize("duration", [3000, "3000", 3000.0], ids=repr)
def test_a_number_may_be_a_string(duration: object) -> None:
    pause = Pause.from_wire(wire("Pause", DurationInMilliseconds=duration))
    assert pause.duration_in_milliseconds == 3000
    assert parameters_of(pause) == {"DurationInMilliseconds": "3000"}


@pytest.mark.parametrize("repeat", [5, "5"], ids=repr)
def test_what_aws_writes_as_an_integer_comes_back_as_one(repeat: object) -> None:
    played = PlayAudio.from_wire(minimal("PlayAudio", Repeat=repeat))
    assert parameters_of(played) == {
        "AudioSource": {"Type": "S3", "BucketName": "example-prompts", "Key": "welcome.wav"},
        "Repeat": 5,
    }


@pytest.mark.parametrize("code", [486, "486"], ids=repr)
def test_a_sip_response_code_comes_back_as_a_string(code: object) -> None:
    hangup = Hangup.from_wire(wire("Hangup", SipResponseCode=code))
    assert hangup.sip_response_code == 486
    assert parameters_of(hangup) == {"SipResponseCode": "486"}


def test_the_timeout_of_a_bridge_may_be_a_string() -> None:
    bridge = CallAndBridge.from_wire(minimal("CallAndBridge", CallTimeoutSeconds="45"))
    assert bridge.call_timeout_seconds == 45
    assert parameters_of(bridge) == {
        "CallTimeoutSeconds": 45,
        "CallerIdNumber": "+15550100100",
        "Endpoints": [PSTN],
    }


@given(number=st.integers(100, 30_000))
def test_any_number_is_the_same_as_its_digits(number: int) -> None:
    as_string = Pause.from_wire(wire("Pause", DurationInMilliseconds=str(number)))
    assert as_string == Pause(duration_in_milliseconds=number)


@pytest.mark.parametrize("name", ["Hangup", "PlayAudio", "Speak", "StartBotConversation"])
def test_an_empty_leg_counts_as_none(name: str) -> None:
    action = Action.from_wire(minimal(name, ParticipantTag="", CallId=""))
    assert not {"ParticipantTag", "CallId"} & parameters_of(action).keys()


def test_null_counts_as_absent() -> None:
    bridge = CallAndBridge.from_wire(
        wire(
            "CallAndBridge",
            CallerIdNumber="+15550100100",
            Endpoints=[{**PSTN, "Arn": None}],
            RingbackTone=None,
            SipHeaders=None,
        )
    )
    assert bridge == CallAndBridge(caller_id_number="+15550100100", uri="+15550100300")
    assert parameters_of(bridge) == {"CallerIdNumber": "+15550100100", "Endpoints": [PSTN]}


def test_null_within_an_object_counts_as_absent() -> None:
    menu = minimal("SpeakAndGetDigits", SpeechParameters={"Text": "Code?", "Engine": None})
    asked = SpeakAndGetDigits.from_wire(menu)
    assert asked.engine == "standard"
    assert Action.from_wire(asked.to_wire()) == asked


@pytest.mark.parametrize(
    ("said", "meant"), [("True", True), ("False", False), (True, True)], ids=repr
)
def test_voice_focus_may_be_switched_by_a_word(said: object, meant: bool) -> None:
    focus = VoiceFocus.from_wire(minimal("VoiceFocus", Enable=said))
    assert focus.enable is meant
    assert parameters_of(focus) == {
        "Enable": meant,
        "CallId": "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913",
    }


def test_a_call_recording_may_name_its_leg_by_the_tag_alone() -> None:
    recording = StartCallRecording.from_wire(
        wire(
            "StartCallRecording",
            ParticipantTag="LEG-B",
            Track="BOTH",
            Destination={"Type": "S3", "Location": "example-recordings"},
        )
    )
    assert recording.participant_tag == "LEG-B"
    assert recording.call_id is None


def test_the_older_name_of_the_join_token_comes_back_as_the_present_one() -> None:
    joined = JoinChimeMeeting.from_wire(wire("JoinChimeMeeting", AttendeeJoinToken="token-1"))
    assert joined == JoinChimeMeeting(join_token="token-1")
    assert parameters_of(joined) == {"JoinToken": "token-1"}


def test_custom_sip_headers_are_no_other_name_of_sip_headers() -> None:
    given = minimal("CallAndBridge", CustomSipHeaders={"X-Account-Id": "42"})
    bridge = CallAndBridge.from_wire(given)
    assert bridge.sip_headers is None
    assert parameters_of(bridge)["CustomSipHeaders"] == {"X-Account-Id": "42"}


def test_where_both_names_are_given_the_present_one_counts() -> None:
    both = wire("JoinChimeMeeting", JoinToken="new", AttendeeJoinToken="old")
    joined = JoinChimeMeeting.from_wire(both)
    assert joined.join_token == "new"
    assert parameters_of(joined) == {"JoinToken": "new", "AttendeeJoinToken": "old"}


def test_the_constructor_does_not_know_older_names() -> None:
    with pytest.raises(ValidationError, match="AttendeeJoinToken"):
        JoinChimeMeeting.model_validate({"AttendeeJoinToken": "token-1"})


def test_keys_may_be_given_as_one_string() -> None:
    assert PlayAudio(audio_source="s3://prompts/a.wav", playback_terminators="1#") == PlayAudio(
        audio_source="s3://prompts/a.wav", playback_terminators=["1", "#"]
    )
