"""A caller reaches the reception: a menu, a person, or a voicemail.

1 rings the desk. Whoever answers talks; when either hangs up, the other is let go. A desk that is
busy, does not answer or is not there sends the caller to the voicemail, as 2 does. Leaving a
message ends on #, on three seconds of silence, or after two minutes.
"""

import os

from offhook.actions import CallAndBridge, Hangup, RecordAudio, Speak
from offhook.handler import (
    ActionFailed,
    ActionSuccessful,
    Chosen,
    Event,
    Menu,
    NewInboundCall,
    Reply,
    Router,
    events,
    hang_up_the_rest,
    log,
    on,
    transfer,
)

router = Router()

DESK = "+15550100300"
"""The telephone of the reception, on the emulator: nobody has this number."""

MENU = Menu(
    router,
    "To speak with us, press 1. To leave a message, press 2.",
    no_input="I did not hear anything.",
    invalid_input="There is no such choice.",
    attempts=3,
)

GOODBYE = (Speak(text="Thank you for calling. Goodbye."), Hangup())

MESSAGE = RecordAudio(
    recording_destination="voicemail",
    recording_terminators="#",
    duration_in_seconds=120,
    silence_duration_in_seconds=3,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome. This is the reception."), MENU.ask]


@MENU.option("1")
def to_the_desk(event: Chosen) -> Reply:
    desk = number_of_the_desk()
    if not desk:
        log.warn(event, "there is no RECEPTION_DESK to ring: the caller may leave a message")
        return nobody_there()
    return [Speak(text="One moment, please."), *transfer(event, desk, call_timeout_seconds=20)]


@MENU.option("2")
def to_the_voicemail(event: Chosen) -> Reply:
    return leave_a_message("Please leave a message now, and press the hash key.")


@MENU.gives_up()
def gave_up(event: Event) -> Reply:
    return GOODBYE


@router.action_successful(CallAndBridge)
def talking(event: ActionSuccessful[CallAndBridge]) -> Reply:
    return None  # the two are talking now


@router.action_failed(CallAndBridge, error_type="CallNotAnswered")
def nobody_answers(event: ActionFailed[CallAndBridge]) -> Reply:
    return nobody_there()


@router.action_failed(CallAndBridge)
def cannot_call(event: ActionFailed[CallAndBridge]) -> Reply:
    return leave_a_message("We cannot connect you. Please leave a message.")


@router.action_successful(RecordAudio)
def recorded(event: ActionSuccessful[RecordAudio]) -> Reply:
    return [Speak(text="Your message is with us."), *GOODBYE]


@router.action_failed(RecordAudio)
def not_recorded(event: ActionFailed[RecordAudio]) -> Reply:
    return [Speak(text="We could not take your message."), *GOODBYE]


@router.hangup(leg="LEG-B")
def the_desk_hung_up(event: events.Hangup) -> Reply:
    # By its name: without one, an action is for the leg that the event is about.
    caller = event.leg_a
    return [on(caller, action) for action in GOODBYE] if caller.is_connected else None


@router.hangup(leg="LEG-A")
def the_caller_hung_up(event: events.Hangup) -> Reply:
    return hang_up_the_rest(event)


def number_of_the_desk() -> str:
    """The template's parameter. Deployed without one, there is no desk: empty."""
    is_deployed = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
    return os.environ.get("RECEPTION_DESK") or ("" if is_deployed else DESK)


def nobody_there() -> Reply:
    """The desk does not answer, or there is none."""
    return leave_a_message("Nobody can take your call now. Please leave a message.")


def leave_a_message(text: str) -> Reply:
    """Say why, and record."""
    return [Speak(text=text), MESSAGE]
