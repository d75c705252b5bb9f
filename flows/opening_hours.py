"""A caller hears when a bicycle workshop is open, or what to do while it is closed.

In opening hours: a menu; 1 reads the opening hours, 2 tells the way, 0 or giving up says goodbye.
Out of hours: when it opens again.
"""

import os
from datetime import datetime, time
from zoneinfo import ZoneInfo

from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from offhook.handler import ActionFailed, ActionSuccessful, NewInboundCall, Reply, Router

router = Router()

OPENS, CLOSES = time(9), time(18)
WORKING_DAYS = range(5)  # Monday to Friday

HOURS = "We are open from Monday to Friday, nine to six."
GOODBYE = (Speak(text="Thank you for calling. Goodbye."), Hangup())

MENU = SpeakAndGetDigits(
    text="For our opening hours, press 1. For the way to us, press 2. To end the call, press 0.",
    failure_text="Sorry, I did not get that.",
    input_digits_regex="^[012]$",
    max_number_of_digits=1,
    repeat=3,
    repeat_duration_in_milliseconds=5_000,
)


def is_closed(event: NewInboundCall) -> bool:
    """Whether the call came out of hours, by the workshop's own clock."""
    return not is_open_at(event.leg_a.started_at)


def is_open_at(moment: datetime) -> bool:
    """Whether the workshop is open at a moment."""
    here = moment.astimezone(ZoneInfo(os.environ.get("WORKSHOP_TIMEZONE") or "UTC"))
    return here.weekday() in WORKING_DAYS and OPENS <= here.time() < CLOSES


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome to the bicycle workshop."), MENU]


@router.new_inbound_call(when=is_closed)
def closed(event: NewInboundCall) -> Reply:
    return [Speak(text=f"The bicycle workshop is closed. {HOURS}"), *GOODBYE]


@router.action_successful(MENU, digits="1")
def hours(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text=HOURS), MENU]


@router.action_successful(MENU, digits="2")
def way(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="You find us at 12 Canal Street, behind the station."), MENU]


@router.action_successful(MENU, digits="0")
def goodbye(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return GOODBYE


@router.action_failed(MENU, error_type="InvalidDigitsReceived")
def gave_up(event: ActionFailed[SpeakAndGetDigits]) -> Reply:
    return GOODBYE
