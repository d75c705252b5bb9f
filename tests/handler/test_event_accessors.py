"""What an event says of the call: who is on it, on which leg, and what was stored."""

from datetime import UTC, datetime

import pytest

from offhook.handler import (
    CallAnswered,
    CallUpdateRequested,
    DigitsReceived,
    Event,
    Hangup,
    NewInboundCall,
    NewOutboundCall,
    Participant,
)
from offhook.handler.events import Delivery, parse
from tests.handler.payloads import (
    IGNORED,
    NAMES,
    details,
    legs,
    parameters,
    payload,
    read,
    storing,
)

A = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
B = "b7c9f1a3-6e24-4d50-8f3b-0e91a2d4c685"

OURS, CALLER, CALLEE = "+15550100100", "+15550100200", "+15550100300"


def event_of(name: str) -> Event:
    """A payload as an event."""
    return parse(payload(name))


def test_a_caller_calls_one_of_our_numbers() -> None:
    event = event_of("new_inbound_call/minimal")
    assert event.our_number == OURS
    assert event.other_party == CALLER
    assert event.leg_a.is_inbound


def test_we_call_somebody_from_one_of_our_numbers() -> None:
    event = event_of("new_outbound_call/no_arguments")
    assert event.our_number == OURS
    assert event.other_party == CALLEE
    assert not event.leg_a.is_inbound


def test_our_number_stays_the_same_on_a_bridged_call() -> None:
    event = event_of("action_successful/call_and_bridge")
    assert event.our_number == OURS
    assert event.other_party == CALLER
    assert event.leg_b is not None
    assert event.leg_b.to == CALLEE
    assert event.leg_b.from_ == CALLER


def test_a_call_has_the_identity_that_the_service_gave_it() -> None:
    event = event_of("new_inbound_call/minimal")
    assert event.schema_version == "1.0"
    assert event.sequence == 1
    assert event.aws_account_id == "123456789012"
    assert event.aws_region == "us-east-1"
    assert event.sip_media_application_id == "0d9a7c55-2f3e-4b8a-9a64-c1e0b7f24d38"
    assert event.sip_rule_id == "7be03a1f-5c84-4d29-b6f7-2a90c3d81e46"
    assert event.delivery == Delivery("4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90", 1)


def test_a_call_that_we_make_comes_by_no_sip_rule() -> None:
    assert event_of("new_outbound_call/no_arguments").sip_rule_id is None


def test_the_same_delivery_is_the_same_event_again() -> None:
    first, again = event_of("ringing/minimal"), event_of("ringing/minimal")
    other = event_of("call_answered/minimal")
    assert first.delivery == again.delivery
    assert {first.delivery, again.delivery, other.delivery} == {first.delivery, other.delivery}
    assert first.delivery != other.delivery


def test_the_legs_are_those_of_the_event() -> None:
    event = event_of("hangup/leg_b_leg_a_still_up")
    assert [leg.call_id for leg in event.participants] == [A, B]
    assert event.leg_a.call_id == A
    assert event.leg_b is not None
    assert event.leg_b.call_id == B
    assert event.connected == (event.leg_a,)
    assert event.leg_b.status == "Disconnected"


@pytest.mark.parametrize(
    ("name", "connected"),
    [
        ("new_inbound_call/minimal", ()),
        ("new_inbound_call/with_status_as_in_docs", (A,)),
        ("ringing/minimal", ()),
        ("call_answered/minimal", (A,)),
        ("action_successful/call_and_bridge", (A, B)),
        ("action_successful/play_audio_caller_gone", ()),
        ("hangup/single_leg", ()),
        ("hangup/leg_a_leg_b_still_up", (B,)),
        ("hangup/meeting_caller_left", ()),
    ],
)
def test_a_leg_is_connected_while_somebody_is_on_it(name: str, connected: tuple[str]) -> None:
    assert tuple(leg.call_id for leg in event_of(name).connected) == connected


def test_a_call_with_one_leg_has_no_leg_b() -> None:
    assert event_of("call_answered/minimal").leg_b is None


@pytest.mark.parametrize(
    ("name", "leg"),
    [
        ("new_inbound_call/minimal", A),
        ("action_successful/voice_focus", A),
        ("action_successful/modify_chime_meeting_attendees", B),
        ("hangup/leg_b_leg_a_still_up", B),
        ("hangup/leg_a_leg_b_still_up", A),
        ("hangup/doc_glitch_leg_b", B),
        ("digits_received/bridged", A),
        ("call_update_requested/bridged_with_attributes", A),
    ],
)
def test_an_event_is_about_one_leg(name: str, leg: str) -> None:
    raw = payload(name)
    named = next(one for one in legs(raw) if one["CallId"] == leg)
    assert parse(raw).leg.raw == named


