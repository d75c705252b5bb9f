"""We call somebody about an appointment: 1 confirms it, 2 asks for another one, 9 for no calls.

The call carries a `Reminder` in its arguments. What came of it stands in the call's attributes and,
when the call is over, in the log and with the call's key. Who presses nothing hears the whole
message once more at the end: by then a voicemail, which presses nothing either, has beeped and
keeps it.
"""

import logging
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from offhook.actions import Hangup, Response, Speak
from offhook.handler import (
    ArgumentsUnreadable,
    CallAnswered,
    CallError,
    CallUpdateRequested,
    Chosen,
    Event,
    Menu,
    NewInboundCall,
    NewOutboundCall,
    Reply,
    Router,
    StateUnreadable,
    events,
    log,
    once,
)

router = Router()

Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
"""Something to be said within a sentence."""

Outcome: TypeAlias = Literal["no answer", "not confirmed", "confirmed", "reschedule", "never"]


class Reminder(BaseModel):
    """What we remind somebody of, and what came of it."""

    name: Words
    when: Words
    """As it is said: `tomorrow at ten`."""
    outcome: Outcome = "no answer"


class Moved(BaseModel):
    """The appointment has another time: the arguments of an update."""

    when: Words


MENU = Menu(
    router,
    "To confirm, press 1. For another time, press 2. Never to be called again, press 9.",
    no_input="Are you there?",
    invalid_input="Please press 1, 2 or 9.",
    attempts=3,
)


def has_no_reminder(event: Event) -> bool:
    """Whether the call came with no arguments, or with others: the log says so at ERROR."""
    return "when" not in event.transaction_attributes


@router.new_outbound_call()
def remember(event: NewOutboundCall) -> Reply:
    # The arguments come with this event only: the attributes keep them.
    try:
        return Response(attributes=event.arguments_as(Reminder))
    except ArgumentsUnreadable as error:
        log.say(logging.ERROR, event, f"there is nothing to remind of: {error}")
        return None


@router.call_answered()
def remind(event: CallAnswered) -> Reply:
    reminder = event.state(Reminder)
    actions = [
        Speak(text=f"Hello {reminder.name}. This is the workshop."),
        Speak(text=f"You have an appointment {reminder.when}."),
        MENU.ask,
    ]
    return Response(actions, attributes=came_to(event, "not confirmed"))


@router.call_answered(when=has_no_reminder)
def called_by_mistake(event: CallAnswered) -> Reply:
    return [Speak(text="This is the workshop. We called you by mistake. Goodbye."), Hangup()]


@MENU.option("1")
def confirmed(event: Chosen) -> Reply:
    actions = [Speak(text="Thank you. See you then."), Hangup()]
    return Response(actions, attributes=came_to(event, "confirmed"))


@MENU.option("2")
def reschedule(event: Chosen) -> Reply:
    actions = [Speak(text="We will call you about another time. Goodbye."), Hangup()]
    return Response(actions, attributes=came_to(event, "reschedule"))


@MENU.option("9")
def never_again(event: Chosen) -> Reply:
    from offhook.handler import calls  # of no use to a call that comes in: it is loaded here

    try:
        calls.do_not_call(event.leg_a.to)
    except CallError as error:
        log.warn(event, f"the number is not on the do-not-call list: {error}")
        return [Speak(text="That did not work. Please tell our reception. Goodbye."), Hangup()]
    actions = [Speak(text="We will not call you again. Goodbye."), Hangup()]
    return Response(actions, attributes=came_to(event, "never"))


@router.call_update_requested()
def moved(event: CallUpdateRequested) -> Reply:
    try:
        when = event.arguments_as(Moved).when
        reminder = event.state(Reminder).model_copy(update={"when": when})
    except (ArgumentsUnreadable, StateUnreadable) as error:
        log.warn(event, f"this update moves nothing, and the call goes on: {error}")
        return None
    actions = [Speak(text=f"The appointment has moved: it is {when}."), MENU.ask]
    # Before somebody has answered there is nobody to tell: `remind` will.
    return Response(actions if event.leg_a.is_connected else None, attributes=reminder)


@MENU.gives_up()
def nobody_presses(event: Event) -> Reply:
    reminder = event.state(Reminder)
    return [
        Speak(text=f"This is the workshop, for {reminder.name}."),
        Speak(text=f"You have an appointment {reminder.when}. Please call us back. Goodbye."),
        Hangup(),
    ]


@router.hangup()
@once
def over(event: events.Hangup) -> Reply:
    # Told twice, it is logged once, also where the second comes to another container.
    if not has_no_reminder(event):
        from offhook.handler import calls

        outcome = event.state(Reminder).outcome
        log.logger.info("reminder: %s", outcome, extra=log.keys(event))
        calls.keep(event, outcome)
    return None


@router.new_inbound_call()
def called_back(event: NewInboundCall) -> Reply:
    return [
        Speak(text="This is the workshop. We called you about an appointment."),
        Speak(text="Please call our reception. Goodbye."),
        Hangup(),
    ]


def came_to(event: Event, outcome: Outcome) -> Reminder:
    """The reminder, with what came of it so far."""
    return event.state(Reminder).model_copy(update={"outcome": outcome})
