"""CallAndBridge: somebody else is called, and joined to the caller."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

from offhook.actions.call_and_bridge import CallAndBridge
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.behaviour import Stage, behaviour
from offhook.emulator.call.deeds import PICKS_UP
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.voice_connectors import NO_ROUTE
from offhook.emulator.settings import Settings

_NOT_ANSWERED = Refusal("CallNotAnswered", "Call not answered")
_NOT_OURS = Refusal(
    "InvalidActionParameter",
    "Provided caller ID number is invalid. Number must be owned by this AWS account, "
    "or be the From number of LEG-A.",
)
_ENDPOINT = Refusal("InvalidActionParameter", "Endpoint parameter is invalid.")
_BRIDGED = Refusal("InvalidActionParameter", "Invalid action on the call.")
_NO_RINGTONE = Refusal("InvalidAudioSource", "Ringtone parameter value is invalid.")


def _reads(read: dict[str, object], _call_id: str, settings: Settings) -> str:
    if "CustomSipHeaders" not in read:
        return ""
    if settings.custom_sip_headers == "ignored":
        return "CustomSipHeaders is no parameter of CallAndBridge, and is ignored: write SipHeaders"
    read.setdefault("SipHeaders", read.pop("CustomSipHeaders"))
    return "CustomSipHeaders is taken as SipHeaders: write that"


@behaviour(
    notifies=True,
    makes_leg_b=True,
    reads=_reads,
    on="LEG-A",
    may=lambda _action, _known: PICKS_UP,
    at_fault={"wrong-caller-id": _NOT_OURS},
)
async def call_and_bridge(action: CallAndBridge, stage: Stage) -> None:
    """Ring the far end; when it answers it is LEG-B, and LEG-A is answered if it was not."""
    call, leg_a = stage.call, stage.leg
    (endpoint,) = cast("Sequence[Mapping[str, object]]", stage.echo["Endpoints"])
    if not endpoint.get("BridgeEndpointType"):  # the class has a default, the service has none
        raise Refused(_ENDPOINT, "BridgeEndpointType is missing: PSTN or AWS")
    if action.arn is not None and (why := stage.world.voice_connectors.unknown(action.arn)):
        raise Refused(_ENDPOINT, why)
    if call.leg_b is not None:
        raise Refused(_BRIDGED, "the call has a LEG-B already: hang it up first")
    owned = stage.world.numbers
    if action.caller_id_number not in (*owned, leg_a.from_):
        raise Refused(_NOT_OURS, f"{action.caller_id_number} is neither of {', '.join(owned)}")
    tone: Clip | None = None
    if action.ringback_tone:
        tone = await stage.fetch(action.ringback_tone, _NO_RINGTONE)
        if not leg_a.is_connected:
            leg_a.report("note", f"{tone} is not heard: nobody has answered LEG-A yet")
    leg_b = call.new_leg(
        "LEG-B",
        to=action.uri,
        from_=action.caller_id_number,
        direction="Outbound",
        invite_headers=action.sip_headers or {},
    )
    code = 480
    try:
        with call.rings_on():
            async with _ringback(leg_a, tone):
                code = await _ring(action, stage, leg_b)
    finally:
        if code:
            leg_b.end(code)
    if code:
        raise Refused(_NOT_ANSWERED)
    leg_a.answer()
    call.add_leg_b(leg_b)
    leg_b.report("call", "is bridged with LEG-A")


async def _ring(action: CallAndBridge, stage: Stage, leg: Leg) -> int:
    """Call the far end: 0 when it answers, otherwise the SIP response code."""
    leg.dialled = leg.loop.create_future()
    leg.report("call", f"{leg.to} rings, called from {leg.from_}")
    if leg.invite_headers:
        leg.report("call", f"with {', '.join(leg.invite_headers)}")
    if action.arn is not None and (why := stage.world.voice_connectors.no_route(action.arn)):
        leg.report("note", why)
        return NO_ROUTE
    stage.world.at(leg.to, stage.call).ring(stage.call, leg)
    try:
        async with asyncio.timeout(action.call_timeout_seconds):
            return await leg.dialled
    except TimeoutError:
        if leg.is_connected:  # at the very last moment
            return 0
        leg.report("call", f"is not answered within {action.call_timeout_seconds} s")
        return 480


@asynccontextmanager
async def _ringback(leg: Leg, tone: Clip | None) -> AsyncGenerator[None]:
    """Meanwhile the leg, if somebody is on it, hears the tone again and again."""
    if tone is None or not leg.is_connected:
        yield
        return
    ringing = leg.loop.create_task(_repeat(leg, tone))
    try:
        yield
    finally:
        ringing.cancel()
        await asyncio.wait([ringing])


async def _repeat(leg: Leg, tone: Clip) -> None:
    await leg.hears(tone)
    while tone.seconds:
        await leg.hears(tone)
