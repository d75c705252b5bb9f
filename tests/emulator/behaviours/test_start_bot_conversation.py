"""StartBotConversation: a scripted bot talks with the caller (reference B.13)."""

from typing import Literal, cast

import pytest

from offhook.actions import Hangup, Speak, StartBotConversation
from offhook.actions.start_bot_conversation import WelcomeMessage
from offhook.emulator.testing import Bot, PhoneCall
from tests.emulator.call.every_action import BOT, wire
from tests.emulator.call.stories import UP, bridged, call_id, scripted, story
from tests.emulator.functions import AnsweredBy, Wire, action_data, error, parameters, types

TALK = StartBotConversation(bot_alias_arn=BOT)
BOOKING = Bot(
    intent="BookRoom",
    slots={"RoomType": "deluxe", "Nights": None},
    session_attributes={"step": "2"},
    says=["What can I do for you?", "And for how long?"],
    seconds=6.0,
)


def result(call: PhoneCall, event: int = 1) -> Wire:
    """The IntentResult of an event."""
    return cast("Wire", action_data(call.events[event])["IntentResult"])


def talk(answered_by: AnsweredBy, bot: Bot, action: object = TALK) -> PhoneCall:
    """A caller who has talked with a bot."""
    phone = answered_by(scripted([action]))
    phone.bot(BOT, bot)
    call = phone.dials()
    call.waits(60)
    return call


def test_the_bot_says_its_lines_and_then_the_caller_talks(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([TALK, Speak(text="Thank you."), Hangup()]))
    phone.bot(BOT, BOOKING)
    call = phone.dials()
    call.hears("What can I do for you?")
    call.hears("And for how long?")
    talked = phone.now
    call.hears("Thank you.")
    assert phone.now == pytest.approx(talked + 6 + 0.727)
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]


def test_it_answers_the_call(answered_by: AnsweredBy) -> None:
    call = talk(answered_by, BOOKING)
    assert story(call) == [("NEW_INBOUND_CALL", None), ("ACTION_SUCCESSFUL", UP)]


def test_what_was_understood_comes_back(answered_by: AnsweredBy) -> None:
    call = talk(answered_by, BOOKING)
    intent: dict[str, object] = {
        "Name": "BookRoom",
        "Slots": {
            "RoomType": {
                "Value": {
                    "OriginalValue": "deluxe",
                    "InterpretedValue": "deluxe",
                    "ResolvedValues": ["deluxe"],
                },
                "Values": [],
            },
            "Nights": None,
        },
        "State": "ReadyForFulfillment",
        "ConfirmationState": "None",
    }
    assert list(action_data(call.events[1])) == ["IntentResult", "Type", "Parameters"]
    assert result(call) == {
        "SessionId": call_id(call.events[1], "LEG-A"),
        "SessionState": {"SessionAttributes": {"step": "2"}, "Intent": intent},
        "Interpretations": [
            {"NluConfidence": {"Score": 0.92}, "Intent": intent},
            {"Intent": {"Name": "FallbackIntent", "Slots": {}}},
        ],
    }


def test_a_bot_that_understood_nothing_falls_back(answered_by: AnsweredBy) -> None:
    call = talk(answered_by, Bot(state="Failed"))
    state = cast("Wire", result(call)["SessionState"])
    assert state["SessionAttributes"] == {}
    assert cast("Wire", state["Intent"])["Name"] == "FallbackIntent"
    assert cast("Wire", state["Intent"])["State"] == "Failed"
    assert result(call)["Interpretations"] == [{"Intent": {"Name": "FallbackIntent", "Slots": {}}}]


@pytest.mark.parametrize("state", ["Failed", "Fulfilled", "ReadyForFulfillment"])
@pytest.mark.parametrize("confirmation", ["Confirmed", "Denied", "None"])
def test_an_intent_ends_in_any_state(
    answered_by: AnsweredBy,
    state: Literal["Failed", "Fulfilled", "ReadyForFulfillment"],
    confirmation: Literal["Confirmed", "Denied", "None"],
) -> None:
    bot = Bot(intent="Pay", state=state, confirmation=confirmation)
    intent = cast("Wire", cast("Wire", result(talk(answered_by, bot))["SessionState"])["Intent"])
    assert (intent["State"], intent["ConfirmationState"]) == (state, confirmation)


def test_session_attributes_come_back_with_those_of_the_bot(answered_by: AnsweredBy) -> None:
    action = TALK.model_copy(update={"session_attributes": {"phone": "+15550100200", "step": "1"}})
    call = talk(answered_by, BOOKING, action)
    state = cast("Wire", result(call)["SessionState"])
    assert state["SessionAttributes"] == {"phone": "+15550100200", "step": "2"}


def test_welcome_messages_are_heard_first(answered_by: AnsweredBy) -> None:
    welcome = StartBotConversation(
        bot_alias_arn=BOT,
        dialog_action_type="ElicitIntent",
        welcome_messages=(
            WelcomeMessage(content="Good day."),
            WelcomeMessage(
                content="<speak>This is <break time='1s'/>the hotel.</speak>", content_type="SSML"
            ),
        ),
    )
    phone = answered_by(scripted([welcome]))
    phone.bot(BOT, BOOKING)
    call = phone.dials()
    for words in ("Good day.", "This is the hotel.", "What can I do for you?"):
        call.hears(words)


