"""StartBotConversation: let a Lex bot talk with the caller."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar, cast

from pydantic import BaseModel, Field, JsonValue, ValidationError, model_validator
from pydantic_core import ErrorDetails

from offhook.actions.base import STRICT, Action, Result, snake_case
from offhook.actions.fields import FromList, IsSsml, Open, Strings, like
from offhook.actions.legs import CallId, LegA
from offhook.actions.refusals import wrong
from offhook.actions.wire import Sent

ModelT = TypeVar("ModelT", bound=BaseModel)


class SlotsUnreadable(ValueError):
    """The slots of a conversation do not hold the model that a flow asks for."""


class SlotValue(Result):
    """What a slot was filled with."""

    original_value: str = ""
    interpreted_value: str = ""
    resolved_values: tuple[str, ...] = ()


class Slot(Result):
    """A slot of an intent, filled."""

    value: SlotValue | None = None
    values: tuple[JsonValue, ...] = ()


class Intent(Result):
    """An intent as Lex understood it."""

    name: str = ""
    slots: Mapping[str, Slot | None] = Field(default_factory=dict[str, Slot | None])
    """By slot name; `None` is a slot that was not filled."""
    state: str | None = None
    """`Failed`, `Fulfilled` or `ReadyForFulfillment`."""
    confirmation_state: str | None = None
    """`Confirmed`, `Denied` or `None`."""


class SessionState(Result):
    """How the conversation stands at its end: the intent that won, and what the bot kept."""

    session_attributes: Mapping[str, str] = Field(default_factory=dict[str, str])
    intent: Intent = Intent()


class NluConfidence(Result):
    """How sure Lex is."""

    score: float = 0.0
    """How sure Lex is, from 0 to 1."""


class Interpretation(Result):
    """One of the ways in which Lex could understand the caller."""

    intent: Intent = Intent()
    nlu_confidence: NluConfidence | None = None


class IntentResult(Result):
    """What came of a bot's conversation."""

    session_id: str = ""
    """Lex's session: the `CallId` of the leg."""
    session_state: SessionState = SessionState()
    interpretations: tuple[Interpretation, ...] = ()


class BotConversation(Result):
    """What StartBotConversation brings back."""

    intent_result: IntentResult = IntentResult()
    """The conversation's outcome. `intent` and `slot("...")` are short ways into it."""

    @property
    def intent(self) -> Intent:
        """The intent that won; one with empty fields where the bot brought none back."""
        return self.intent_result.session_state.intent

    def slot(self, name: str) -> str | None:
        """What a slot was understood as; `None` when it is missing or was not filled."""
        found = self.intent.slots.get(name)
        return found.value.interpreted_value if found is not None and found.value else None

    def slots_as(self, model: type[ModelT]) -> ModelT:
        """The slots as your model: `CheckInDate` is its field `check_in_date` (or of that name).

        A slot that was not filled leaves its field's default. Raises `SlotsUnreadable`.
        """
        given: dict[str, str | None] = {}
        for slot in self.intent.slots:
            name = snake_case(slot) if snake_case(slot) in model.model_fields else slot
            field = model.model_fields.get(name)
            value = self.slot(slot)
            if value is not None or (field is not None and field.is_required()):
                given[name] = value
        try:
            return model.model_validate(given, strict=False, by_alias=True, by_name=True)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
        # Raised out here, because pydantic's error shows what the caller said.
        raise SlotsUnreadable(
            f"the slots of {self.intent.name} are no {model.__name__}: "
            + "; ".join(_slot_fault(fault, given) for fault in faults)
            + f". The slots are {', '.join(self.intent.slots) or 'none'}"
        )


def _slot_fault(fault: ErrorDetails, given: Mapping[str, str | None]) -> str:
    place = ".".join(map(str, fault["loc"])) or "all of them"
    is_there = fault["type"] != "missing" and (given.get(place, "") is not None)
    return f"{place}: {fault['msg']}" if is_there else f"{place} was not filled"


class WelcomeMessage(BaseModel):
    """What the bot says first."""

    model_config = STRICT

    content: str
    """The text, plain or SSML."""

    content_type: Annotated[Literal["PlainText", "SSML"], Open, IsSsml] = "PlainText"
    """How `content` is written: `PlainText` or `SSML`."""


def _messages_to_wire(messages: tuple[WelcomeMessage, ...]) -> JsonValue:
    return [
        {**(message.model_extra or {}), **message.model_dump(mode="json", by_alias=True)}
        for message in messages
    ]


class StartBotConversation(Action[BotConversation]):
    """Let an Amazon Lex V2 bot talk with LEG-A. Not on a bridged call or in a meeting.

    On the wire `session_attributes`, `dialog_action_type` and `welcome_messages` stand in
    `Configuration`, which has at most 10 KB of JSON.
    """

    errors = ("ActionExecutionThrottled", "ResourceAccessDenied", "ResourceNotFound")

    bot_alias_arn: Annotated[
        str,
        like(
            r"arn:[a-z-]+:lex:[a-z0-9-]+:[0-9]{12}:bot-alias/[^/\s]+/[^/\s]+",
            "a bot's alias is arn:aws:lex:REGION:ACCOUNT:bot-alias/BOTID/ALIASID",
        ),
    ]
    """`arn:aws:lex:REGION:ACCOUNT:bot-alias/BOTID/ALIASID`, in the region of the call."""

    locale_id: Annotated[
        str, like("[a-z]{2,3}_[A-Z0-9]{2,3}", "a locale of Lex is written as in en_US")
    ] = "en_US"
    """The bot's locale, as in `en_US`."""

    session_attributes: Annotated[
        Strings | None, Field(alias="Configuration.SessionState.SessionAttributes")
    ] = None
    """What the bot is told beforehand, timeouts included
    (`x-amz-lex:start-timeout-ms:*:*` = `"4000"`)."""

    dialog_action_type: Annotated[
        Literal["Delegate", "ElicitIntent"] | None,
        Open,
        Field(alias="Configuration.SessionState.DialogAction.Type"),
    ] = None
    """What the bot does first: `Delegate` or `ElicitIntent`."""

    welcome_messages: Annotated[
        tuple[WelcomeMessage, ...],
        FromList,
        Field(alias="Configuration.WelcomeMessages"),
        Sent(encode=_messages_to_wire),
    ] = ()
    """What the bot says first. Needs `dialog_action_type="ElicitIntent"`."""

    call_id: CallId | None = None
    """LEG-A, by its `CallId`."""

    participant_tag: LegA | None = None
    """LEG-A, by its tag."""

    @model_validator(mode="after")
    def _configuration_is_whole(self) -> Self:
        if self.welcome_messages and self.dialog_action_type != "ElicitIntent":
            raise wrong("welcome_messages", 'they need dialog_action_type="ElicitIntent"')
        sent = cast("Mapping[str, JsonValue]", self.to_wire()["Parameters"])
        configuration = json.dumps(
            sent.get("Configuration"), ensure_ascii=False, separators=(",", ":")
        )
        size = len(configuration.encode())
        if size > 10_240:
            raise wrong("session_attributes", f"Configuration has {size} bytes: at most 10 KB")
        return self
