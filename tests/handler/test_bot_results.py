"""What a bot has understood, as a flow reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from offhook.actions import (
    BotConversation,
    Hangup,
    SlotsUnreadable,
    Speak,
    StartBotConversation,
)
from offhook.emulator.testing import Bot, Phone
from offhook.handler import ActionSuccessful, NewInboundCall, Reply, Router

ARN = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOTID12345/ALIASID123"
SLOTS: Mapping[str, str | None] = {
    "RoomType": "king",
    "CheckInDate": "2027-03-01",
    "Nights": "2",
    "Wish": None,
}


class BookRoom(BaseModel):
    """What the bot asks for."""

    room_type: Literal["king", "twin"]
    check_in_date: date
    nights: int = 1
    wish: str | None = None


def conversation(slots: Mapping[str, str | None], intent: str = "BookRoom") -> BotConversation:
    """What StartBotConversation brings back when the bot has understood this."""
    bot = Bot(intent=intent, slots=slots, confirmation="Confirmed")
    return BotConversation.model_validate({"IntentResult": bot.intent_result("leg", {})})


def test_the_intent_and_its_slots_are_there_by_name() -> None:
    result = conversation(SLOTS)
    assert result.intent.name == "BookRoom"
    assert result.intent.confirmation_state == "Confirmed"
    assert result.slot("RoomType") == "king"
    assert result.slot("Wish") is None
    assert result.slot("Breakfast") is None


def test_the_slots_are_read_as_a_model() -> None:
    assert conversation(SLOTS).slots_as(BookRoom) == BookRoom(
        room_type="king", check_in_date=date(2027, 3, 1), nights=2
    )


def test_a_slot_that_was_not_filled_leaves_the_default() -> None:
    slots = {**SLOTS, "Nights": None}
    assert conversation(slots).slots_as(BookRoom).nights == 1


def test_a_slot_may_be_filled_with_nothing_where_the_model_says_so() -> None:
    class Wishes(BaseModel):
        wish: str | None

    assert conversation(SLOTS).slots_as(Wishes).wish is None


def test_a_field_may_have_the_name_of_the_slot_or_an_alias() -> None:
    class Room(BaseModel):
        model_config = ConfigDict(strict=True)

        Nights: int
        kind: str = Field(alias="RoomType")

    room = conversation(SLOTS).slots_as(Room)
    assert (room.Nights, room.kind) == (2, "king")


@pytest.mark.parametrize(
    ("slots", "says"),
    [
        ({**SLOTS, "RoomType": None}, "room_type was not filled"),
        ({"CheckInDate": "2027-03-01"}, "room_type was not filled"),
        ({**SLOTS, "RoomType": "the blue one"}, "room_type: Input should be 'king' or 'twin'"),
        ({**SLOTS, "Nights": "+15550100200 o'clock"}, "nights: Input should be a valid integer"),
    ],
    ids=["not filled", "not there", "another word", "another type"],
)
def test_what_does_not_fit_is_named_but_not_shown(
    slots: Mapping[str, str | None], says: str
) -> None:
    with pytest.raises(SlotsUnreadable) as raised:
        conversation(slots).slots_as(BookRoom)
    message = str(raised.value)
    assert "the slots of BookRoom are no BookRoom: " in message
    assert says in message
    assert f"The slots are {', '.join(slots)}" in message
    shown = f"{message} {raised.value.__cause__} {raised.value.__context__}"
    assert "the blue one" not in shown
    assert "+15550100200" not in shown


def test_a_bot_that_understood_nothing_has_no_slots() -> None:
    with pytest.raises(SlotsUnreadable, match="The slots are none"):
        conversation({}, intent="FallbackIntent").slots_as(BookRoom)


# --- in a call

router = Router()


@router.new_inbound_call()
def ask(event: NewInboundCall) -> Reply:
    return StartBotConversation(bot_alias_arn=ARN)


@router.action_successful(StartBotConversation)
def book(event: ActionSuccessful[StartBotConversation]) -> Reply:
    room = event.result.slots_as(BookRoom)
    return [Speak(text=f"A {room.room_type} room for {room.nights} nights."), Hangup()]


@router.exception(SlotsUnreadable)
def not_understood(event: object, error: SlotsUnreadable) -> Reply:
    return [Speak(text="I did not understand you."), Hangup()]


def test_a_caller_books_a_room() -> None:
    with Phone(router) as phone:
        phone.bot(ARN, Bot(intent="BookRoom", slots=SLOTS, says=["Which room?"]))
        call = phone.dials()
        call.hears("Which room?")
        call.hears("A king room for 2 nights.")
        call.ends()


def test_a_caller_who_is_not_understood_is_told_so() -> None:
    with Phone(router) as phone:
        phone.bot(ARN, Bot())
        call = phone.dials()
        call.hears("I did not understand you.")
        call.ends()
