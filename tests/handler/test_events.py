"""Every payload in `events/` is read as the event it is, with a typed result or error."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from pydantic.alias_generators import to_pascal

from offhook.actions import (
    BotConversation,
    CallRecording,
    Digits,
    Recording,
    UnknownAction,
    action_types,
)
from offhook.actions.base import snake_case
from offhook.handler import (
    ActionFailed,
    ActionInterrupted,
    ActionSuccessful,
    Event,
    InvalidLambdaResponse,
    Ringing,
    events,
)
from offhook.handler.event_types import EVENT_TYPES
from offhook.handler.events import parse
from tests.actions.test_catalogue import RESULTS
from tests.handler.payloads import FOLDER, NAMES, data, details, legs, parameters, payload, read
from tests.to_write import nothing_to_write

CLASSES: dict[str, type[Event]] = {
    name.lower(): getattr(events, to_pascal(name.lower()), Event) for name in EVENT_TYPES
}
"""By the folder of the payloads: `CallAnswered` is `events/call_answered`."""

CALL = "4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90"


def of_action(name: str) -> ActionSuccessful:
    """A success, as the class of any action."""
    return read(ActionSuccessful, payload(f"action_successful/{name}"))


def test_every_payload_says_where_it_comes_from() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| [")]
    listed = [row.split("`")[1] for row in rows]
    wrong = [
        *(f"write: | [`{n}`]({n}.json) | ... | ... |" for n in NAMES if n not in listed),
        *(f"there is no {n}.json: delete its row" for n in listed if n not in NAMES),
        *(f"{n} has several rows" for n in NAMES if listed.count(n) > 1),
        *(
            f"documented, observed or inferred: {row}"
            for row in rows
            if row.split(" | ")[1] not in ("documented", "observed", "inferred")
        ),
    ]
    nothing_to_write("events/README.md", wrong)


def test_there_is_a_success_of_every_action() -> None:
    for action in action_types():
        event = of_action(snake_case(action))
        assert event.action_type == action


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_is_read_as_the_event_it_is(name: str) -> None:
    raw = payload(name)
    event = parse(raw)
    assert type(event) is CLASSES[name.split("/", maxsplit=1)[0]]
    assert event.invocation_event_type == name.split("/", maxsplit=1)[0].upper()
    assert event.transaction_id == CALL
    assert event.sequence == raw["Sequence"]
    assert event.raw == payload(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("action_")])
def test_the_action_of_an_event_is_typed(name: str) -> None:
    for kind in (ActionSuccessful, ActionFailed, ActionInterrupted):
        if kind is CLASSES[name.split("/", maxsplit=1)[0]]:
            event = read(kind, payload(name))
            assert event.action.type_name() == event.action_type == data(payload(name))["Type"]
            assert event.parameters == parameters(payload(name))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("action_failed/")])
def test_a_failure_says_why(name: str) -> None:
    raw = payload(name)
    told = raw if name.endswith("doc_glitch") else data(raw)
    in_one_string = str(told.get("Error", "")).split(": ", 1)
    error_type = told.get("ErrorType", in_one_string[0])
    event = read(ActionFailed, raw)
    assert event.error[:2] == (error_type, told.get("ErrorMessage", in_one_string[-1]))
    assert event.error_type == error_type
    assert all(event.error[:2])


def test_an_error_type_that_nobody_knows_is_read() -> None:
    raw = payload("action_failed/play_audio_system")
    data(raw).update(ErrorType="Tired", ErrorMessage="The service sleeps.")
    assert read(ActionFailed, raw).error[:2] == ("Tired", "The service sleeps.")


def test_the_failure_of_a_mute_lists_more() -> None:
    raw = payload("action_failed/modify_chime_meeting_attendees")
    data(raw)["ErrorList"] = [{"AttendeeId": "a"}]
    event = read(ActionFailed, raw)
    assert event.error.error_list == ({"AttendeeId": "a"},)


def test_an_unusable_reply_is_told_at_the_top_or_in_the_action_data() -> None:
    too_many = (
        "TransactionAttributesInvalidMapSize",
        "Transaction Attributes has too many mappings. Maximum number of mappings is 10",
    )
    for name, error in (
        ("attributes", too_many),
        ("in_action_data", too_many),
        ("unsupported_action", ("InvalidLambdaResponse", "Unsupported action Dance specified")),
    ):
        event = read(InvalidLambdaResponse, payload(f"invalid_lambda_response/{name}"))
        assert event.error[:2] == error
    event = read(InvalidLambdaResponse, payload("invalid_lambda_response/schema_version_mismatch"))
    assert event.error_type == "SchemaVersionMismatch"


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("play_audio_and_get_digits", "1234"),
        ("speak_and_get_digits", "1234"),
        ("play_audio_and_get_digits_defaults_echoed", "1"),
        ("receive_digits", ""),
    ],
)
def test_what_was_pressed_is_the_result(name: str, digits: str) -> None:
    event = of_action(name)
    assert event.result == Digits(received_digits=digits)
    assert event.received_digits == digits


def test_a_voicemail_says_where_it_is_and_what_ended_it() -> None:
    kept = of_action("record_audio").result
    assert isinstance(kept, Recording)
    assert kept.recording_destination.bucket_name == "example-voicemail"
    key = "inbox/42/a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913-0.wav"
    assert kept.recording_destination.key == key
    assert kept.recording_terminator_used == "#"
    silent = of_action("record_audio_silence_or_duration").result
    assert isinstance(silent, Recording)
    assert silent.recording_terminator_used is None
    assert silent.recording_destination == kept.recording_destination


def test_a_call_recording_says_where_it_will_be() -> None:
    kept = of_action("start_call_recording").result
    assert isinstance(kept, CallRecording)
    assert kept.call_recording_destination.location == (
        "example-recordings/support/english/2026/09/21/2026-09-21-14-13-20-123_"
        "4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90_a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913.wav"
    )


def test_a_conversation_says_what_the_bot_understood() -> None:
    told = of_action("start_bot_conversation").result
    assert isinstance(told, BotConversation)
    assert told.intent.name == "BookRoom"
    assert told.intent.state == "ReadyForFulfillment"
    assert told.intent.confirmation_state == "None"
    assert told.slot("RoomType") == "deluxe"
    assert told.slot("CheckInDate") == "2027-06-01"
    assert told.slot("Nights") is None
    assert told.slot("Breakfast") is None
    assert told.intent.slots["Nights"] is None
    assert told.intent_result.session_id == "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
    assert told.intent_result.session_state.session_attributes == {"phoneNumber": "+15550100200"}
    best, *others = told.intent_result.interpretations
    assert best.nlu_confidence is not None
    assert best.nlu_confidence.score == 0.92
    assert [one.intent.name for one in others][-1] == "FallbackIntent"
    assert others[-1].nlu_confidence is None


def test_the_conversation_of_the_documentation_is_read_too() -> None:
    told = of_action("start_bot_conversation_doc_shape").result
    assert isinstance(told, BotConversation)
    assert told.intent_result.session_id == "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"


@pytest.mark.parametrize("action", sorted(set(action_types()) - RESULTS.keys()))
def test_other_actions_bring_nothing_back(action: str) -> None:
    event = of_action(snake_case(action))
    assert event.result is None
    assert event.received_digits == ""


def test_the_echo_holds_what_the_service_filled_in() -> None:
    event = of_action("play_audio")
    assert event.action.to_wire()["Parameters"] == {
        "AudioSource": {"Type": "S3", "BucketName": "example-prompts", "Key": "welcome.wav"},
        "Repeat": 1,
        "ParticipantTag": "LEG-A",
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_aws_adds_is_in_the_raw_event(name: str) -> None:
    raw = payload(name, New={"a": 1})
    details(raw)["Later"] = [1]
    for leg in legs(raw):
        leg["Mood"] = "good"
    event = parse(copy.deepcopy(raw))
    assert event.raw == raw
    assert {leg.raw["Mood"] for leg in event.participants} <= {"good"}
    assert type(event) is CLASSES[name.split("/", maxsplit=1)[0]]


def test_an_event_of_an_unknown_type_is_an_event() -> None:
    event = parse(payload("ringing/minimal", InvocationEventType="NOT_ONE_OF_OURS"))
    assert type(event) is Event
    assert event.invocation_event_type == "NOT_ONE_OF_OURS"
    assert event.transaction_id == CALL
    assert not event.ignores_actions


def test_an_event_about_an_unknown_action_keeps_it() -> None:
    raw = payload("action_successful/pause")
    data(raw).update(Type="Dance", Parameters={"Steps": 3})
    event = read(ActionSuccessful, raw)
    assert event.action_type == "Dance"
    assert event.result is None
    assert isinstance(event.action, UnknownAction)
    assert event.action.to_wire() == {"Type": "Dance", "Parameters": {"Steps": 3}}


def test_an_event_without_action_data_is_about_no_action() -> None:
    raw = payload("action_successful/pause")
    del raw["ActionData"]
    event = read(ActionSuccessful, raw)
    assert (event.action_type, event.received_digits, event.parameters) == ("", "", {})
    assert event.result is None


def test_the_key_of_the_documentation_is_read_too() -> None:
    raw = payload("ringing/minimal")
    raw["InvocationEvent"] = raw.pop("InvocationEventType")
    event = read(Ringing, raw)
    assert event.invocation_event_type == "RINGING"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(name=st.sampled_from(NAMES), action_data=JSON, leg=st.dictionaries(st.text(), JSON))
def test_nothing_in_an_event_makes_its_accessors_fail(
    name: str, action_data: JsonValue, leg: dict[str, JsonValue]
) -> None:
    raw = payload(name, ActionData=action_data)
    details(raw).update(Participants=[{**leg, "CallId": "c"}], AwsRegion=action_data)
    event = parse(raw)
    for kind in type(event).__mro__:
        for accessor, found in vars(kind).items():
            if isinstance(found, property) and accessor != "result":
                getattr(event, accessor)
    for accessor, found in vars(type(event.leg)).items():
        if isinstance(found, property):
            getattr(event.leg, accessor)
    assert repr(event)
    assert repr(event.leg)
    json.dumps(event.raw)
