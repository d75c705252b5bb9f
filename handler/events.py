"""What the service tells us: one class for each InvocationEventType.

An event is a view of the invocation, which `raw` keeps whole: unknown fields are not lost, and
what nobody asks for costs nothing.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar, cast

from pydantic import BaseModel, JsonValue

from offhook.actions.base import Action, Result, UnknownAction, action_class
from offhook.handler import state
from offhook.handler.errors import MalformedEvent
from offhook.handler.participant import NOTHING, Participant, mapping, text

if TYPE_CHECKING:
    from offhook.actions.receive_digits import ReceiveDigits

A_co = TypeVar("A_co", bound=Action[object], covariant=True)
R = TypeVar("R")
ModelT = TypeVar("ModelT", bound=BaseModel)


class Delivery(NamedTuple):
    """What makes a repeated invocation recognisable: the same delivery means the same event."""

    transaction_id: str
    sequence: int


class Event:
    """What every event says. An event of a type we do not know is just this."""

    __slots__ = ("_details", "_participants", "raw")

    TYPE: ClassVar[str] = ""
    """The `InvocationEventType` of the class; empty for events that we do not know."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = raw
        self._details = mapping(raw, "CallDetails")
        self._participants: tuple[Participant, ...] | None = None

    @property
    def invocation_event_type(self) -> str:
        """The `InvocationEventType`, also of an event that we do not know."""
        return type_of(self.raw)

    @property
    def schema_version(self) -> str:
        """Always `1.0` so far."""
        return text(self.raw, "SchemaVersion")

    @property
    def sequence(self) -> int:
        """Number of this invocation in its call, from 1."""
        return cast("int", self.raw["Sequence"])

    @property
    def transaction_id(self) -> str:
        """The call's id, the same in all its events."""
        return text(self._details, "TransactionId")

    @property
    def delivery(self) -> Delivery:
        """Key of this invocation: a second one with the same key is the same event again."""
        return Delivery(self.transaction_id, self.sequence)

    @property
    def transaction_attributes(self) -> Mapping[str, JsonValue]:
        """What earlier replies stored; empty when nothing is."""
        return cast("Mapping[str, JsonValue]", mapping(self._details, "TransactionAttributes"))

    @property
    def aws_account_id(self) -> str:
        """The account, 12 digits."""
        return text(self._details, "AwsAccountId")

    @property
    def aws_region(self) -> str:
        """The region of the SIP media application."""
        return text(self._details, "AwsRegion")

    @property
    def sip_rule_id(self) -> str | None:
        """The SIP rule that routed the call here; inbound calls only."""
        return text(self._details, "SipRuleId") or None

    @property
    def sip_media_application_id(self) -> str:
        """The SIP media application."""
        return text(self._details, "SipMediaApplicationId")

    @property
    def participants(self) -> tuple[Participant, ...]:
        """The legs, LEG-A first."""
        if self._participants is None:
            self._participants = tuple(Participant(leg) for leg in self._legs)
        return self._participants

    @property
    def leg_a(self) -> Participant:
        """The first leg: the caller, or whom we called."""
        return self._tagged("LEG-A") or self.participants[0]

    @property
    def leg_b(self) -> Participant | None:
        """The second leg: bridged or a meeting."""
        return self._tagged("LEG-B")

    @property
    def connected(self) -> tuple[Participant, ...]:
        """The legs with somebody on them."""
        return tuple(leg for leg in self.participants if leg.is_connected)

    @property
    def leg(self) -> Participant:
        """The leg that the event is about, which is where actions run by default."""
        parameters = self._parameters
        call_id, tag = text(parameters, "CallId"), text(parameters, "ParticipantTag").upper()
        if call_id:
            for leg in self.participants:
                if leg.call_id == call_id:
                    return leg
        return (self._tagged(tag) if tag else None) or self.leg_a

    @property
    def our_number(self) -> str:
        """The number of ours that the call is on: LEG-A's `To` inbound, `From` outbound."""
        return self.leg_a.our_number

    @property
    def other_party(self) -> str:
        """Who is on LEG-A: its `From` inbound, its `To` outbound."""
        return self.leg_a.other_party

    @property
    def sip_headers(self) -> Mapping[str, str]:
        """Custom SIP headers that LEG-A received."""
        return self.leg_a.sip_headers

    @property
    def ignores_actions(self) -> bool:
        """Whether the service takes no actions in the answer: nobody is there to hear them."""
        for leg in self._legs:
            if leg.get("Status") != "Disconnected":
                return False
        return True

    def state(self, model: type[ModelT]) -> ModelT:
        """The call state that earlier replies stored, as your model.

        Store it with `Response(actions, attributes=model)`. Fields that are not stored take
        their defaults. Raises `StateUnreadable`.
        """
        return state.read(model, self.transaction_attributes)

    @property
    def _legs(self) -> "list[Mapping[str, object]]":
        return cast("list[Mapping[str, object]]", self._details["Participants"])

    @property
    def _action_data(self) -> Mapping[str, object]:
        return mapping(self.raw, "ActionData")

    @property
    def _parameters(self) -> Mapping[str, object]:
        return mapping(self._action_data, "Parameters")

    def _tagged(self, tag: str) -> Participant | None:
        return next((leg for leg in self.participants if leg.participant_tag == tag), None)

    def __repr__(self) -> str:
        return f"<{self.invocation_event_type} {self.sequence} of {self.transaction_id}>"


