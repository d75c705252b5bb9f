"""What every event says, whatever its type.

An event is a view of the invocation, which `raw` keeps whole: unknown fields are not lost, and
what nobody asks for costs nothing.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Final, NamedTuple, Self, cast

from pydantic import BaseModel, JsonValue
from pydantic.alias_generators import to_snake

from offhook.actions.complaints import SCHEMA_VERSION
from offhook.handler import state
from offhook.handler.errors import MalformedEvent
from offhook.handler.event_types import EVENT_TYPES, EventType, about
from offhook.handler.participant import Participant
from offhook.handler.reading import NOTHING, mapping, said, text, whole
from offhook.handler.state import ModelT, write

ATTRIBUTE = "offhook"
"""The attribute that is ours: what the router remembers of a call."""


class Delivery(NamedTuple):
    """What makes a repeated invocation recognisable: the same delivery means the same event."""

    transaction_id: str
    sequence: int


class Event:
    """What every event says. An event of a type we do not know is just this."""

    TYPE: ClassVar[str] = ""
    """The `InvocationEventType` of the class; empty for events that we do not know."""

    facts: ClassVar[EventType] = about("")
    """What is true of all events of the type."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        name = to_snake(cls.__name__).upper()
        cls.TYPE = name if name in EVENT_TYPES else ""  # pyright: ignore[reportConstantRedefinition]
        cls.facts = about(name)

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = raw
        """The invocation, as it came."""
        self.action_data = mapping(raw, "ActionData")
        """The action or request that the event is about; empty where there is none."""
        self.flaw: MalformedEvent | None = None
        """What of it is not as the service sends it: it is read as far as it goes."""
        self.failures: tuple[BaseException, ...] = ()
        """What has failed in answering it: for the journal, each as the log told it."""
        self.details = mapping(raw, "CallDetails")
        """`CallDetails`, as it came; empty where there is none."""
        stored = mapping(self.details, "TransactionAttributes")
        self.stored = cast("Mapping[str, JsonValue]", stored)
        """All attributes, also the one that is ours."""
        self._participants: tuple[Participant, ...] | None = None

    @property
    def invocation_event_type(self) -> str:
        """The `InvocationEventType`, also of an event that we do not know."""
        # Some pages of the documentation call it InvocationEvent.
        return text(self.raw, "InvocationEventType") or text(self.raw, "InvocationEvent")

    @property
    def schema_version(self) -> str:
        """Always `1.0` so far; that, too, where the event says nothing that looks like one."""
        if self.raw.get("SchemaVersion") == SCHEMA_VERSION:
            return SCHEMA_VERSION
        version = text(self.raw, "SchemaVersion")
        return version if re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,4}", version) else SCHEMA_VERSION

    @property
    def sequence(self) -> int:
        """Number of this invocation in its call, from 1; 0 where the event does not say."""
        return whole(self.raw, "Sequence") or 0

    transaction_id: Final = said("details", "TransactionId")
    """The call's id, the same in all its events."""

    @property
    def delivery(self) -> Delivery:
        """Key of this invocation: a second one with the same key is the same event again."""
        return Delivery(self.transaction_id, self.sequence)

    @property
    def transaction_attributes(self) -> Mapping[str, JsonValue]:
        """What earlier replies stored; empty when nothing is. The one that is ours is left out."""
        if ATTRIBUTE not in self.stored:
            return self.stored
        return {name: value for name, value in self.stored.items() if name != ATTRIBUTE}

    aws_account_id: Final = said("details", "AwsAccountId")
    """The account, 12 digits."""

    aws_region: Final = said("details", "AwsRegion")
    """The region of the SIP media application."""

    @property
    def sip_rule_id(self) -> str | None:
        """The SIP rule that routed the call here; inbound calls only."""
        return text(self.details, "SipRuleId") or None

    sip_media_application_id: Final = said("details", "SipMediaApplicationId")
    """The SIP media application."""

    @property
    def participants(self) -> tuple[Participant, ...]:
        """The legs, LEG-A first."""
        if self._participants is None:
            self._participants = tuple(map(Participant, self._legs))
        return self._participants

    @property
    def leg_a(self) -> Participant:
        """The first leg: the caller, or whom we called."""
        return self._tagged("LEG-A") or next(iter(self.participants), Participant(NOTHING))

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
        """The leg that the event is about; after HANGUP, the one that ended."""
        parameters = self._parameters
        call_id, tag = text(parameters, "CallId"), text(parameters, "ParticipantTag").upper()
        for leg in self.participants if call_id else ():
            if leg.call_id == call_id:
                return leg
        return (self._tagged(tag) if tag else None) or self.leg_a

    @cached_property
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
        if self.facts.actions == "ignored":
            return True
        if self.TYPE == "NEW_INBOUND_CALL":  # a reply without actions is refused, whoever is there
            return False
        legs = self._legs
        return bool(legs) and all(leg.get("Status") == "Disconnected" for leg in legs)

    def state(self, model: type[ModelT]) -> ModelT:
        """The call state that earlier replies stored, as your model.

        Store it with `Response(actions, attributes=model)`. Fields that are not stored take
        their defaults. Raises `StateUnreadable`.
        """
        return state.read(model, self.transaction_attributes)

    def knowing(self, state: BaseModel) -> Self:
        """The event as if this state were stored: for words of the very reply that stores it."""
        attributes = {"TransactionAttributes": write(state, self.stored)}
        return type(self)({**self.raw, "CallDetails": {**self.details, **attributes}})

    @property
    def _legs(self) -> list[Mapping[str, object]]:
        legs = self.details.get("Participants")
        entries = cast("list[Mapping[str, object]]", legs) if isinstance(legs, list) else []
        return [leg for leg in entries if isinstance(leg, dict)]

    @property
    def _parameters(self) -> Mapping[str, object]:
        return mapping(self.action_data, "Parameters")

    def _tagged(self, tag: str) -> Participant | None:
        for leg in self.participants:
            if leg.raw.get("ParticipantTag") == tag or leg.participant_tag == tag:
                return leg
        return None

    def __repr__(self) -> str:
        return f"<{self.invocation_event_type} {self.sequence} of {self.transaction_id}>"
