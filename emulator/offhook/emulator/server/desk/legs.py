"""What somebody on a leg does: answer, press, say, hang up, hear."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from offhook.emulator.call.audio import speech
from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.server.desk.answers import Heard
from offhook.emulator.server.desk.calls import summary
from offhook.emulator.server.desk.endpoint import Asked, Cannot, answer, call_of, leg_of, read
from offhook.emulator.service.service import Service

SECONDS_BETWEEN_KEYS = 0.25


class Deed(Asked):
    """What somebody on a leg is to do."""

    do: Literal["answer", "decline", "press", "say", "hang_up"]
    keys: Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,100}$")] | None = None
    """For `press`: a quarter of a second apart."""
    words: str | None = None
    """For `say`: what is said."""
    sip_response_code: Annotated[int, Field(ge=400, le=699)] = 486
    """For `decline`: 486 is busy, 603 declined."""


async def act(service: Service, request: Request) -> Response:
    """POST /_offhook/calls/{TransactionId}/legs/{LEG-A or LEG-B}: do something now."""
    asked = await read(request, Deed)
    call = call_of(service, request)
    leg = leg_of(service, call, request)
    match asked.do:
        case "answer" | "decline":
            _check(leg, leg.status is None and leg.direction == "Outbound", asked.do, "ring")
            if asked.do == "answer":
                call.answered(leg)
            else:
                call.person_hangs_up(leg, asked.sip_response_code)
        case "hang_up":
            _check(leg, not leg.is_gone, asked.do, "be on the line")
            call.person_hangs_up(leg)
        case "press" | "say":
            _check(leg, leg.is_connected, asked.do, "be connected")
            await _utter(call, leg, asked)
    return answer(summary(service, call))


async def _utter(call: Call, leg: Leg, asked: Deed) -> None:
    if asked.do == "say":
        if not asked.words:
            raise Cannot('say: Words is missing, as in {"Do": "say", "Words": "Hello."}')
        call.person_says(leg, speech(asked.words, "text", call.settings.words_per_minute))
        return
    if not asked.keys:
        raise Cannot('press: Keys is missing, as in {"Do": "press", "Keys": "1"}')
    for index, key in enumerate(asked.keys):
        if index:
            await asyncio.sleep(SECONDS_BETWEEN_KEYS)
        if leg.is_connected:
            leg.presses(key)


async def hear(service: Service, request: Request) -> Response:
    """GET /_offhook/calls/{TransactionId}/legs/{tag}/hears?after=0&seconds=30.

    The prompt with that index (the first is 0), once it has begun: waits for it. 404 when the call
    ends before, 408 when it does not come in time.
    """
    call = call_of(service, request)
    leg = leg_of(service, call, request)
    index = _number(request, "after", 0, 1_000_000)
    seconds = _number(request, "seconds", 30, 300)
    try:
        async with asyncio.timeout(seconds):
            await until(call, lambda: len(leg.prompts) > index or call.has_ended or leg.is_gone)
    except TimeoutError:
        raise Cannot(f"{leg.tag} hears nothing new in {seconds} s", 408) from None
    if len(leg.prompts) <= index:
        raise Cannot(f"{leg.tag} has heard {len(leg.prompts)} prompts and hears no more", 404)
    prompt = leg.prompts[index]
    heard: Heard = {
        "Index": index,
        "Text": prompt.clip.text,
        "Seconds": prompt.clip.seconds,
        "IsSpeech": prompt.clip.is_speech,
        "IsOver": prompt.is_over,
        "WasCut": prompt.is_over and prompt.was_cut,
    }
    return answer(heard)


async def until(call: Call, holds: Callable[[], bool]) -> None:
    """Wait for something to hold: looked at whenever the ladder grows."""
    changed = asyncio.Event()

    def look(_entry: object) -> None:
        changed.set()

    call.ladder.watchers.append(look)
    try:
        while not holds():
            changed.clear()
            await changed.wait()
    finally:
        call.ladder.watchers.remove(look)


def _check(leg: Leg, holds: bool, doing: str, must: str) -> None:
    if not holds:
        state = leg.status or "Ringing"
        raise Cannot(f"{doing}: {leg.tag} must {must}: it is {state} ({leg.direction})", 409)


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= most):
        raise Cannot(f"{name} must be a whole number from 0 to {most}: it is {text!r}")
    return int(text)
