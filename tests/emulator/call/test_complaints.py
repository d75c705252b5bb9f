"""Replies that the service cannot use, and the line that each leaves in its log."""

import json
import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from offhook.actions import action_types
from offhook.emulator.call.complaints import check
from tests.actions.examples import ACTIONS, ALL, REPLIES, Wire

MISMATCH = (
    "The schema version in the invocation request does not match "
    "the schema version in the response."
)
UNREADABLE = "Error while reading actions list."
HANGUP = ACTIONS["Hangup"]["minimal"]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def reply(*actions: object, **others: object) -> dict[str, object]:
    """A reply with these actions."""
    return {"SchemaVersion": "1.0", "Actions": list(actions), **others}


def storing(attributes: object) -> dict[str, object]:
    """A reply that stores these attributes."""
    return reply(TransactionAttributes=attributes)


def log_of(answer: object, event: str = "ACTION_SUCCESSFUL") -> str | None:
    """The line in the service's log, or nothing."""
    fault = check(answer, event)
    return fault.log if fault else None


def hint_of(answer: object, event: str = "ACTION_SUCCESSFUL") -> str:
    """What we say about it."""
    fault = check(answer, event)
    assert fault is not None
    return fault.hint


@pytest.mark.parametrize("answer", REPLIES.values(), ids=REPLIES)
def test_the_examples_are_fine(answer: Wire) -> None:
    assert check(answer, "ACTION_SUCCESSFUL") is None


@pytest.mark.parametrize("action", ALL.values(), ids=ALL)
def test_a_reply_of_any_action_is_fine(action: Wire) -> None:
    assert check(reply(action), "NEW_INBOUND_CALL") is None


def test_keys_that_are_written_otherwise_are_named() -> None:
    hint = hint_of({"schemaVersion": "1.0", "actions": []})
    assert hint.startswith('schemaVersion is no key of a reply, which are written as in {"SchemaV')


@pytest.mark.parametrize("answer", [None, "", {}], ids=repr)
def test_nothing_is_blank(answer: object) -> None:
    fault = check(answer, "ACTION_SUCCESSFUL")
    assert fault is not None
    assert fault.log == "Response is blank or empty"


@pytest.mark.parametrize(
    "answer",
    [
        {"Actions": []},
        {"SchemaVersion": "2.0", "Actions": []},
        {"SchemaVersion": 1.0, "Actions": []},
        {"SchemaVersion": None, "Actions": []},
        {"schemaVersion": "1.0", "actions": []},
        [],
        [HANGUP],
        5,
        True,
        "Hello.",
    ],
    ids=repr,
)
def test_a_reply_without_its_schema_version_is_a_mismatch(answer: object) -> None:
    fault = check(answer, "ACTION_SUCCESSFUL")
    assert fault is not None
    assert fault.log == MISMATCH
    assert fault.error_type == "SchemaVersionMismatch"


def test_the_schema_version_is_that_of_the_event() -> None:
    assert check({"SchemaVersion": "1.1", "Actions": []}, "RINGING", "1.1") is None
    assert log_of({"SchemaVersion": "1.1", "Actions": []}) == MISMATCH


def test_a_reply_as_for_api_gateway_is_told_so() -> None:
    gateway = {"statusCode": 200, "body": json.dumps(reply())}
    assert log_of(gateway) == MISMATCH
    assert "statusCode and body, as for API Gateway" in hint_of(gateway)


def test_a_reply_as_json_text_is_told_so() -> None:
    assert log_of(json.dumps(reply())) == MISMATCH
    assert "without json.dumps" in hint_of(json.dumps(reply()))


@pytest.mark.parametrize("name", ["Dance", "speak", "Answer", "RecordMeeting", ""])
def test_an_unknown_action_is_unsupported(name: str) -> None:
    answer = reply(HANGUP, {"Type": name, "Parameters": {}})
    assert log_of(answer) == f"Unsupported action {name} specified"
    assert f"Actions[1] is a {name!r}" in hint_of(answer)


def test_a_near_miss_is_told_the_right_name() -> None:
    assert "did you mean 'SpeakAndGetDigits'?" in hint_of(reply({"Type": "SpeakAndGetDigit"}))
    assert "Speak, PlayAudio and other media answer" in hint_of(reply({"Type": "Answer"}))
    hint = hint_of(reply({"Type": "Zzz"}))
    assert "known are " in hint
    assert all(name in hint for name in action_types())


def test_a_reply_has_up_to_10_actions() -> None:
    assert check(reply(*[HANGUP] * 10), "ACTION_SUCCESSFUL") is None
    eleven = reply(*[HANGUP] * 11)
    assert log_of(eleven) == "Too many actions specified in a response."
    assert "11 actions: at most 10 are allowed" in hint_of(eleven)


@pytest.mark.parametrize("actions", ["Speak", 5, {}, {"Type": "Hangup"}, 0, "", False], ids=repr)
def test_actions_are_a_list(actions: object) -> None:
    assert log_of({"SchemaVersion": "1.0", "Actions": actions}) == UNREADABLE


