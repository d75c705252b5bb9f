"""With the guard on, a flow bridges its caller with nobody outside the policy."""

from collections.abc import Callable
from typing import cast

import pytest
from pydantic import JsonValue

from offhook.actions import CallAndBridge, Hangup, Response, Speak
from offhook.actions.base import UnknownAction
from offhook.handler import (
    DialPolicy,
    DialRefused,
    Event,
    NewInboundCall,
    Reply,
    Router,
    guarded,
    guarded_by,
)
from offhook.handler.fallbacks import APOLOGY
from tests.handler.answers import Logged
from tests.handler.menus import AnsweredBy
from tests.handler.payloads import payload

OURS, ALLOWED, FORBIDDEN = "+15550100100", "+15550100300", "+19005550143"


def bridges(bridge: Reply) -> Router:
    """A flow that answers whoever calls with this."""
    router = Router()
    router.check()(guarded(DialPolicy(destinations=("+1555010",))))

    @router.new_inbound_call()
    def answer(event: NewInboundCall) -> Reply:
        return bridge

    return router


def to(number: str) -> CallAndBridge:
    """Call somebody and join them to the caller."""
    return CallAndBridge(uri=number, caller_id_number=OURS)


def test_whom_the_policy_allows_is_rung(answered_by: AnsweredBy) -> None:
    phone = answered_by(bridges([to(ALLOWED)]))
    colleague = phone.person(ALLOWED)
    call = phone.dials(OURS)
    colleague.answers()
    assert call.is_connected


def test_instead_of_anybody_else_the_caller_hears_an_apology(answered_by: AnsweredBy) -> None:
    for reply in (to(FORBIDDEN), [to(FORBIDDEN)], Response([Speak(text="One"), to(FORBIDDEN)])):
        call = answered_by(bridges(reply)).dials(OURS)
        call.hears(APOLOGY)
        call.ends()


def test_a_flow_may_say_what_it_does_instead(answered_by: AnsweredBy) -> None:
    router = bridges(to(FORBIDDEN))

    @router.exception(DialRefused)
    def sorry(event: Event, error: DialRefused) -> Reply:
        return [Speak(text="We do not call that number."), Hangup()]

    call = answered_by(router).dials(OURS)
    call.hears("We do not call that number.")
    call.ends()


def test_nor_does_what_it_does_instead_call_anybody_else(answered_by: AnsweredBy) -> None:
    router = bridges(to(FORBIDDEN))

    @router.exception(DialRefused)
    def another(event: Event, error: DialRefused) -> Reply:
        return to("+19005550144")

    call = answered_by(router).dials(OURS)
    call.hears(APOLOGY)
    call.ends()


def test_a_policy_that_cannot_be_read_bridges_nobody_and_all_else_goes_on(
    answered_by: AnsweredBy, logged: Logged
) -> None:
    guard = guarded_by({"OFFHOOK_DIAL_DESTINATIONS": "+44"})
    for reply, heard in ((to(ALLOWED), APOLOGY), ([Speak(text="Hello."), Hangup()], "Hello.")):
        router = Router()
        router.check()(guard)
        router.new_inbound_call()(_returns(reply))
        call = answered_by(router).dials(OURS)
        call.hears(heard)
        call.ends()
    assert sum("+44 is several countries" in line for line in logged("ERROR")) == 1


def _returns(reply: Reply) -> Callable[[Event], Reply]:
    def answer(event: Event) -> Reply:
        return reply

    return answer


def test_a_voice_connector_is_no_telephone_number(answered_by: AnsweredBy) -> None:
    connector = CallAndBridge(
        uri="desk-1",
        arn="arn:aws:chime:us-east-1:123456789012:vc/abcdefghijklmnopqrstuv",
        bridge_endpoint_type="AWS",
        caller_id_number=OURS,
    )
    call = answered_by(bridges([connector])).dials(OURS)
    call.waits(1)
    assert "desk-1 rings" in call.ladder.render()


@pytest.mark.parametrize("arn", ["", "nobody", "arn:aws:iam::123456789012:role/Admin", None, 7])
def test_what_only_says_that_it_is_one_is_none(arn: object) -> None:
    to = {"BridgeEndpointType": "AWS", "Uri": FORBIDDEN, "Arn": arn}
    given = cast("dict[str, JsonValue]", {"CallerIdNumber": OURS, "Endpoints": [to]})
    bridge = UnknownAction(type="CallAndBridge", parameters=given)
    assert FORBIDDEN not in str(bridges(bridge)(payload("new_inbound_call/minimal")))


def test_a_reply_without_a_bridge_is_left_alone(answered_by: AnsweredBy) -> None:
    call = answered_by(bridges([Speak(text="Hello."), Hangup()])).dials(OURS)
    call.hears("Hello.")
    call.ends()