def test_a_leg_may_be_named_by_its_tag_alone() -> None:
    raw = payload("hangup/leg_b_leg_a_still_up")
    del parameters(raw)["CallId"]
    assert parse(raw).leg.call_id == B
    parameters(raw)["ParticipantTag"] = "Leg-B"
    assert parse(raw).leg.call_id == B
    parameters(raw)["ParticipantTag"] = "LEG-C"
    assert parse(raw).leg.call_id == A


def test_legs_without_tags_are_in_order() -> None:
    raw = payload("new_inbound_call/minimal")
    del legs(raw)[0]["ParticipantTag"]
    event = parse(raw)
    assert event.leg_a.call_id == A
    assert event.leg.participant_tag == ""


def test_a_leg_says_when_it_started() -> None:
    leg = event_of("new_inbound_call/minimal").leg_a
    assert leg.started_at == datetime(2026, 9, 21, 14, 13, 20, 123_000, tzinfo=UTC)


@pytest.mark.parametrize("stamp", [None, "", "soon", "9" * 30, -(10**30), {}], ids=repr)
def test_a_start_that_is_no_time_is_the_epoch(stamp: object) -> None:
    raw = payload("new_inbound_call/minimal")
    legs(raw)[0]["StartTimeInMilliseconds"] = stamp
    assert parse(raw).leg_a.started_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_custom_headers_are_those_of_leg_a() -> None:
    headers = event_of("new_inbound_call/with_sip_headers").sip_headers
    assert headers == legs(payload("new_inbound_call/with_sip_headers"))[0]["SipHeaders"]
    assert any(name.lower().startswith("x-") for name in headers)
    assert event_of("new_inbound_call/minimal").sip_headers == {}


def test_a_request_brings_its_arguments() -> None:
    asked = read(CallUpdateRequested, payload("call_update_requested/bridged_with_attributes"))
    assert asked.arguments == {"digit": "3"}
    created = read(NewOutboundCall, payload("new_outbound_call/with_arguments"))
    assert created.arguments == parameters(payload("new_outbound_call/with_arguments"))["Arguments"]
    assert created.arguments != {}
    for name in ("new_outbound_call/no_arguments", "call_update_requested/empty_arguments"):
        event = parse(payload(name))
        assert isinstance(event, (NewOutboundCall, CallUpdateRequested))
        assert event.arguments == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("single_leg", 0),
        ("outbound_no_answer_480", 480),
        ("outbound_busy_486", 486),
        ("without_code", None),
        ("doc_glitch_leg_b", None),
    ],
)
def test_a_hangup_says_why(name: str, code: int | None) -> None:
    assert read(Hangup, payload(f"hangup/{name}")).sip_response_code == code


@pytest.mark.parametrize(
    ("code", "meant"),
    [("486", 486), (486, 486), ("busy", None), (None, None), ([], None)],
    ids=repr,
)
def test_a_code_may_be_a_string_or_nothing_at_all(code: object, meant: int | None) -> None:
    raw = payload("hangup/single_leg")
    parameters(raw)["SipResponseCode"] = code
    assert read(Hangup, raw).sip_response_code == meant


def test_digits_are_all_that_was_pressed() -> None:
    assert read(DigitsReceived, payload("digits_received/minimal")).received_digits == "11#"
    bridged = read(DigitsReceived, payload("digits_received/bridged"))
    assert bridged.received_digits == "*1"
    assert bridged.action.input_digits_regex == r"^\*\d$"


def test_attributes_are_what_was_stored() -> None:
    event = event_of("call_answered/with_attributes")
    assert event.transaction_attributes == {"FirstName": "Ana", "Campaign": "renewal-7"}
    assert event_of("call_answered/minimal").transaction_attributes == {}
    assert parse(storing({})).transaction_attributes == {}


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_ignored_where_nobody_can_hear_them(name: str) -> None:
    assert event_of(name).ignores_actions is (name in IGNORED)


def test_an_event_is_shown_without_a_phone_number() -> None:
    event = event_of("call_answered/minimal")
    assert repr(event) == "<CALL_ANSWERED 3 of 4f1c2b7e-9d35-4a60-8c11-6b0f5e2d7a90>"
    assert repr(event.leg_a) == "<LEG-A Outbound Connected>"
    assert repr(event_of("new_inbound_call/minimal").leg_a) == "<LEG-A Inbound unanswered>"


def test_a_leg_is_the_same_in_the_same_event() -> None:
    one, other = (read(CallAnswered, payload("call_answered/minimal")) for _ in range(2))
    assert one.leg_a == other.leg_a
    assert hash(one.leg_a) == hash(other.leg_a)
    assert one.leg_a != read(NewInboundCall, payload("new_inbound_call/minimal")).leg_a
    assert one.leg_a != "LEG-A"
    assert isinstance(one.leg_a, Participant)


def test_the_documented_key_of_the_application_is_not_needed() -> None:
    raw = payload("new_inbound_call/minimal")
    call = details(raw)
    call["SipApplicationId"] = call.pop("SipMediaApplicationId")
    assert parse(raw).sip_media_application_id == ""