def test_a_bot_in_another_region_is_refused(answered_by: AnsweredBy) -> None:
    elsewhere = BOT.replace("us-east-1", "us-west-2")
    phone = answered_by(scripted([StartBotConversation(bot_alias_arn=elsewhere)]))
    phone.bot(elsewhere, BOOKING)
    call = phone.dials()
    call.waits(1)
    assert error(call.events[1]) == (
        "InvalidActionParameter",
        "The BotAliasArn parameter is invalid.",
    )
    assert "the bot is in us-west-2, the application in us-east-1" in str(call)


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ({"Content": "Hi."}, "WelcomeMessages[1] has no ContentType: PlainText or SSML"),
        ({"Content": "Hi.", "ContentType": ""}, "Configuration.WelcomeMessages is"),
        ({"Content": "Fish & chips", "ContentType": "SSML"}, "the text is no SSML at line 1"),
    ],
    ids=str,
)
def test_a_welcome_message_that_cannot_be_is_refused_before_anything_is_said(
    answered_by: AnsweredBy, message: dict[str, str], says: str
) -> None:
    good = {"Content": "Good day.", "ContentType": "PlainText"}
    elicits = {"SessionState": {"DialogAction": {"Type": "ElicitIntent"}}}
    sent = wire(
        "StartBotConversation", Configuration={**elicits, "WelcomeMessages": [good, message]}
    )
    phone = answered_by(scripted([sent]))
    phone.bot(BOT, BOOKING)
    call = phone.dials()
    call.waits(1)
    assert error(call.events[1]) == (
        "InvalidActionParameter",
        "The Configuration parameter is invalid.",
    )
    assert call.heard == 0
    assert says in str(call)


def test_two_talks_of_one_call_are_one_session(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([TALK], [TALK]))
    phone.bot(BOT, Bot(seconds=1))
    call = phone.dials()
    call.waits(10)
    assert result(call, 1)["SessionId"] == result(call, 2)["SessionId"]


def test_the_echo_names_the_leg_by_call_id_alone(answered_by: AnsweredBy) -> None:
    call = talk(answered_by, BOOKING)
    assert parameters(call.events[1]) == {
        "BotAliasArn": BOT,
        "CallId": call_id(call.events[1], "LEG-A"),
    }


def test_a_bot_that_nobody_scripted_is_not_found(answered_by: AnsweredBy) -> None:
    call = answered_by(scripted([TALK])).dials()
    call.waits(1)
    assert error(call.events[1]) == ("ResourceNotFound", "The specified bot is not found.")
    (line,) = [each for each in call.ladder.render().splitlines() if "no bot is scripted" in each]
    assert f'[[tool.offhook.bots]] with bot_alias_arn = "{BOT}" and intent = ' in line
    assert f"PUT /_offhook/bots/{BOT}, or phone.bot(" in line


def test_a_bridged_call_does_not_talk_with_a_bot(answered_by: AnsweredBy) -> None:
    call, _, phone = bridged(answered_by, [TALK])
    phone.bot(BOT, BOOKING)
    assert error(call.events[2]) == ("InvalidActionParameter", "Invalid action on the call.")


def test_a_call_in_a_meeting_does_not_talk_with_a_bot(answered_by: AnsweredBy) -> None:
    call = answered_by(scripted([wire("JoinChimeMeeting")], [TALK])).dials()
    call.waits(1)
    assert error(call.events[2]) == ("InvalidActionParameter", "Invalid action on the call.")


def test_a_call_whose_second_leg_has_gone_talks_with_a_bot(answered_by: AnsweredBy) -> None:
    call, ben, phone = bridged(answered_by, [], [TALK])
    phone.bot(BOT, Bot(seconds=1))
    ben.hangs_up()
    call.waits(5)
    assert types(call.events[2:]) == ["HANGUP", "ACTION_SUCCESSFUL"]


def test_keys_are_for_the_bot(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([TALK]))
    phone.bot(BOT, BOOKING)
    call = phone.dials()
    call.waits(1)
    call.presses("1")
    assert "nobody listens" not in call.ladder.render()


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"BotAliasArn": None}, "BotAliasArn"),
        ({"BotAliasArn": "arn:aws:lex:us-east-1:123456789012:bot/ABC"}, "BotAliasArn"),
        ({"LocaleId": "english"}, "LocaleId"),
        (
            {"Configuration": {"SessionState": {"DialogAction": {"Type": "Close"}}}},
            "Configuration",
        ),
        (
            {"Configuration": {"WelcomeMessages": [{"Content": "Hi", "ContentType": "PlainText"}]}},
            "Configuration",
        ),
        (
            {"Configuration": {"SessionState": {"SessionAttributes": {"big": "x" * 10_240}}}},
            "Configuration",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_parameter_that_cannot_be_is_refused(
    answered_by: AnsweredBy, changes: dict[str, object], parameter: str
) -> None:
    phone = answered_by(scripted([wire("StartBotConversation", **changes)]))
    phone.bot(BOT, BOOKING)
    call = phone.dials()
    call.waits(1)
    kind, message = error(call.events[1])
    assert kind == "InvalidActionParameter"
    assert parameter in str(message)
