"""Small handlers with a fault that shows when somebody does nothing for long, or with none: what
counts is no attribute, or more than is looked at."""

import time
from collections.abc import Callable
from typing import cast

from offhook.actions import Speak
from tests.emulator.explore.planted import LISTENS, nobody_thought_of_this
from tests.emulator.explore.planted_small import attributes
from tests.emulator.explore.planting import (
    BYE,
    HELLO,
    MENU,
    Answer,
    Event,
    Handler,
    Planted,
    answers,
    legs,
    made_of,
    menu,
)
from tests.emulator.functions import reply


def until(is_enough: Callable[[Event], bool], then: Answer) -> Handler:
    """The menu again and again."""

    def goes_on(event: Event) -> object:
        return made_of(then, event) if is_enough(event) else [MENU]

    return menu(ACTION_SUCCESSFUL=HELLO, ACTION_FAILED=goes_on)


def many_events(event: Event) -> bool:
    return cast("int", event["Sequence"]) > 9


def a_minute(event: Event) -> bool:
    return time.time() - int(legs(event)[0]["StartTimeInMilliseconds"]) / 1000 > 60


after_many_events = Planted(
    "function-failed",
    ", ".join(["waits"] * 9),
    until(many_events, nobody_thought_of_this),
    until(many_events, BYE),
)
after_a_minute = Planted(
    "function-failed",
    ", ".join(["waits"] * 14),
    until(a_minute, nobody_thought_of_this),
    until(a_minute, BYE),
)


def counted(most: int, then: Answer) -> Handler:
    def goes_on(event: Event) -> object:
        count = int(attributes(event).get("count", "0")) + 1
        if count > most:
            return made_of(then, event)
        return reply(MENU, TransactionAttributes={"count": f"{count}"})

    return menu(ACTION_SUCCESSFUL=HELLO, ACTION_FAILED=goes_on)


after_more_than_is_counted = Planted(
    "function-failed",
    ", ".join(["waits"] * 41),
    counted(40, nobody_thought_of_this),
    counted(40, BYE),
)
LISTENS_AGAIN = [Speak(text="Hold."), LISTENS]


def no_more(event: Event) -> object:
    return BYE if cast("int", event["Sequence"]) > 3 else [LISTENS]


round_in_no_time = Planted(
    "endless-loop",
    "waits",
    answers(NEW_INBOUND_CALL=LISTENS_AGAIN, ACTION_SUCCESSFUL=[LISTENS], DIGITS_RECEIVED=BYE),
    answers(NEW_INBOUND_CALL=LISTENS_AGAIN, ACTION_SUCCESSFUL=no_more, DIGITS_RECEIVED=BYE),
)
