"""A line with a little of everything that exploration shows."""

from functools import cache

from offhook.actions import Hangup, PlayAudio, Speak, SpeakAndGetDigits
from offhook.emulator.explore.jobs import Result, explore
from offhook.emulator.explore.options import Options
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    CallAnswered,
    CallUpdateRequested,
    NewInboundCall,
    Reply,
    Router,
)

router = Router()
MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=1,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome."), MENU]


@router.action_successful(MENU, digits="1")
def one(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text="We open at nine."), Hangup()]


@router.action_successful(MENU, digits="2")
def two(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    """The fault: nobody hangs up."""
    return [Speak(text="Please wait.")]


@router.action_successful(MENU, digits="3")
def three(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    """What the desk lacks: there is no such file."""
    return [PlayAudio(audio_source="nowhere.wav"), Hangup()]


@router.action_successful(MENU)
def other(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Hangup()]


@router.action_failed(MENU)
def gave_up(event: ActionFailed[SpeakAndGetDigits]) -> Reply:
    return [Hangup()]


@router.action_successful(Speak)
def waits(event: ActionSuccessful[Speak]) -> Reply:
    return []


@router.call_answered()
def answered(event: CallAnswered) -> Reply:
    return [Hangup()]


@router.call_update_requested()
def updated(event: CallUpdateRequested) -> Reply:
    return [Hangup()]


OPTIONS = Options(at=[MONDAY_AT_TEN], faults=0, seconds=None)


@cache
def explored() -> Result:
    """What comes of it, to the end."""
    return explored_with(OPTIONS)


def explored_with(options: Options) -> Result:
    """The same, with other options."""
    desk = Desk(state=None).with_function("desk_line:router")
    return explore(desk, desk.sip_media_applications[0], options, handler=router)
