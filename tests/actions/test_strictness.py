"""Strict in what is written here, lenient in what is received: the same class does both."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    Hangup,
    Pause,
    PlayAudio,
    Speak,
    SpeakAndGetDigits,
    StartBotConversation,
    VoiceFocus,
)
from offhook.actions.speak import Speak as SameSpeak
from tests.actions.examples import minimal, wire

LISTS: dict[str, tuple[str, dict[str, str], str]] = {
    "Engine": ("Speak", {}, "engine"),
    "TextType": ("Speak", {}, "text_type"),
    "Operation": ("ModifyChimeMeetingAttendees", {}, "operation"),
    "Track": ("StartCallRecording", {}, "track"),
    "BridgeEndpointType": ("CallAndBridge", {"Uri": "+15550100300"}, "bridge_endpoint_type"),
    "ContentType": ("StartBotConversation", {"Content": "Hi."}, "welcome_messages"),
    "Type": ("StartBotConversation", {}, "dialog_action_type"),
}
"""Parameters with a documented list of values."""


def with_new_value(parameter: str) -> dict[str, object]:
    """An example with a value that is not in the list today."""
    action, around, _ = LISTS[parameter]
    given = {**around, parameter: "Newer"}
    match parameter:
        case "BridgeEndpointType":
            return minimal(action, Endpoints=[given])
        case "ContentType":
            state = {"DialogAction": {"Type": "ElicitIntent"}}
            told = {"SessionState": state, "WelcomeMessages": [given]}
            return minimal(action, Configuration=told)
        case "Type":
            return minimal(action, Configuration={"SessionState": {"DialogAction": given}})
        case _:
            return minimal(action, **given)


@pytest.mark.parametrize("parameter", LISTS)
def test_a_value_that_aws_adds_is_received(parameter: str) -> None:
    newer = with_new_value(parameter)
    assert Action.from_wire(newer).to_wire() == newer


@pytest.mark.parametrize("parameter", LISTS)
def test_a_value_that_is_not_documented_is_refused_where_lists_are_closed(parameter: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Action.from_wire(with_new_value(parameter), open_lists=False)
    assert refused.value.errors()[0]["loc"][0] == LISTS[parameter][2]


@pytest.mark.parametrize(
    ("kind", "field"),
    [(Speak, "engine"), (Speak, "text_type"), (CallAndBridge, "bridge_endpoint_type")],
)
def test_a_value_that_is_not_documented_cannot_be_written(
    kind: type[Action[object]], field: str
) -> None:
    with pytest.raises(ValidationError, match=f"{field}\n  Input should be"):
        kind.model_validate(
            {
                "text": "Hi.",
                "caller_id_number": "+15550100100",
                "uri": "+15550100300",
                field: "Newer",
            }
        )


@given(st.integers() | st.booleans() | st.none() | st.lists(st.text(), max_size=2))
def test_an_open_list_still_wants_a_string(value: object) -> None:
    given = minimal("Speak", Engine=value)
    if value is None:
        assert Speak.from_wire(given).engine == "standard"
    else:
        with pytest.raises(ValidationError, match="engine"):
            Speak.from_wire(given)


@pytest.mark.parametrize("repeat", ["2", 2.0, True], ids=repr)
def test_a_number_is_written_as_an_integer(repeat: object) -> None:
    with pytest.raises(ValidationError, match="repeat"):
        PlayAudio.model_validate({"audio_source": "s3://prompts/a.wav", "repeat": repeat})


def test_a_switch_is_written_as_a_boolean() -> None:
    with pytest.raises(ValidationError, match="enable"):
        VoiceFocus.model_validate({"call_id": "c", "enable": "True"})


def test_the_constructor_takes_wire_names_too() -> None:
    assert Speak.model_validate({"Text": "Hi.", "VoiceId": "Amy"}) == Speak(
        text="Hi.", voice_id="Amy"
    )


def test_a_misspelt_parameter_fails_where_it_is_written() -> None:
    with pytest.raises(ValidationError, match="voice\n  Extra inputs are not permitted"):
        Speak.model_validate({"text": "Hi.", "voice": "Amy"})


def test_only_what_was_set_is_sent_and_what_is_required() -> None:
    assert Hangup().to_wire() == {"Type": "Hangup", "Parameters": {}}
    assert Speak(text="Hi.").to_wire() == {"Type": "Speak", "Parameters": {"Text": "Hi."}}
    assert Speak(text="Hi.", engine="standard").to_wire()["Parameters"] == {
        "Text": "Hi.",
        "Engine": "standard",
    }
    bridge = CallAndBridge(caller_id_number="+15550100100", uri="+15550100300")
    assert bridge.to_wire()["Parameters"] == {
        "CallerIdNumber": "+15550100100",
        "Endpoints": [{"BridgeEndpointType": "PSTN", "Uri": "+15550100300"}],
    }


def test_a_parameter_set_to_none_is_not_sent() -> None:
    assert Speak(text="Hi.", language_code=None, call_id=None).to_wire()["Parameters"] == {
        "Text": "Hi."
    }


def test_the_defaults_are_those_of_the_documentation() -> None:
    menu = SpeakAndGetDigits(text="?", failure_text="?", repeat_duration_in_milliseconds=5000)
    assert menu.min_number_of_digits == 0
    assert menu.max_number_of_digits == 128
    assert menu.terminator_digits == ("#",)
    assert menu.repeat == 1
    assert menu.in_between_digits_duration_in_milliseconds is None
    assert (menu.engine, menu.text_type, menu.voice_id) == ("standard", "text", "Joanna")
    assert (menu.failure_engine, menu.failure_voice_id) == (None, None)
    assert (
        CallAndBridge(caller_id_number="+15550100100", uri="+15550100300").call_timeout_seconds
        == 30
    )
    assert PlayAudio(audio_source="s3://prompts/a.wav").repeat == 1
    assert Hangup().sip_response_code == 0
    bot = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID"
    assert StartBotConversation(bot_alias_arn=bot).locale_id == "en_US"


def test_an_action_cannot_be_changed() -> None:
    speak = Speak(text="Hi.")
    with pytest.raises(ValidationError, match="frozen"):
        speak.text = "Bye."


def test_what_is_inside_an_action_cannot_be_changed_either() -> None:
    given = {"X-Account-Id": "42"}
    bridge = CallAndBridge(caller_id_number="+15550100100", uri="+15550100300", sip_headers=given)
    given["X-Account-Id"] = "43"
    assert bridge.sip_headers == {"X-Account-Id": "42"}
    with pytest.raises(TypeError):
        bridge.sip_headers["X-Account-Id"] = "43"  # type: ignore[index]
    sent = bridge.to_wire()["Parameters"]
    assert isinstance(sent, dict)
    assert isinstance(sent["SipHeaders"], dict)
    sent["SipHeaders"]["X-Account-Id"] = "44"
    assert bridge.sip_headers == {"X-Account-Id": "42"}


def test_an_action_can_be_copied_and_kept() -> None:
    pause = Pause(duration_in_milliseconds=500)
    assert copy.deepcopy(pause) == pickle.loads(pickle.dumps(pause)) == pause
    assert hash(copy.copy(pause)) == hash(pause)
    longer = pause.model_copy(update={"duration_in_milliseconds": 900})
    assert longer.to_wire()["Parameters"] == {"DurationInMilliseconds": "900"}


def test_there_is_one_speak_whichever_way_it_is_imported() -> None:
    assert Speak is SameSpeak


def test_an_action_read_as_another_is_refused() -> None:
    with pytest.raises(ValueError, match="this is a 'Pause' action, not a Speak"):
        Speak.from_wire(wire("Pause", DurationInMilliseconds=500))
    with pytest.raises(ValueError, match="Parameters of Speak must be an object"):
        Speak.from_wire({"Type": "Speak", "Parameters": ["Hi."]})


def test_an_error_does_not_show_what_was_given() -> None:
    with pytest.raises(ValidationError) as refused:
        CallAndBridge(caller_id_number="5550100200", uri="+15550100300")
    assert "caller_id_number" in str(refused.value)
    assert "5550100200" not in str(refused.value)