@pytest.mark.parametrize(
    "entry",
    ["Hangup", [HANGUP], None, {}, {"Type": 5}, {"Type": "Hangup", "Parameters": []}],
    ids=repr,
)
def test_an_entry_of_the_list_is_an_action(entry: object) -> None:
    assert log_of(reply(HANGUP, entry)) == UNREADABLE
    assert "Actions[1]" in hint_of(reply(HANGUP, entry))


def test_parameters_may_be_left_out() -> None:
    assert check(reply({"Type": "Hangup"}), "ACTION_SUCCESSFUL") is None


def test_before_json_a_tuple_is_a_list() -> None:
    answer = {"SchemaVersion": "1.0", "Actions": (HANGUP, HANGUP)}
    assert check(answer, "ACTION_SUCCESSFUL") is None
    assert log_of({**answer, "Actions": ()}, "NEW_INBOUND_CALL") == "Actions list is empty."


@pytest.mark.parametrize("actions", [[], None], ids=repr)
def test_a_new_inbound_call_needs_an_action(actions: object) -> None:
    answer = {"SchemaVersion": "1.0", "Actions": actions}
    assert log_of(answer, "NEW_INBOUND_CALL") == "Actions list is empty."
    assert log_of({"SchemaVersion": "1.0"}, "NEW_INBOUND_CALL") == "Actions list is empty."
    assert check(answer, "ACTION_SUCCESSFUL") is None


def test_a_fault_inside_the_parameters_is_found_later() -> None:
    assert check(reply({"Type": "Pause", "Parameters": {"Length": "long"}}), "RINGING") is None


def test_a_call_has_up_to_100_attributes() -> None:
    hundred = {f"key{number}": "value" for number in range(100)}
    assert check(storing(hundred), "ACTION_SUCCESSFUL") is None
    fault = check(storing({**hundred, "one": "more"}), "ACTION_SUCCESSFUL")
    assert fault is not None
    assert fault.error_type == "TransactionAttributesInvalidMapSize"
    assert fault.log == (
        "Transaction Attributes has too many mappings. Maximum number of mappings is 100"
    )
    assert fault.attributes


@pytest.mark.parametrize("letter", ["x", "é"])
def test_attributes_have_up_to_20_kilobytes(letter: str) -> None:
    room = 20 * 1024 - len('{"key":""}')
    longest = letter * (room // len(letter.encode()))
    assert check(storing({"key": longest}), "ACTION_SUCCESSFUL") is None
    fault = check(storing({"key": longest + letter}), "ACTION_SUCCESSFUL")
    assert fault is not None
    assert fault.error_type == "TransactionAttributesInvalidMapSize"
    assert "20480 bytes" in fault.log


@pytest.mark.parametrize("attributes", ["key=value", [], ["key"], 5, True], ids=repr)
def test_attributes_are_an_object(attributes: object) -> None:
    assert log_of(storing(attributes)) == "Transaction Attributes is not an object"


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, {1, 2}, b"x", object, "\ud800", {"a": [math.nan]}],
    ids=ascii,
)
def test_what_is_not_json_cannot_be_stored(value: object) -> None:
    assert log_of(storing({"key": value})) == "Transaction Attributes is not JSON"


def test_what_contains_itself_cannot_be_stored() -> None:
    loop: dict[str, object] = {}
    loop["again"] = loop
    assert log_of(storing(loop)) == "Transaction Attributes is not JSON"


@pytest.mark.parametrize("key", [1, None, True, 1.5, (1, 2)], ids=repr)
def test_the_key_of_an_attribute_is_a_string(key: object) -> None:
    assert log_of(storing({key: "value"})) == "Transaction Attributes is not JSON"


@pytest.mark.parametrize("attributes", [None, {}, {"a": {"b": [1, None, True]}}], ids=repr)
def test_attributes_are_kept_cleared_or_replaced(attributes: object) -> None:
    assert check(storing(attributes), "ACTION_SUCCESSFUL") is None


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf], ids=str)
def test_a_number_that_json_does_not_have_is_refused_in_any_parameter(number: float) -> None:
    action = {"Type": "Speak", "Parameters": {"Text": "Hello.", "Mood": [{"Level": number}]}}
    fault = check({"SchemaVersion": "1.0", "Actions": [action]}, "ACTION_SUCCESSFUL")
    assert fault is not None
    assert fault.log == "Error while reading actions list."
    assert fault.hint.startswith("Actions[0] (Speak) is not JSON: ")


@given(answer=JSON, event=st.sampled_from(["NEW_INBOUND_CALL", "RINGING", "HANGUP", ""]))
def test_anything_at_all_is_fine_or_a_fault(answer: JsonValue, event: str) -> None:
    fault = check(answer, event)
    is_an_envelope = isinstance(answer, Mapping) and answer.get("SchemaVersion") == "1.0"
    assert fault is not None or is_an_envelope
    assert fault is None or fault.log


@given(actions=JSON, attributes=JSON)
def test_an_envelope_with_anything_in_it_is_fine_or_a_fault(
    actions: JsonValue, attributes: JsonValue
) -> None:
    answer = {"SchemaVersion": "1.0", "Actions": actions, "TransactionAttributes": attributes}
    if check(answer, "ACTION_SUCCESSFUL") is None:
        assert isinstance(actions, (list, type(None)))
        assert isinstance(attributes, (dict, type(None)))
        json.dumps(attributes, allow_nan=False)
