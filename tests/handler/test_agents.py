"""A voice agent behind a Voice Connector: bridged, given back, or lost (`offhook.handler.legs`)."""

import pytest

from offhook.actions import CallAndBridge, Hangup, Speak
from offhook.emulator.testing import Agent, FarEnd, busy
from offhook.handler import (
    ActionFailed,
    NewInboundCall,
    Reply,
    Router,
    bridge_to_agent,
    events,
    given_back,
    hang_up_the_rest,
    on,
)
from offhook.handler.events import parse
from tests.handler.menus import AnsweredBy
from tests.handler.payloads import legs, payload

CONNECTOR = "arn:aws:chime:us-east-1:123456789012:vc/abcdefghijklmnopqrstuv"


def line() -> Router:
    """A line that is an agent's, and says what became of it."""
    router = Router()

    @router.new_inbound_call()
    def bridged(event: NewInboundCall) -> Reply:
        return bridge_to_agent(event, "agent", CONNECTOR, headers={"X-Topic": "soup"})

    @router.action_failed(CallAndBridge)
    def nobody(event: ActionFailed[CallAndBridge]) -> Reply:
        return [Speak(text=f"Nobody: {event.error_type}."), Hangup()]

    @router.hangup(leg="LEG-B")
    def left(event: events.Hangup) -> Reply:
        words = Speak(text=f"Given back: {given_back(event) or 'lost'}.")
        return [on(event.leg_a, words), on(event.leg_a, Hangup())]

    @router.hangup(leg="LEG-A")
    def over(event: events.Hangup) -> Reply:
        return hang_up_the_rest(event)

    return router


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (Agent(turns=[{"X-Given-Back": "soup"}]), "Given back: soup."),
        (Agent(turns=[{"x-given-back": "soup"}]), "Given back: soup."),
        (Agent(turns=[{"X-Reason": "tired"}]), "Given back: lost."),
        (Agent(dies=True), "Given back: lost."),
        (busy(), "Nobody: CallNotAnswered."),
    ],
)
def test_a_caller_is_given_back_or_lost(answered_by: AnsweredBy, agent: FarEnd, words: str) -> None:
    phone = answered_by(line())
    phone.at("agent", agent)
    call = phone.dials()
    call.hears(words)
    call.ends()


def test_an_agent_is_told_which_call_it_is_and_what_else_there_is() -> None:
    event = parse(payload("new_inbound_call/minimal"))
    (bridge,) = bridge_to_agent(event, "agent", CONNECTOR, headers={"X-Topic": "soup"})
    assert bridge == CallAndBridge(
        uri="agent",
        arn=CONNECTOR,
        bridge_endpoint_type="AWS",
        caller_id_number=event.our_number,
        call_timeout_seconds=10,
        sip_headers={"X-Transaction-Id": event.transaction_id, "X-Topic": "soup"},
    )


def test_people_give_nobody_back() -> None:
    event = payload("hangup/leg_b_leg_a_still_up")
    assert given_back(parse(event)) == ""
    legs(event)[1]["SipHeaders"] = {"X-Given-Back": "desk"}
    assert given_back(parse(event)) == "desk"
