"""Rules between the parameters of one action.

About `offhook.actions.collecting`, `offhook.actions.legs`.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    JoinChimeMeeting,
    ModifyChimeMeetingAttendees,
    PlayAudioAndGetDigits,
    ReceiveDigits,
    RecordAudio,
    SpeakAndGetDigits,
    StartBotConversation,
    StartCallRecording,
)
from offhook.actions.start_bot_conversation import WelcomeMessage
from tests.actions.examples import ACTIONS, minimal

LEG = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
ARN = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"
CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/ab1cdefghij2klmno3pqr4"


def asked_by_voice(fewest: int, most: int) -> SpeakAndGetDigits:
    """A spoken question for so many digits."""
    return SpeakAndGetDigits(
        text="Code?",
        failure_text="Sorry?",
        repeat_duration_in_milliseconds=5000,
        min_number_of_digits=fewest,
        max_number_of_digits=most,
    )


def asked_by_audio(fewest: int, most: int) -> PlayAudioAndGetDigits:
    """A played question for so many digits."""
    return PlayAudioAndGetDigits(
        audio_source="s3://prompts/code.wav",
        failure_audio_source="s3://prompts/sorry.wav",
        repeat_duration_in_milliseconds=5000,
        min_number_of_digits=fewest,
        max_number_of_digits=most,
    )


@pytest.mark.parametrize("ask", [asked_by_voice, asked_by_audio])
@given(one=st.integers(0, 128), other=st.integers(0, 128))
def test_most_digits_are_not_fewer_than_fewest(
    ask: Callable[[int, int], Action[object]], one: int, other: int
) -> None:
    fewest, most = sorted((one, other))
    assert ask(fewest, most).to_wire() != ask(most, most).to_wire() or fewest == most
    if fewest < most:
        with pytest.raises(ValidationError, match=r"max_number_of_digits: .* is below"):
            ask(most, fewest)


def listening(quiet: int, flush: int) -> ReceiveDigits:
    """A listener with these two timers."""
    return ReceiveDigits(
        input_digits_regex="^1$",
        in_between_digits_duration_in_milliseconds=quiet,
        flush_digits_duration_in_milliseconds=flush,
    )


@given(quiet=st.integers(1, 60_000), more=st.integers(1, 60_000))
def test_digits_are_flushed_later_than_they_are_tested(quiet: int, more: int) -> None:
    assert listening(quiet, quiet + more).flush_digits_duration_in_milliseconds == quiet + more
    for flush in (quiet, max(1, quiet - more)):
        with pytest.raises(ValidationError, match="flush_digits_duration_in_milliseconds: "):
            listening(quiet, flush)


def test_a_recording_names_its_leg_in_one_way() -> None:
    place = "s3://example-voicemail"
    by_id = RecordAudio(recording_destination=place, recording_terminators="#", call_id=LEG)
    by_tag = RecordAudio(
        recording_destination=place, recording_terminators="#", participant_tag="LEG-A"
    )
    assert (by_id.participant_tag, by_tag.call_id) == (None, None)
    with pytest.raises(ValidationError, match="not both"):
        RecordAudio(
            recording_destination=place,
            recording_terminators="#",
            call_id=LEG,
            participant_tag="LEG-A",
        )


def test_the_echo_of_a_recording_names_its_leg_in_both_ways() -> None:
    both = minimal("RecordAudio", CallId=LEG, ParticipantTag="LEG-A")
    assert RecordAudio.from_wire(both).to_wire() == both


def test_a_call_recording_names_its_leg() -> None:
    place = "s3://recordings"
    by_id = StartCallRecording(call_id=LEG, track="BOTH", destination=place)
    by_tag = StartCallRecording(participant_tag="LEG-B", track="BOTH", destination=place)
    assert (by_id.participant_tag, by_tag.call_id) == (None, None)
    with pytest.raises(ValidationError, match="call_id: name the leg"):
        StartCallRecording(track="BOTH", destination="s3://recordings")


@pytest.mark.parametrize(
    "action",
    ["SendDigits", "StopCallRecording", "PauseCallRecording", "ResumeCallRecording", "VoiceFocus"],
)
def test_these_actions_need_a_call_id(action: str) -> None:
    assert Action.from_wire(minimal(action)).to_wire() == minimal(action)
    with pytest.raises(ValidationError, match="call_id\n  Field required"):
        Action.from_wire(minimal(action, CallId=None))


@pytest.mark.parametrize(
    ("action", "tags"),
    [
        *((one, ("LEG-A", "LEG-B")) for one in ("Hangup", "Pause", "PlayAudio", "RecordAudio")),
        *((one, ("LEG-A", "LEG-B")) for one in ("PlayAudioAndGetDigits", "ReceiveDigits")),
        *((one, ("LEG-A", "LEG-B")) for one in ("Speak", "SpeakAndGetDigits")),
        ("JoinChimeMeeting", ("LEG-A",)),
        ("StartBotConversation", ("LEG-A",)),
        ("ModifyChimeMeetingAttendees", ("LEG-B",)),
    ],
)
def test_an_action_runs_on_the_legs_that_are_documented(action: str, tags: tuple[str, ...]) -> None:
    for tag in ("LEG-A", "LEG-B", "LEG-C", "leg-a"):
        wire = minimal(action, ParticipantTag=tag)
        if tag in tags:
            assert Action.from_wire(wire).to_wire() == wire
        else:
            with pytest.raises(ValidationError, match="participant_tag"):
                Action.from_wire(wire)


def test_a_leg_is_optional_where_it_is_not_required() -> None:
    assert JoinChimeMeeting(join_token="t").to_wire()["Parameters"] == {"JoinToken": "t"}
    muted = ModifyChimeMeetingAttendees(
        operation="Unmute", meeting_id="m", attendee_list=("a",)
    ).to_wire()
    assert muted["Parameters"] == {
        "Operation": "Unmute",
        "MeetingId": "m",
        "AttendeeList": ["a"],
    }


def bridged(**given: object) -> Action[object]:
    """A bridge, as it is written, with anything."""
    return CallAndBridge.model_validate({"caller_id_number": "+15550100100", **given})


def test_a_phone_number_has_no_arn() -> None:
    assert bridged(uri="+15550100300", arn=None) == bridged(uri="+15550100300")
    with pytest.raises(ValidationError, match="arn: a PSTN endpoint has no ARN"):
        bridged(uri="+15550100300", arn=CONNECTOR)


@pytest.mark.parametrize("kind", ["vc", "vcg", "voice-connector-group"])
def test_a_voice_connector_is_named_by_its_arn(kind: str) -> None:
    arn = CONNECTOR.replace(":vc/", f":{kind}/")
    bridge = bridged(uri="5550", bridge_endpoint_type="AWS", arn=arn)
    assert bridge.to_wire()["Parameters"] == {
        "CallerIdNumber": "+15550100100",
        "Endpoints": [{"BridgeEndpointType": "AWS", "Uri": "5550", "Arn": arn}],
    }


@pytest.mark.parametrize(
    "arn", [None, "", "vc/ab1cdefghij2klmno3pqr4", CONNECTOR.replace(":vc/", ":sma/")], ids=repr
)
def test_no_voice_connector_without_its_arn(arn: str | None) -> None:
    with pytest.raises(ValidationError, match="arn: an AWS endpoint needs"):
        bridged(uri="5550", bridge_endpoint_type="AWS", arn=arn)


@pytest.mark.parametrize("count", [0, 2, 3])
def test_exactly_one_endpoint_is_called(count: int) -> None:
    endpoint = {"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}
    with pytest.raises(ValidationError, match="uri"):
        Action.from_wire(minimal("CallAndBridge", Endpoints=[dict(endpoint) for _ in range(count)]))


@pytest.mark.parametrize("endpoints", ["+15550100300", {"Uri": "+15550100300"}, 1, ["x"]], ids=repr)
def test_endpoints_are_a_list_of_objects(endpoints: object) -> None:
    with pytest.raises(ValidationError, match="uri"):
        Action.from_wire(minimal("CallAndBridge", Endpoints=endpoints))


def test_a_bot_that_speaks_first_elicits_an_intent() -> None:
    hello = StartBotConversation(
        bot_alias_arn=ARN,
        dialog_action_type="ElicitIntent",
        welcome_messages=(WelcomeMessage(content="How can I help?"),),
    )
    assert hello.to_wire()["Parameters"] == {
        "BotAliasArn": ARN,
        "Configuration": {
            "SessionState": {"DialogAction": {"Type": "ElicitIntent"}},
            "WelcomeMessages": [{"Content": "How can I help?", "ContentType": "PlainText"}],
        },
    }
    for other in (None, "Delegate"):
        with pytest.raises(ValidationError, match="welcome_messages: they need"):
            StartBotConversation.model_validate(
                {
                    "bot_alias_arn": ARN,
                    "dialog_action_type": other,
                    "welcome_messages": [{"content": "How can I help?"}],
                }
            )


def test_a_welcome_message_is_as_strict_as_an_action() -> None:
    assert WelcomeMessage(content="Hi.").content_type == "PlainText"
    for wrong in ({"content": "Hi.", "content_typ": "SSML"}, {"content": 5}, {}):
        with pytest.raises(ValidationError):
            WelcomeMessage.model_validate(wrong)


def configured(value: str) -> StartBotConversation:
    """A bot that is told one thing beforehand."""
    return StartBotConversation(bot_alias_arn=ARN, session_attributes={"note": value})


def test_the_configuration_of_a_bot_has_up_to_10_kilobytes() -> None:
    around = len('{"SessionState":{"SessionAttributes":{"note":""}}}')
    for longest in ("x" * (10 * 1024 - around), "é" * ((10 * 1024 - around) // 2)):
        assert configured(longest).session_attributes == {"note": longest}
    with pytest.raises(ValidationError, match="Configuration has 10241 bytes: at most 10 KB"):
        configured("x" * (10 * 1024 - around + 1))
    with pytest.raises(ValidationError, match="at most 10 KB"):
        configured("é" * ((10 * 1024 - around) // 2 + 1))


@pytest.mark.parametrize("configuration", ["x", 5, [], {"SessionState": "x"}], ids=repr)
def test_the_configuration_of_a_bot_is_an_object(configuration: object) -> None:
    with pytest.raises(ValidationError):
        Action.from_wire(minimal("StartBotConversation", Configuration=configuration))


def test_a_session_attribute_is_a_string() -> None:
    with pytest.raises(ValidationError, match="session_attributes"):
        StartBotConversation.model_validate(
            {"bot_alias_arn": ARN, "session_attributes": {"timeout": 4000}}
        )


def test_the_full_examples_follow_the_rules() -> None:
    for name, sizes in ACTIONS.items():
        assert Action.from_wire(sizes["full"], open_lists=False).to_wire() == sizes["full"], name
