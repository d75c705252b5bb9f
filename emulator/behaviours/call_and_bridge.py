"""CallAndBridge: somebody else is called, and joined to the caller."""

import asyncio
from collections.abc import Awaitable, Callable

from offhook.actions.call_and_bridge import CallAndBridge
from offhook.actions.refusals import Refusal
from offhook.emulator.behaviours import Stage, behaviour
from offhook.emulator.refused import Refused

_NOT_ANSWERED = Refusal("CallNotAnswered", "Call not answered")
_NOT_OURS = Refusal(
    "InvalidActionParameter",
    "Provided caller ID number is invalid. Number must be owned by this AWS account, "
    "or be the From number of LEG-A.",
)
_BRIDGED = Refusal("InvalidActionParameter", "Invalid action on the call.")


@behaviour(notifies=True)
async def call_and_bridge(action: CallAndBridge, stage: Stage) -> None:
    """Ring the far end; when it answers it is LEG-B, and LEG-A is answered if it was not."""
    call = stage.call
    leg_a = call.legs[0]
    if call.leg_b is not None:
        raise Refused(_BRIDGED, "the call has a LEG-B already: hang it up first")
    owned = stage.surroundings.our_numbers()
    if action.caller_id_number not in (*owned, leg_a.from_):
        raise Refused(_NOT_OURS, f"{action.caller_id_number} is neither of {', '.join(owned)}")
    ringback = stage.prompts.clip(action.ringback_tone) if action.ringback_tone else None
    leg = stage.surroundings.new_leg(
        call, "LEG-B", to=action.uri, from_=action.caller_id_number, direction="Outbound"
    )
    leg.dialled = leg.loop.create_future()
    call.report(leg, "call", f"{leg.to} rings, called from {leg.from_}")
    if action.sip_headers:
        call.report(leg, "call", f"with {', '.join(action.sip_headers)}")
    call.ringing_leg = leg
    stage.surroundings.at(leg.to).ring(call, leg)
    tone = None
    if ringback is not None and leg_a.is_connected:
        tone = leg.loop.create_task(_repeat(lambda: leg_a.hears(ringback)))
    try:
        async with asyncio.timeout(action.call_timeout_seconds):
            code = await leg.dialled
    except TimeoutError:
        code = 480
        call.report(leg, "call", f"is not answered within {action.call_timeout_seconds} s")
    finally:
        call.ringing_leg = None
        if tone is not None:
            tone.cancel()
        if not leg.is_connected:
            leg.status = "Disconnected"
    if code:
        raise Refused(_NOT_ANSWERED)
    leg_a.answer()
    call.add_leg_b(leg)
    call.report(leg, "call", "is bridged with LEG-A")


async def _repeat(play: Callable[[], Awaitable[bool]]) -> None:
    while True:
        await play()
