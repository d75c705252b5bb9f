"""Small handlers whose fault shows in several ways, as in whatever an event brings, and is one; and
with a fault behind the last of the keys that fit."""

from collections.abc import Callable, Mapping
from typing import cast

from offhook.actions import Speak
from offhook.handler import Router
from tests.emulator.explore.planting import (
    BYE,
    HELLO,
    MENU,
    Answer,
    Event,
    Handler,
    Planted,
    answers,
    asks,
    menu,
    on_digits,
    told,
)
from tests.emulator.functions import reply


def no_such_order(event: Event) -> object:
    raise LookupError(f"no order {told(event)[1]['ReceivedDigits']}")


order_that_is_not_there = Planted(
    "function-failed",
    "presses 1",
    menu(ACTION_SUCCESSFUL=no_such_order),
    menu(ACTION_SUCCESSFUL=HELLO),
)


def raised_again(event: Event) -> object:
    error = told(event)[1]["ErrorType"]
    if error != "InvalidDigitsReceived":
        raise RuntimeError(f"it failed: {error}")
    return BYE


error_that_is_raised_again = Planted(
    "function-failed",
    "fails AccessDenied",
    menu(ACTION_SUCCESSFUL=HELLO, ACTION_FAILED=raised_again),
    menu(ACTION_SUCCESSFUL=HELLO),
)


def says_the_key(kind: str) -> Callable[[Event], object]:
    """What was pressed, in an action as it is on the wire."""

    def pressed(event: Event) -> object:
        parameters = {"Text": f"You have pressed {told(event)[1].get('ReceivedDigits', '?')}."}
        return [{"Type": kind, "Parameters": parameters}, *BYE]

    return pressed


misspelt_around_a_key = Planted(
    "refused-reply",
    "presses 1",
    menu(ACTION_SUCCESSFUL=says_the_key("Spaek"), INVALID_LAMBDA_RESPONSE=BYE),
    menu(ACTION_SUCCESSFUL=says_the_key("Speak")),
)


def attributes(event: Event) -> Mapping[str, str]:
    """What the call has kept; nothing else is looked at."""
    details = cast("Mapping[str, Mapping[str, str]]", event["CallDetails"])
    return details.get("TransactionAttributes") or {}


def says_hello_by_name(event: Event) -> object:
    return [Speak(text=f"Hello {attributes(event)['name']}."), *BYE]


def remembers(then: Mapping[str, str]) -> Handler:
    """One key changes what is remembered, and either way a name is said then."""
    chosen = on_digits(_2=reply(Speak(text="Fine."), TransactionAttributes=then))
    return answers(
        NEW_INBOUND_CALL=reply(MENU, TransactionAttributes={"name": "Ada"}),
        ACTION_SUCCESSFUL=lambda event: (
            chosen(event) if "ReceivedDigits" in told(event)[1] else says_hello_by_name(event)
        ),
        ACTION_FAILED=says_hello_by_name,
    )


attribute_that_one_branch_loses = Planted(
    "function-failed",
    "presses 2, waits",
    remembers({"said": "fine"}),
    remembers({"name": "Ada", "said": "fine"}),
)

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December"]  # fmt: skip


def said_of_the_month(month: int) -> Answer:
    return [Speak(text=f"Born in {MONTHS[month - 1]}."), *BYE]


def month(*, is_checked: bool) -> Handler:
    """Two digits are asked for, of which few are a month."""

    def pressed(event: Event) -> object:
        number = int(told(event)[1].get("ReceivedDigits", "1"))
        return HELLO if is_checked and not 1 <= number <= 12 else said_of_the_month(number)

    asked = asks(r"^\d\d$", fewest=2, most=2)
    return answers(NEW_INBOUND_CALL=[asked], ACTION_SUCCESSFUL=pressed)


month_that_is_none = Planted(
    "function-failed", "presses 99", month(is_checked=False), month(is_checked=True)
)


def spoken(text: str) -> Handler:
    """As it is on the wire, behind other words."""
    speak = {"Type": "Speak", "Parameters": {"Text": text, "TextType": "ssml"}}
    return answers(NEW_INBOUND_CALL=[*HELLO[:1], speak, *BYE])


ampersand_behind_other_words = Planted(
    "refused-action",
    "",
    spoken("<speak>Fish & chips</speak>"),
    spoken("<speak>Fish &amp; chips</speak>"),
)


def routed(*, lacks: str = "") -> Router:
    """A router that may lack a function for a key, or for a caller who presses none."""
    router = Router()
    router.new_inbound_call()(lambda _event: MENU)
    for key in {"1", "2"} - {lacks}:
        router.action_successful(MENU, digits=key)(lambda _event: HELLO)
    if lacks != "silence":
        router.action_failed(MENU)(lambda _event: BYE)
    return router


key_without_a_function = Planted("unhandled-event", "presses 2", routed(lacks="2"), routed())
silence_without_a_function = Planted("unhandled-event", "waits", routed(lacks="silence"), routed())
