"""The two-leg vocabulary: the caller, the callee, and what flows do with them."""

from collections.abc import Mapping
from typing import TypeVar

from offhook.actions import Actions, CallAndBridge, Hangup
from offhook.actions.legs import OnLeg
from offhook.handler.events import Event
from offhook.handler.participant import Participant

__all__ = ["bridge_to_agent", "given_back", "hang_up", "on", "take_back", "transfer"]

A = TypeVar("A", bound=OnLeg[object])


def on(leg: Participant, action: A) -> A:
    """The same action, on this leg: `on(event.leg_a, Speak(text="..."))`."""
    return action.model_copy(update={"call_id": leg.call_id, "participant_tag": None})


def hang_up(leg: Participant, *, sip_response_code: int = 0) -> Hangup:
    """End this leg: 0 is a normal end, 480 unavailable, 486 busy, or another of 100 to 999."""
    return Hangup(call_id=leg.call_id, sip_response_code=sip_response_code)


def take_back(event: Event) -> list[Hangup]:
    """End the callee's leg and keep the caller, for what comes next in the list.

    ACTION_SUCCESSFUL of the Hangup and HANGUP of LEG-B, which `is_ours`, follow. With nothing next
    in the list the caller is let go, unless one of them is handled.
    """
    callee = event.leg_b
    return [hang_up(callee)] if callee is not None and callee.is_connected else []


def transfer(
    event: Event,
    to: str,
    *,
    caller_id_number: str | None = None,
    call_timeout_seconds: int = 30,
    ringback_tone: str | None = None,
    arn: str | None = None,
    sip_headers: Mapping[str, str] | None = None,
) -> Actions:
    """Bridge the caller with somebody else; a callee who is there is hung up first.

    The callee sees our number, unless `caller_id_number` says otherwise: a number of the
    account, or the caller's own. With the `arn` of a Voice Connector, `to` is the user part behind
    it. The outcome is ACTION_SUCCESSFUL or ACTION_FAILED (`CallNotAnswered`) of CallAndBridge.
    """
    bridge = CallAndBridge(
        uri=to,
        arn=arn,
        bridge_endpoint_type="AWS" if arn else "PSTN",
        caller_id_number=caller_id_number or event.our_number,
        call_timeout_seconds=call_timeout_seconds,
        ringback_tone=ringback_tone,
        sip_headers=sip_headers,
    )
    return [*take_back(event), bridge]


def bridge_to_agent(
    event: Event, user: str, arn: str, *, headers: Mapping[str, str], call_timeout_seconds: int = 10
) -> Actions:
    """Bridge the caller with a voice agent, or any SIP application, behind a Voice Connector.

    It is told `headers`, and the call's id in `X-Transaction-Id`. Where there is none CallAndBridge
    fails; when it leaves, HANGUP of LEG-B says whether the caller was `given_back`.
    """
    told, seconds = {"X-Transaction-Id": event.transaction_id, **headers}, call_timeout_seconds
    return transfer(event, user, arn=arn, sip_headers=told, call_timeout_seconds=seconds)


def given_back(event: Event) -> str:
    """What an agent says as it leaves, in `X-Given-Back` of its BYE; empty for a lost one."""
    headers = {name.lower(): value for name, value in event.leg.sip_headers.items()}
    return headers.get("x-given-back", "")
