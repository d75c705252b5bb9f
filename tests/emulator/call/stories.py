"""What stories of two legs share: two people, and a function that answers as the story goes."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from offhook.actions import Action, CallAndBridge
from offhook.emulator.call.leg import Leg
from offhook.emulator.testing import LiveCall, Person, Phone, PhoneCall
from tests.emulator.functions import AnsweredBy, Function, Written, legs, reply

Event: TypeAlias = Mapping[str, object]
Answer: TypeAlias = object
"""A list of actions, an envelope, an exception to raise, or a function of the event."""

OUR_NUMBER = "+15550100100"
ANA = "+15550100200"
"""Who calls."""
BEN = "+15550100300"
"""Whom we call for her."""
BRIDGE = CallAndBridge(caller_id_number=OUR_NUMBER, uri=BEN)


NOTHING: list[object] = []


def scripted(*answers: Answer) -> Function:
    """Answer each event with the next of these, then with no actions."""
    pending = iter(answers)

    def function(event: object, _context: object) -> object:
        answer: object = next(pending, NOTHING)
        if callable(answer):
            answer = answer(cast("Event", event))
        if isinstance(answer, Exception):
            raise answer
        return reply(*cast("Written", answer)) if isinstance(answer, list) else answer

    return function


def on(event_type: str, *answers: Answer) -> Function:
    """Answer the events of one type with these in turn, and all others with no actions."""
    return by_type({event_type: answers})


def by_type(answers: Mapping[str, Sequence[Answer]]) -> Function:
    """Answer the events of each type with the next that is written for it, then with nothing."""
    functions = {event_type: scripted(*some) for event_type, some in answers.items()}

    def function(event: object, context: object) -> object:
        event_type = str(cast("Event", event)["InvocationEventType"])
        return functions.get(event_type, scripted())(event, context)

    return function


def call_id(event: Event, tag: str) -> str:
    """The CallId of a leg."""
    return next(str(leg["CallId"]) for leg in legs(event) if leg["ParticipantTag"] == tag)


def aimed(tag: str, make: Callable[[str], Action[object]]) -> Callable[[Event], list[object]]:
    """An answer of one action that names its leg by CallId."""
    return lambda event: [make(call_id(event, tag))]


def bridged(
    answered_by: AnsweredBy, *then: Answer, **settings: object
) -> tuple[PhoneCall, Person, Phone]:
    """Ana has been bridged with Ben; `then` is what the function answers to that, and so on."""
    phone = answered_by(scripted([BRIDGE], *then), **settings)
    ben = phone.person(BEN)
    ana = phone.dials(from_=ANA)
    ben.answers()
    return ana, ben, phone


def story(call: PhoneCall, since: int = 0) -> list[tuple[object, ...]]:
    """The type of each event, and the status of each leg in it; `None` where there is none."""
    return [
        (event["InvocationEventType"], *(leg.get("Status") for leg in legs(event)))
        for event in call.events[since:]
    ]


UP, DOWN = "Connected", "Disconnected"


class PicksUp(Person):
    """Somebody who answers some seconds later, however often they are called."""

    def __init__(self, phone: Phone, *, after: float) -> None:
        super().__init__(phone)
        self._after = after

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Answer soon."""
        super().ring(call, leg)
        leg.loop.call_later(self._after, call.answered, leg)
