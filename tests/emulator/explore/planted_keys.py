"""Small handlers that ask for what nobody can press, or have a fault behind keys that are pressed
seldom; and the same without it."""

from offhook.actions import Speak
from tests.emulator.explore.planted import LISTENS, nobody_thought_of_this
from tests.emulator.explore.planting import BYE, HELLO, Event, Planted, answers, asks, told

terminator_among_the_digits = Planted(
    "impossible-keys",
    "",
    answers(NEW_INBOUND_CALL=[asks(r"^\d#\d$")], ACTION_SUCCESSFUL=HELLO),
    answers(NEW_INBOUND_CALL=[asks(r"^\d\*\d$")], ACTION_SUCCESSFUL=HELLO),
)
digits_that_are_not_heard = Planted(
    "impossible-keys",
    "",
    answers(NEW_INBOUND_CALL=[asks(r"^\d{6}$", most=4)], ACTION_SUCCESSFUL=HELLO),
    answers(NEW_INBOUND_CALL=[asks(r"^\d{6}$")], ACTION_SUCCESSFUL=HELLO),
)
LETTERS = LISTENS.model_copy(update={"input_digits_regex": "^[yn]$"})
NOTHING = LISTENS.model_copy(update={"input_digits_regex": "$^"})
letters_that_nobody_can_press = Planted(
    "impossible-keys",
    "",
    answers(NEW_INBOUND_CALL=[LETTERS, *HELLO]),
    answers(NEW_INBOUND_CALL=[NOTHING, *HELLO]),
)
behind_a_terminator = Planted(
    "function-failed",
    "presses 10#",
    answers(NEW_INBOUND_CALL=[asks(r"^1\d#$")], ACTION_SUCCESSFUL=nobody_thought_of_this),
    answers(NEW_INBOUND_CALL=[asks(r"^1\d#$")], ACTION_SUCCESSFUL=HELLO),
)
CONDITION = asks(r"^(?!2)(\d)\1\1$")
behind_a_condition = Planted(
    "function-failed",
    "presses 000",
    answers(NEW_INBOUND_CALL=[CONDITION], ACTION_SUCCESSFUL=nobody_thought_of_this),
    answers(NEW_INBOUND_CALL=[CONDITION], ACTION_SUCCESSFUL=HELLO),
)


def says_the_first(event: Event) -> object:
    return [Speak(text=told(event)[1].get("ReceivedDigits", "?")[0]), *BYE]


nothing_but_the_terminator = Planted(
    "function-failed",
    "presses #",
    answers(NEW_INBOUND_CALL=[asks(r"^\d*$")], ACTION_SUCCESSFUL=says_the_first),
    answers(NEW_INBOUND_CALL=[asks(r"^\d+$")], ACTION_SUCCESSFUL=says_the_first),
)


def said(text: str) -> Speak:
    return Speak(text=text)


def says_each(event: Event) -> object:
    return [*map(said, told(event)[1].get("ReceivedDigits", "")), *BYE]


def says_all(event: Event) -> object:
    return [said(told(event)[1].get("ReceivedDigits") or "?"), *BYE]


NUMBER = asks(r"^\d{3,12}$", fewest=3, most=12)
number_that_is_longer_than_a_list = Planted(
    "refused-reply",
    "presses 999999999999",
    answers(NEW_INBOUND_CALL=[NUMBER], ACTION_SUCCESSFUL=says_each, INVALID_LAMBDA_RESPONSE=BYE),
    answers(NEW_INBOUND_CALL=[NUMBER], ACTION_SUCCESSFUL=says_all),
)