class NewInboundCall(Event):
    """Somebody calls one of our numbers. Must be answered with at least one action."""

    __slots__ = ()
    TYPE = "NEW_INBOUND_CALL"


class _WithArguments(Event):
    __slots__ = ()

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

    __slots__ = ()
    TYPE = "NEW_OUTBOUND_CALL"

    @property
    def ignores_actions(self) -> bool:
        """Always: nobody has answered yet."""
        return True


class Ringing(Event):
    """The outbound leg rings. The answer is ignored."""

    __slots__ = ()
    TYPE = "RINGING"

    @property
    def ignores_actions(self) -> bool:
        """Always: nobody has answered yet."""
        return True


class CallAnswered(Event):
    """Whom we called has answered, a person or a voicemail."""

    __slots__ = ()
    TYPE = "CALL_ANSWERED"


class _OfAction(Event, Generic[A_co]):
    __slots__ = ()

    @property
    def action_type(self) -> str:
        """The action's `Type`, also of one that we do not know."""
        return text(self._action_data, "Type")

    @property
    def parameters(self) -> Mapping[str, object]:
        """The action's parameters as the service echoes them."""
        return self._parameters

    @property
    def action(self) -> A_co:
        """The action that the event is about, with what the service filled in."""
        found = action_class(self.action_type)
        if found is None:
            return cast("A_co", UnknownAction.from_wire(self._action_data))
        return cast("A_co", found.from_echo(self._parameters))


class ActionSuccessful(_OfAction[A_co], Generic[A_co]):
    """An action is done: the last of the list, or one that always reports."""

    __slots__ = ()
    TYPE = "ACTION_SUCCESSFUL"

    @property
    def result(self: "ActionSuccessful[Action[R]]") -> R:
        """What the action brought back: `Digits`, `Recording`, ...; `None` for most."""
        found = action_class(self.action_type)
        result_type: type[Result] | None = found.result_type if found else None
        if result_type is None:
            return cast("R", None)
        return cast("R", result_type.model_validate(self._action_data, by_name=False, by_alias=True))

    @property
    def received_digits(self) -> str:
        """The keys pressed; empty for actions that collect none."""
        return text(self._action_data, "ReceivedDigits")


class ActionError(NamedTuple):
    """Why an action failed."""

    error_type: str
    """As in `InvalidActionParameter`."""
    error_message: str
    """The service's words."""
    error_list: tuple[object, ...] = ()
    """Further details; ModifyChimeMeetingAttendees only."""


class ActionFailed(_OfAction[A_co], Generic[A_co]):
    """An action failed, and the rest of its list was dropped."""

    __slots__ = ()
    TYPE = "ACTION_FAILED"

    @property
    def error(self) -> ActionError:
        """Why, from any of the shapes that the service documents."""
        return _error_in(self._action_data) or _error_in(self.raw) or ActionError("", "")

    @property
    def error_type(self) -> str:
        """As in `InvalidActionParameter`; empty where the event does not say."""
        return self.error.error_type


class ActionInterrupted(_OfAction[A_co], Generic[A_co]):
    """A call update stopped the action. The answer is ignored."""

    __slots__ = ()
    TYPE = "ACTION_INTERRUPTED"

    @property
    def ignores_actions(self) -> bool:
        """Always: the update's own answer is what runs."""
        return True


class DigitsReceived(_OfAction["ReceiveDigits"]):
    """What was pressed matches the ReceiveDigits that listens on the leg."""

    __slots__ = ()
    TYPE = "DIGITS_RECEIVED"

    @property
    def received_digits(self) -> str:
        """Every key, also `#` and `*` if the expression takes them."""
        return text(self._action_data, "ReceivedDigits")


class CallUpdateRequested(_WithArguments):
    """UpdateSipMediaApplicationCall was called for this call, with `arguments`.

    Actions in the answer replace the rest of the running list; no actions change nothing.
    """

    __slots__ = ()
    TYPE = "CALL_UPDATE_REQUESTED"


