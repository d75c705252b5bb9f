"""The two-leg vocabulary: the caller, the callee, and what flows do with them."""

from typing import TypeVar

from offhook.actions.base import Action
from offhook.actions.call_and_bridge import CallAndBridge
from offhook.actions.hangup import Hangup
from offhook.actions.legs import OnLeg
from offhook.handler.events import Event
from offhook.handler.participant import Participant

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
) -> list[Action[None]]:
    """Bridge the caller with somebody else; a callee who is there is hung up first.

    The callee sees our number, unless `caller_id_number` says otherwise: a number of the
    account, or the caller's own. The outcome is ACTION_SUCCESSFUL or ACTION_FAILED
    (`CallNotAnswered`) of CallAndBridge.
    """
    bridge = CallAndBridge(
        uri=to,
        caller_id_number=caller_id_number or event.our_number,
        call_timeout_seconds=call_timeout_seconds,
        ringback_tone=ringback_tone,
    )
    return [*take_back(event), bridge]
