"""An unfamiliar detail drops nobody: an event is read as far as it goes, and what is not as the
service sends it is told, never by its content.

About `offhook.handler.reading`.
"""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.handler import Event, MalformedEvent, OffhookError, Router
from offhook.handler.event_types import EventType
from offhook.handler.events import EVENT_CLASSES, parse
from offhook.handler.fallbacks import APOLOGY
from tests.handler.answers import Logged, Metrics, saying
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
    "nothing": (None, "no InvocationEventType in NoneType"),
    "a list": ([], "no InvocationEventType in"),
    "text": ("{}", "no InvocationEventType in"),
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
def test_a_malformed_event_says_what_is_wrong_with_it(raw: object, says: str) -> None:
    flaw = parse(raw).flaw
    assert says in str(flaw)
    assert isinstance(flaw, MalformedEvent)


def test_an_event_that_is_told_about_no_leg_is_not_malformed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class AboutNoLeg(Event):
        """Of the call as a whole."""

    AboutNoLeg.facts = EventType(has_legs=False)
    monkeypatch.setitem(cast("dict[str, object]", EVENT_CLASSES), "NEW_INBOUND_CALL", AboutNoLeg)
    assert parse(with_details(Participants=[])).flaw is None
    assert "must list the legs" in str(parse(with_details(Participants=None)).flaw)


@pytest.mark.parametrize(("raw", "says"), FAULTS.values(), ids=FAULTS)
def test_a_message_about_a_malformed_event_holds_no_number(raw: object, says: str) -> None:
    flaw = str(parse(raw).flaw)
    assert "+1555" not in flaw
    assert len(flaw) < 400


@pytest.mark.parametrize(("raw", "says"), FAULTS.values(), ids=FAULTS)
def test_a_malformed_event_is_one_line_and_one_metric(
    raw: object, says: str, logged: Logged, metrics: Metrics
) -> None:
    router = Router()
    router.new_inbound_call()(saying("Hello."))
    router(raw)
    assert [says in line for line in logged("WARNING", "ERROR")] == [True]
    (counted,) = metrics()
    assert counted["MalformedEvents"] == 1
    assert "HandlerErrors" not in counted


READ = [
    *("no sequence", "a sequence as text", "a sequence that is true"),
    "a second one without an id",
]
UNREAD = [
    *("no details", "details as text", "no transaction", "no participants"),
    *("an empty list of them", "a participant as text"),
]
"""These do not even say whose call it is."""


@pytest.mark.parametrize("name", [*READ, *UNREAD])
def test_a_flow_gets_what_says_whose_call_it_is_and_else_the_caller_hears_an_apology(
    name: str,
) -> None:
    router = Router()
    router.new_inbound_call()(saying("Hello."))
    assert ("Hello." if name in READ else APOLOGY) in str(router(FAULTS[name][0]))


@pytest.mark.parametrize(
    "raw", [None, [], "{}", {}, {"httpMethod": "GET"}, payload(CALL, InvocationEventType=5)]
)
def test_what_is_no_event_at_all_is_answered_with_nothing(raw: object) -> None:
    assert Router()(raw) == {"SchemaVersion": "1.0", "Actions": []}


@pytest.mark.parametrize("said", ["1", 1.0, " 1 "])
def test_a_sequence_is_read_however_it_is_written(said: object) -> None:
    assert parse(payload(CALL, Sequence=said)).delivery.sequence == 1


@pytest.mark.parametrize("said", [None, "one", {}, float("inf"), float("nan"), "9" * 5000])
def test_a_sequence_that_cannot_be_read_is_none(said: object) -> None:
    assert parse(payload(CALL, Sequence=said)).sequence == 0


HANGUP = "hangup/leg_b_leg_a_still_up"


@pytest.mark.parametrize("missing", ["TransactionId", "AwsRegion"])
def test_when_a_leg_ends_the_other_is_hung_up_whatever_else_is_missing(missing: str) -> None:
    raw = payload(HANGUP)
    del details(raw)[missing]
    assert Router()(raw) == Router()(payload(HANGUP))


def test_a_leg_without_an_id_is_hung_up_by_its_tag() -> None:
    raw = payload(HANGUP)
    for leg in legs(raw):
        del leg["CallId"]
    assert Router()(raw)["Actions"] == [
        {"Type": "Hangup", "Parameters": {"ParticipantTag": "LEG-A"}}
    ]


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
def test_anything_at_all_is_read_as_far_as_it_goes(raw: object) -> None:
    assert isinstance(parse(raw).flaw, OffhookError)
    assert Router()(raw) == {"SchemaVersion": "1.0", "Actions": []}


@pytest.mark.parametrize("status", ["OnHold", "connected", "CONNECTED"])
def test_a_status_of_another_name_leaves_nobody_on_the_line(status: str) -> None:
    raw = payload("hangup/leg_b_leg_a_still_up")
    caller = next(leg for leg in legs(raw) if leg["ParticipantTag"] == "LEG-A")
    caller["Status"] = status
    bye = {"Type": "Hangup", "Parameters": {"CallId": caller["CallId"]}}
    assert Router()(raw)["Actions"] == [bye]
    caller["Status"] = "DISCONNECTED"
    assert Router()(raw)["Actions"] == []
