"""What is no event of the service is refused by what is missing, and never by its content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.handler import MalformedEvent, OffhookError, Router
from offhook.handler.events import parse
from tests.handler.payloads import Payload, details, legs, payload

CALL = "new_inbound_call/minimal"


def without(key: str) -> Payload:
    """An event without a key."""
    raw = payload(CALL)
    del raw[key]
    return raw


def with_details(**changes: object) -> Payload:
    """An event with changes in `CallDetails`."""
    raw = payload(CALL)
    details(raw).update(changes)
    return raw


FAULTS: dict[str, tuple[object, str]] = {
    "nothing": (None, "an event is an object, this is NoneType"),
    "a list": ([], "an event is an object, this is list"),
    "text": ("{}", "an event is an object, this is str"),
    "an empty object": ({}, "no InvocationEventType in an object with "),
    "an API Gateway event": (
        {"httpMethod": "GET", "path": "/"},
        "no InvocationEventType in an object with httpMethod, path",
    ),
    "no type": (without("InvocationEventType"), "no InvocationEventType in an object with"),
    "a type that is no text": (payload(CALL, InvocationEventType=5), "no InvocationEventType"),
    "no sequence": (without("Sequence"), "NEW_INBOUND_CALL: Sequence must be an integer"),
    "a sequence as text": (payload(CALL, Sequence="1"), "Sequence must be an integer, it is str"),
    "a sequence that is true": (payload(CALL, Sequence=True), "it is bool"),
    "no details": (without("CallDetails"), "NEW_INBOUND_CALL 1: CallDetails must be an object"),
    "details as text": (payload(CALL, CallDetails="x"), "CallDetails must be an object"),
    "no transaction": (with_details(TransactionId=None), "CallDetails.TransactionId must be"),
    "no participants": (with_details(Participants=None), "Participants must list the legs"),
    "an empty list of them": (with_details(Participants=[]), "Participants must list the legs"),
    "a participant as text": (
        with_details(Participants=["LEG-A"]),
        r"Participants[0] must be an object with a CallId",
    ),
    "a second one without an id": (
        with_details(Participants=[legs(payload(CALL))[0], {"ParticipantTag": "LEG-B"}]),
        r"Participants[1] must be an object with a CallId",
    ),
}


@pytest.mark.parametrize(("raw", "says"), FAULTS.values(), ids=FAULTS)
def test_a_malformed_event_is_refused_by_what_is_missing(raw: object, says: str) -> None:
    with pytest.raises(MalformedEvent) as refused:
        parse(raw)
    assert says in str(refused.value)
    assert isinstance(refused.value, OffhookError)


@pytest.mark.parametrize(("raw", "says"), FAULTS.values(), ids=FAULTS)
def test_a_message_about_a_malformed_event_holds_no_number(raw: object, says: str) -> None:
    with pytest.raises(MalformedEvent) as refused:
        parse(raw)
    assert "+1555" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(("raw", "says"), FAULTS.values(), ids=FAULTS)
def test_a_router_answers_a_malformed_event_with_nothing(raw: object, says: str) -> None:
    router = Router()
    first = router(raw, None)
    assert first == {"SchemaVersion": "1.0", "Actions": []}
    first["Actions"] = ["changed"]
    assert router(raw, None) == {"SchemaVersion": "1.0", "Actions": []}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: (
            st.lists(inner)
            | st.tuples(inner)
            | st.dictionaries(
                st.sampled_from(["InvocationEventType", "Sequence", "CallDetails"])
                | st.text()
                | st.integers(),
                inner,
            )
        ),
        max_leaves=10,
    )
)
def test_anything_at_all_is_an_event_or_malformed(raw: object) -> None:
    with pytest.raises(MalformedEvent):
        parse(raw)
    assert Router()(raw) == {"SchemaVersion": "1.0", "Actions": []}


def test_a_leg_without_a_call_id_is_malformed() -> None:
    raw = payload(CALL)
    legs(raw)[0]["CallId"] = ""
    with pytest.raises(MalformedEvent, match="must be an object with a CallId"):
        parse(raw)
