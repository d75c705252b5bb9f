"""What the service tells us: one class for each InvocationEventType."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic.alias_generators import to_pascal

from offhook.handler import memory
from offhook.handler.action_events import (
    ActionError,
    ActionFailed,
    ActionInterrupted,
    ActionSuccessful,
    DigitsReceived,
    WithError,
)
from offhook.handler.errors import MalformedEvent
from offhook.handler.event import ATTRIBUTE, Delivery, Event
from offhook.handler.event_types import EVENT_TYPES, about
from offhook.handler.participant import Participant
from offhook.handler.reading import mapping, text, whole
from offhook.handler.state import ModelT


class NewInboundCall(Event):
    """Somebody calls one of our numbers. Must be answered with at least one action."""


class _WithArguments(Event):
    @property
    def arguments(self) -> Mapping[str, str]:
        """The request's arguments; empty when it had none."""
        return cast("Mapping[str, str]", mapping(self._parameters, "Arguments"))

    def arguments_as(self, model: type[ModelT]) -> ModelT:
        """The request's arguments as your model, sent with `arguments_of(model)`.

        Raises `ArgumentsUnreadable`.
        """
        from offhook.handler.arguments import read_arguments

        return read_arguments(model, self.arguments)


class NewOutboundCall(_WithArguments):
    """CreateSipMediaApplicationCall was accepted. Only attributes in the answer count.

    `arguments` (ArgumentsMap) come in this event only: store what is needed later.
    """


class Ringing(Event):
    """The outbound leg rings. The answer is ignored."""


class CallAnswered(Event):
    """Whom we called has answered, a person or a voicemail."""


class CallUpdateRequested(_WithArguments):
    """UpdateSipMediaApplicationCall was called for this call, with `arguments`.

    Actions in the answer replace the rest of the running list; no actions change nothing.
    """


class Hangup(Event):
    """A leg has ended. While another leg is connected, somebody has to hang that up too."""

    @property
    def is_ours(self) -> bool:
        """Whether it was we who hung up, and not whoever was on the leg, while two were there."""
        return memory.is_ours(self)

    @property
    def sip_response_code(self) -> int | None:
        """0 normal, 480 not answered, 486 busy, others; `None` where the event does not say."""
        return whole(self._parameters, "SipResponseCode")


class InvalidLambdaResponse(WithError, Event):
    """The previous reply could not be used. The answer to this is taken as usual."""


EVENT_CLASSES: Mapping[str, type[Event]] = {
    name: globals().get(to_pascal(name.lower()), Event) for name in EVENT_TYPES
}
"""The class of each event that we know: of `CALL_ANSWERED`, `CallAnswered`."""


def parse(raw: Any) -> Event:
    """Read an invocation as the event it is, as far as it goes: `flaw` says what is wrong with it.

    A type that we do not know becomes an `Event`.
    """
    told: Mapping[str, object] = raw  # no casts here and below: every event passes
    if not isinstance(told, dict):
        told = {}
    named = told.get("InvocationEventType") or told.get("InvocationEvent")
    kind = named if isinstance(named, str) else ""
    event = EVENT_CLASSES.get(kind, Event)(told)
    if wrong := _wrong(event, kind) if kind else f"no InvocationEventType in {_shape(raw)}":
        event.flaw = MalformedEvent(wrong)
    return event


def _wrong(event: Event, kind: str) -> str:
    """What is not as the service sends it; empty where all is."""
    sequence = event.raw.get("Sequence")
    if type(sequence) is not int:
        return f"{kind}: Sequence must be an integer, it is {_shape(sequence)}"
    details: Mapping[str, Any] = event.details
    if not details:
        return f"{kind} {sequence}: CallDetails must be an object"
    if not text(details, "TransactionId"):
        return f"{kind} {sequence}: CallDetails.TransactionId must be a string"
    legs: Sequence[Mapping[str, object]] = details.get("Participants", ())
    if not (isinstance(legs, list) and (legs or not event.facts.has_legs)):
        return f"{kind} {sequence}: CallDetails.Participants must list the legs"
    for leg in legs:
        if not (isinstance(leg, dict) and text(leg, "CallId")):
            where = f"CallDetails.Participants[{legs.index(leg)}]"
            return f"{kind} {sequence}: {where} must be an object with a CallId"
    return ""


def _shape(value: object) -> str:
    """What a value is, without its content: events hold phone numbers."""
    if isinstance(value, dict):
        return f"an object with {', '.join(map(str, cast('dict[object, object]', value)))}"[:200]
    return type(value).__name__


__all__ = [
    "ATTRIBUTE", "ActionError", "ActionFailed", "ActionInterrupted", "ActionSuccessful",
    "CallAnswered", "CallUpdateRequested", "Delivery", "DigitsReceived", "Event", "Hangup",
    "InvalidLambdaResponse", "NewInboundCall", "NewOutboundCall", "Participant", "Ringing",
    "about", "parse",
]  # fmt: skip
