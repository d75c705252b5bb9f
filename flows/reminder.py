"""We call somebody about an appointment: 1 confirms it, 2 asks for another one.

The call carries a `Reminder` in its arguments. A voicemail, which confirms nothing, hears the
message and is hung up. What came of it stands in the call's attributes until its last event.
"""

from typing import Literal

from pydantic import BaseModel

from offhook.actions import Hangup, Response, Speak
from offhook.handler import (
    CallAnswered,
    Chosen,
    Event,
    Menu,
    NewOutboundCall,
    Reply,
    Router,
    events,
    log,
)

router = Router()


class Reminder(BaseModel):
    """What we remind somebody of, and what they said to it."""

    name: str
    when: str
    """As it is said: `tomorrow at ten`."""
    outcome: Literal["open", "confirmed", "reschedule", "no answer", "not confirmed"] = "open"


MENU = Menu(
    router,
    "To confirm, press 1. For another time, press 2.",
    no_input="Are you there?",
    invalid_input="Please press 1 or 2.",
    attempts=3,
)


@router.new_outbound_call()
def remember(event: NewOutboundCall) -> Reply:
    # The arguments come with this event only: the attributes keep them.
    return Response(attributes=event.arguments_as(Reminder))


@router.call_answered()
def remind(event: CallAnswered) -> Reply:
    reminder = event.state(Reminder)
    return [
        Speak(text=f"Hello {reminder.name}. This is the workshop."),
        Speak(text=f"You have an appointment {reminder.when}."),
        MENU.ask,
    ]


@MENU.option("1")
def confirmed(event: Chosen) -> Reply:
    return note(event, "confirmed", "Thank you. See you then.")


@MENU.option("2")
def reschedule(event: Chosen) -> Reply:
    return note(event, "reschedule", "We will call you about another time.")


@MENU.gives_up()
def nobody_there(event: Event) -> Reply:
    return note(event, "not confirmed", "Please call us back about your appointment. Goodbye.")


@router.hangup()
def over(event: events.Hangup) -> Reply:
    reminder = event.state(Reminder)
    if reminder.outcome == "open":
        answered = event.sip_response_code == 0
        reminder = reminder.model_copy(
            update={"outcome": "not confirmed" if answered else "no answer"}
        )
    log.logger.info("reminder: %s", reminder.outcome, extra=log.keys(event))
    return None


def note(event: Event, outcome: str, text: str) -> Reply:
    """Keep what they said, say something, and hang up."""
    reminder = event.state(Reminder).model_copy(update={"outcome": outcome})
    return Response([Speak(text=text), Hangup()], attributes=reminder)