class Hangup(Event):
    """A leg has ended. While another leg is connected, somebody has to hang that up too."""

    __slots__ = ()
    TYPE = "HANGUP"

    @property
    def sip_response_code(self) -> int | None:
        """0 normal, 480 not answered, 486 busy, others; `None` where the event does not say."""
        code = self._parameters.get("SipResponseCode")
        try:
            return int(code) if isinstance(code, (int, str)) else None
        except ValueError:
            return None


class InvalidLambdaResponse(Event):
    """The previous reply could not be used. The answer to this is taken as usual."""

    __slots__ = ()
    TYPE = "INVALID_LAMBDA_RESPONSE"

    @property
    def error(self) -> ActionError:
        """Why, from any of the shapes that the service documents."""
        return _error_in(self.raw) or _error_in(self._action_data) or ActionError("", "")

    @property
    def error_type(self) -> str:
        """As in `TransactionAttributesInvalidMapSize`; empty where the event does not say."""
        return self.error.error_type


EVENT_CLASSES: Mapping[str, Callable[[Mapping[str, object]], Event]] = {
    kind.TYPE: kind
    for kind in (
        NewInboundCall,
        NewOutboundCall,
        Ringing,
        CallAnswered,
        ActionSuccessful,
        ActionFailed,
        ActionInterrupted,
        DigitsReceived,
        CallUpdateRequested,
        Hangup,
        InvalidLambdaResponse,
    )
}


def parse(raw: object) -> Event:
    """Read an invocation as the event it is; a type that we do not know becomes an `Event`.

    Raises `MalformedEvent`, which says what is missing.
    """
    if not isinstance(raw, dict):
        raise MalformedEvent(f"an event is an object, this is {type(raw).__name__}: {_short(raw)}")
    event = cast("dict[str, object]", raw)
    kind = event.get("InvocationEventType") or event.get("InvocationEvent")
    if not isinstance(kind, str):
        raise MalformedEvent(
            f"not an event of a SIP media application: no InvocationEventType in {_short(event)}"
        )
    sequence = event.get("Sequence")
    if type(sequence) is not int:
        raise MalformedEvent(f"{kind}: Sequence must be an integer, it is {sequence!r}")
    details = event.get("CallDetails")
    if not isinstance(details, dict):
        raise MalformedEvent(f"{kind} {sequence}: CallDetails must be an object")
    call = cast("dict[str, object]", details)
    if not isinstance(call.get("TransactionId"), str):
        raise MalformedEvent(f"{kind} {sequence}: CallDetails.TransactionId must be a string")
    participants = call.get("Participants")
    if not (isinstance(participants, list) and participants):
        raise MalformedEvent(f"{kind} {sequence}: CallDetails.Participants must list the legs")
    for index, participant in enumerate(cast("list[object]", participants)):
        if not (
            isinstance(participant, dict)
            and isinstance(cast("dict[str, object]", participant).get("CallId"), str)
        ):
            raise MalformedEvent(
                f"{kind} {sequence}: CallDetails.Participants[{index}] must be an object with a "
                "CallId"
            )
    return EVENT_CLASSES.get(kind, Event)(event)


def type_of(raw: Mapping[str, object]) -> str:
    """The `InvocationEventType`; some pages of the documentation call it `InvocationEvent`."""
    return text(raw, "InvocationEventType") or text(raw, "InvocationEvent")


def _error_in(source: Mapping[str, object]) -> ActionError | None:
    kind, message = text(source, "ErrorType"), text(source, "ErrorMessage")
    if not (kind or message):
        single = text(source, "Error")  # "ErrorJoiningMeeting: Error while joining meeting."
        kind, _, message = single.partition(": ")
        if not single:
            return None
    details = source.get("ErrorList")
    listed = tuple(cast("list[object]", details)) if isinstance(details, list) else ()
    return ActionError(kind, message, listed)


def _short(value: object) -> str:
    """The shape of a value, without its content: events hold phone numbers."""
    if isinstance(value, dict):
        return f"an object with {', '.join(map(str, value)) or 'nothing'}"[:200]
    return json.dumps(type(value).__name__)


__all__ = [
    "NOTHING",
    "ActionError",
    "ActionFailed",
    "ActionInterrupted",
    "ActionSuccessful",
    "CallAnswered",
    "CallUpdateRequested",
    "Delivery",
    "DigitsReceived",
    "Event",
    "Hangup",
    "InvalidLambdaResponse",
    "NewInboundCall",
    "NewOutboundCall",
    "Participant",
    "Ringing",
    "parse",
    "type_of",
]
