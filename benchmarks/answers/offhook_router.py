"""With Offhook: the event is checked, the actions are checked, and so is the reply."""

from collections.abc import Mapping

from offhook.actions import Hangup, Speak, SpeakAndGetDigits
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router

router = Router()

MENU = SpeakAndGetDigits(
    text="For our opening hours, press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=3,
    repeat_duration_in_milliseconds=5_000,
)


@router.new_inbound_call()
def welcome(event: NewInboundCall) -> Reply:
    return [Speak(text="Welcome to the workshop."), MENU]


@router.action_successful(MENU)
def chosen(event: ActionSuccessful[SpeakAndGetDigits]) -> Reply:
    return [Speak(text=f"You pressed {event.result.received_digits}. Goodbye."), Hangup()]


def answer(event: Mapping[str, object]) -> object:
    return router(event)


def two_actions() -> object:
    """The part of the answer that is the actions alone: made, checked, and written."""
    return [Speak(text="You pressed 1. Goodbye.").to_wire(), Hangup().to_wire()]
