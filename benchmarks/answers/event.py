"""The story and its events, as the emulator tells them; 1 is pressed in the menu."""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from benchmarks.answers.offhook_router import router
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.testing import Phone, PhoneCall

Event: TypeAlias = Mapping[str, object]

Answer: TypeAlias = Callable[[Event], object]
"""From the service's event to the function's reply."""

DESK = Desk(sip_media_applications=(SipMediaApplication(function="the function under test"),))


def play(phone: Phone) -> PhoneCall:
    """The story, as the caller lives it."""
    call = phone.dials()
    call.hears("Welcome to the workshop.")
    call.hears("For our opening hours, press 1.")
    call.presses("1")
    call.hears("You pressed 1. Goodbye.")
    call.ends()
    return call


def events() -> list[Event]:
    """All events of that call, fresh from JSON as Lambda gives them."""
    with Phone(router, desk=DESK) as phone:
        told = play(phone).events
    return cast("list[Event]", json.loads(json.dumps(told)))


def menu_done() -> Event:
    """Its ACTION_SUCCESSFUL."""
    return next(event for event in events() if event["InvocationEventType"] == "ACTION_SUCCESSFUL")
