"""A menu: options, silence and wrong keys, attempts, giving up."""

import pytest

from offhook.actions import (
    Hangup,
    Response,
    Speak,
)
from offhook.handler import (
    CallUpdateRequested,
    Chosen,
    Event,
    Menu,
    Reply,
    RouteClash,
    Router,
)
from tests.handler.menus import NOTHING, PRESS_1, AnsweredBy, asked, says


def test_an_option_is_chosen_by_its_key(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)
    menu.option("1")(says("One."))
    menu.option("2")(says("Two."))
    call = answered_by(asked(menu)(router)).dials()
    call.interrupts("2", during=PRESS_1)
    call.hears("Two.")
    call.ends()


def test_an_option_may_have_several_digits(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, "Your department, please.", longest_option=3)
    menu.option("1")(says("One."))
    menu.option("112")(says("Emergency."))
    asked(menu)(router)
    short = answered_by(router).dials()
    short.interrupts("1")
    short.hears("One.")  # two seconds after the key
    short.ends()
    assert short.ladder.entries[-1].time > 2
    long = answered_by(router).dials()
    long.interrupts("112")
    long.hears("Emergency.")
    long.ends()
    hasty = answered_by(router).dials()
    hasty.interrupts("1#")
    hasty.hears("One.")
    hasty.ends()


def test_a_star_is_a_key_of_an_option(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, longest_option=2)
    menu.option("*")(says("Star."))
    menu.option("*1")(says("Star one."))
    asked(menu)(router)
    for keys, words in (("*", "Star."), ("*1", "Star one.")):
        call = answered_by(router).dials()
        call.interrupts(keys)
        call.hears(words)
        call.ends()


def test_the_event_of_an_option_has_the_digits(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)

    def repeat(event: Chosen) -> Reply:
        return [Speak(text=f"You pressed {event.result.received_digits}."), Hangup()]

    menu.option("1")(repeat)
    call = answered_by(asked(menu)(router)).dials()
    call.interrupts("1")
    call.hears("You pressed 1.")
    call.ends()


@pytest.mark.parametrize("digits", ["", "#", "1#", "12", "a", " "])
def test_what_cannot_be_pressed_is_no_option(digits: str) -> None:
    menu = Menu(Router(), PRESS_1)
    with pytest.raises(ValueError, match="of 0-9 and"):
        menu.option(digits)


def test_an_option_is_registered_once() -> None:
    menu = Menu(Router(), PRESS_1)
    menu.option("1")(says("One."))
    with pytest.raises(RouteClash, match=r"digits='1'"):
        menu.option("1")(says("Also one."))


# --- silence, wrong keys, giving up


def test_silence_and_wrong_keys_are_told_apart(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, no_input="Hello?", invalid_input="No.", attempts=4)
    menu.gives_up()(says("Goodbye."))
    menu.option("1")(says("One."))
    call = answered_by(asked(menu)(router)).dials()
    call.hears(PRESS_1)
    call.hears("Hello?")
    call.interrupts("2", during=PRESS_1)
    call.hears("No.")
    call.hears(PRESS_1)
    call.hears("Hello?")
    call.interrupts("#", during=PRESS_1)
    call.hears("Hello?")
    call.hears("Goodbye.")
    call.ends()


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_attempts_are_counted_in_all(answered_by: AnsweredBy, attempts: int) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=attempts)
    menu.gives_up()(says("Goodbye."))
    call = answered_by(asked(menu)(router)).dials()
    for _attempt in range(attempts):
        call.hears(PRESS_1)
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_giving_up_hangs_up_unless_it_is_said_otherwise(answered_by: AnsweredBy) -> None:
    router = Router()
    call = answered_by(asked(Menu(router, PRESS_1, attempts=1))(router)).dials()
    call.hears(PRESS_1)
    call.hears(NOTHING)
    call.ends()
    assert call.replies[1] == {
        "SchemaVersion": "1.0",
        "Actions": [Hangup().to_wire()],
    }


def test_what_giving_up_does_is_said_once() -> None:
    menu = Menu(Router(), PRESS_1)
    menu.gives_up()(says("Goodbye."))
    with pytest.raises(RouteClash, match="gives up"):
        menu.gives_up()(says("So long."))


def test_each_asking_has_all_its_attempts(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=2)
    menu.gives_up()(says("Goodbye."))

    def again(event: Chosen) -> Reply:
        return [Speak(text="Once more."), menu.ask]

    menu.option("1")(again)
    call = answered_by(asked(menu)(router)).dials()
    for _asking in range(3):
        call.hears(PRESS_1)
        call.hears(NOTHING)
        call.interrupts("1", during=PRESS_1)
        call.hears("Once more.")
    for _attempt in range(2):
        call.hears(PRESS_1)
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_attempts_count_whatever_else_happens_in_between(
    answered_by: AnsweredBy,
) -> None:
    router = Router()
    menu = Menu(router, PRESS_1, attempts=3)
    menu.gives_up()(says("Goodbye."))

    def nothing(event: CallUpdateRequested) -> Reply:
        return Response(attributes={})

    router.call_update_requested()(nothing)
    call = answered_by(asked(menu)(router)).dials()
    for _attempt in range(3):
        call.hears(PRESS_1)
        call.updates(note="somebody looks at the call")
        call.hears(NOTHING)
    call.hears("Goodbye.")
    call.ends()


def test_somebody_who_hangs_up_has_not_given_up(
    answered_by: AnsweredBy, caplog: pytest.LogCaptureFixture
) -> None:
    router, gave_up = Router(), list[Event]()
    menu = Menu(router, PRESS_1, attempts=1)

    def note(event: Event) -> Reply:
        gave_up.append(event)
        return None

    menu.gives_up()(note)
    call = answered_by(asked(menu)(router)).dials()
    call.hears(PRESS_1)
    call.hangs_up()
    call.ends()
    assert gave_up == []
    assert "ACTION_FAILED" in call.ladder.render()
    assert "ignores actions" not in caplog.text


def test_a_menu_that_cannot_be_asked_is_not_asked_again(answered_by: AnsweredBy) -> None:
    router = Router()
    somebody = answered_by(asked(Menu(router, PRESS_1))(router))
    somebody.fails("SpeakAndGetDigits", "SystemException")
    call = somebody.dials()
    call.hears("We are sorry, something went wrong.")
    call.ends()
