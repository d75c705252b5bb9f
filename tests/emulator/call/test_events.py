"""What the function is told, against the payloads of real calls: keys, order, values.

About `offhook.emulator.call.payload`.
"""

import json
from datetime import UTC, datetime
from uuid import UUID

from offhook.actions import Hangup, Pause, ReceiveDigits, Speak
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.testing import Phone
from tests.emulator.functions import AnsweredBy, always, details, in_turn, legs, reply, types

WORKSHOP = SipMediaApplication(name="workshop", numbers=("+15550100100",), function="not:used")
DESK = Desk(account="210987654321", region="eu-central-1", sip_media_applications=(WORKSHOP,))
STARTED = datetime(2027, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)


def test_an_inbound_call_is_told_as_in_the_logs_of_real_calls() -> None:
    with Phone(in_turn([Hangup(sip_response_code=486)]), desk=DESK) as phone:
        call = phone.dials(at=STARTED)
        call.ends()
    (told, hung_up) = call.events
    caller = legs(told)[0]["CallId"]
    ids = {name: details(told)[f"{name}Id"] for name in ("Transaction", "SipRule")}
    application = details(told)["SipMediaApplicationId"]
    assert all(UUID(str(its_id)) for its_id in (*ids.values(), application, caller))
    assert json.dumps(told) == json.dumps(
        {
            "SchemaVersion": "1.0",
            "Sequence": 1,
            "InvocationEventType": "NEW_INBOUND_CALL",
            "CallDetails": {
                "TransactionId": ids["Transaction"],
                "AwsAccountId": "210987654321",
                "AwsRegion": "eu-central-1",
                "SipRuleId": ids["SipRule"],
                "SipMediaApplicationId": application,
                "Participants": [
                    {
                        "CallId": caller,
                        "ParticipantTag": "LEG-A",
                        "To": "+15550100100",
                        "From": "+15550100200",
                        "Direction": "Inbound",
                        "StartTimeInMilliseconds": "1803895200123",
                    }
                ],
            },
        }
    )
    assert json.dumps(hung_up) == json.dumps(
        {
            "SchemaVersion": "1.0",
            "Sequence": 2,
            "InvocationEventType": "HANGUP",
            "ActionData": {
                "Type": "Hangup",
                "Parameters": {
                    "SipResponseCode": 486,
                    "CallId": caller,
                    "ParticipantTag": "LEG-A",
                },
            },
            "CallDetails": {
                **details(told),
                "Participants": [{**legs(told)[0], "Status": "Disconnected"}],
            },
        }
    )


def test_an_outbound_call_is_told_as_in_the_logs_of_real_calls() -> None:
    with Phone(always(), desk=DESK) as phone:
        call = phone.rings("+15550100300", at=STARTED, arguments={"FirstName": "Ana"})
        call.answers()
        call.hangs_up()
        call.ends()
    leg = {
        "CallId": legs(call.events[0])[0]["CallId"],
        "ParticipantTag": "LEG-A",
        "To": "+15550100300",
        "From": "+15550100100",
        "Direction": "Outbound",
        "StartTimeInMilliseconds": "1803895200123",
    }
    call_details = {
        "TransactionId": details(call.events[0])["TransactionId"],
        "AwsAccountId": "210987654321",
        "AwsRegion": "eu-central-1",
        "SipMediaApplicationId": details(call.events[0])["SipMediaApplicationId"],
        "Participants": [leg],
    }
    assert json.dumps(call.events[:3]) == json.dumps(
        [
            {
                "SchemaVersion": "1.0",
                "Sequence": 1,
                "InvocationEventType": "NEW_OUTBOUND_CALL",
                "ActionData": {
                    "Type": "CallCreateRequest",
                    "Parameters": {"Arguments": {"FirstName": "Ana"}},
                },
                "CallDetails": call_details,
            },
            {
                "SchemaVersion": "1.0",
                "Sequence": 2,
                "InvocationEventType": "RINGING",
                "CallDetails": call_details,
            },
            {
                "SchemaVersion": "1.0",
                "Sequence": 3,
                "InvocationEventType": "CALL_ANSWERED",
                "CallDetails": {
                    **call_details,
                    "Participants": [{**leg, "Status": "Connected"}],
                },
            },
        ]
    )
    assert types(call.events[3:]) == ["HANGUP"]


def test_sequence_numbers_count_the_invocations_from_one(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Pause(duration_in_milliseconds=100))).dials()
    call.waits(10)
    call.hangs_up()
    call.ends()
    assert len(call.events) > 50
    assert [event["Sequence"] for event in call.events] == [*range(1, len(call.events) + 1)]


def test_sip_headers_are_in_every_event_of_the_leg_that_received_them(
    answered_by: AnsweredBy,
) -> None:
    headers = {"X-CallId": "56980001", "User-to-User": "616263;encoding=hex"}
    call = answered_by(in_turn([Speak(text="Hello.")])).dials(sip_headers=headers)
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert [legs(event)[0]["SipHeaders"] for event in call.events] == [headers] * 3
    assert list(legs(call.events[0])[0])[-2:] == ["StartTimeInMilliseconds", "SipHeaders"]
    assert list(legs(call.events[1])[0])[-2:] == ["Status", "SipHeaders"]


def test_a_header_that_the_service_does_not_pass_on_reaches_nobody(
    answered_by: AnsweredBy,
) -> None:
    headers = {"P-Asserted-Identity": "sip:ana@example.com", "x-tier": "gold", "DIVERSION": "sip:b"}
    call = answered_by(always(Hangup())).dials(sip_headers=headers)
    call.ends()
    assert legs(call.events[0])[0]["SipHeaders"] == {"x-tier": "gold", "DIVERSION": "sip:b"}
    assert "P-Asserted-Identity is not passed on" in call.ladder.render()


def test_attributes_stand_right_after_the_transaction_id(answered_by: AnsweredBy) -> None:
    stored = reply(Speak(text="Hello."), TransactionAttributes={"tries": "1"})
    call = answered_by(in_turn(stored)).dials()
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert "TransactionAttributes" not in details(call.events[0])
    for event in call.events[1:]:
        assert list(details(event))[:3] == [
            "TransactionId",
            "TransactionAttributes",
            "AwsAccountId",
        ]
        assert details(event)["TransactionAttributes"] == {"tries": "1"}


def test_a_refused_reply_is_told_with_its_fault_at_the_top_level(answered_by: AnsweredBy) -> None:
    too_many = {str(number): "x" for number in range(101)}
    call = answered_by(in_turn(reply(Speak(text="Hello."), TransactionAttributes=too_many))).dials()
    call.hangs_up()
    call.ends()
    told = call.events[1]
    assert list(told) == [
        "SchemaVersion",
        "Sequence",
        "InvocationEventType",
        "CallDetails",
        "ErrorType",
        "ErrorMessage",
    ]
    assert told["InvocationEventType"] == "INVALID_LAMBDA_RESPONSE"
    assert told["ErrorType"] == "TransactionAttributesInvalidMapSize"
    assert told["ErrorMessage"] == (
        "Transaction Attributes has too many mappings. Maximum number of mappings is 100"
    )
    assert "Status" not in legs(told)[0]


def test_calls_to_one_number_come_by_one_sip_rule(answered_by: AnsweredBy) -> None:
    phone = answered_by(always(Hangup()))
    first, second = phone.dials(), phone.dials()
    first.ends()
    second.ends()
    assert details(first.events[0])["SipRuleId"] == details(second.events[0])["SipRuleId"]
    assert details(first.events[0])["TransactionId"] != details(second.events[0])["TransactionId"]
    assert legs(first.events[0])[0]["CallId"] != legs(second.events[0])[0]["CallId"]


def test_there_are_eleven_types_and_each_is_told(answered_by: AnsweredBy) -> None:
    listen = ReceiveDigits(
        input_digits_regex="^1$",
        in_between_digits_duration_in_milliseconds=500,
        flush_digits_duration_in_milliseconds=2_000,
    )
    too_short = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": 1}}
    inbound = answered_by(
        in_turn([too_short], [listen, Speak(text="Hello.")], "nonsense", [], [Speak(text="One.")])
    ).dials()
    inbound.hears("Hello.")
    inbound.presses("1")
    inbound.waits(0.6)
    inbound.updates()
    inbound.hangs_up()
    outbound = answered_by(always()).rings()
    outbound.answers()
    interrupted = answered_by(in_turn([Pause(duration_in_milliseconds=9_000)], [Hangup()])).dials()
    interrupted.updates()
    assert {*types(inbound.events), *types(outbound.events), *types(interrupted.events)} == {
        *("NEW_INBOUND_CALL", "NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED"),
        *("ACTION_SUCCESSFUL", "ACTION_FAILED", "ACTION_INTERRUPTED"),
        *("DIGITS_RECEIVED", "CALL_UPDATE_REQUESTED", "HANGUP", "INVALID_LAMBDA_RESPONSE"),
    }
