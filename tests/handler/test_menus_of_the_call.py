"""Menus whose words depend on the call, and digits that are read back (`offhook.handler.menu`)."""

from collections.abc import Callable
from functools import partial

import pytest
from pydantic import BaseModel

from offhook.actions import Hangup, PlayAudio, Response, Speak
from offhook.handler import (
    CallUpdateRequested,
    Chosen,
    Event,
    Menu,
    NewInboundCall,
    Reply,
    RouteClash,
    Router,
)
from tests.handler.menus import NO_SUCH_CHOICE, NOTHING, AnsweredBy, says


class Order(BaseModel):
    """What somebody has asked for."""

    soups: int = 0


def how_many(event: Event) -> str:
    """A prompt in the words of the call."""
    return f"You have {event.state(Order).soups}. For more, press 1."


def is_it_right(event: Chosen) -> Speak:
    """What was pressed, one by one."""
    pressed = " ".join(event.received_digits)
    return Speak(text=f"{pressed}. Press 1 if that is right, else 2.", voice_id="Amy")


def soups() -> Router:
    """A line that counts soups."""
    router = Router()
    menu = Menu(router, how_many, attempts=2)
    menu.gives_up()(says("Goodbye."))

    @router.new_inbound_call()
    def asks(event: NewInboundCall) -> Reply:
        return menu.asks(event)

    @menu.option("1")
    def more(event: Chosen) -> Reply:
        order = Order(soups=event.state(Order).soups + 1)
        return Response(menu.asks(event.knowing(order)), attributes=order)

    @router.call_update_requested()
    def nothing(event: CallUpdateRequested) -> Reply:
        return None

    return router


def numbers(digits: int = 4) -> Router:
    """A line that takes a number."""
    router = Router()
    number = Menu(router, "Your number.", invalid_input="Four digits.", longest_option=digits)
    check = Menu(router, is_it_right, attempts=2)
    number.gives_up()(says("Goodbye."))
    check.gives_up()(says("So long."))

    @router.new_inbound_call()
    def asks(event: NewInboundCall) -> Reply:
        return number.ask

    @number.collects(check)
    def confirmed(event: Chosen) -> Reply:
        return [Speak(text=f"It is {check.about(event)}."), Hangup()]

    return router


def test_a_menu_speaks_of_the_call(answered_by: AnsweredBy) -> None:
    call = answered_by(soups()).dials()
    for had in range(3):
        call.interrupts("1", during=f"You have {had}.")
    call.hears("You have 3.")
    call.hears(NOTHING)
    call.updates(note="somebody looks at the call")
    call.interrupts("9", during="You have 3.")
    call.hears("Goodbye.")  # two attempts, of silence and of a wrong key
    call.ends()


def test_two_menus_of_the_call_are_told_apart_also_in_one_list(answered_by: AnsweredBy) -> None:
    router = Router()

    def first(_event: Event) -> str:
        return "First?"

    def second(_event: Event) -> str:
        return "Second?"

    one, two = Menu(router, first), Menu(router, second)
    router.new_inbound_call()(lambda event: [one.asks(event), two.asks(event)])
    one.option("1")(lambda _event: None)
    two.option("1")(says("The second one."))
    call = answered_by(router).dials()
    call.interrupts("1", during="First?")
    call.interrupts("1", during="Second?")
    call.hears("The second one.")
    call.ends()


def test_an_option_of_such_a_menu_is_registered_once() -> None:
    menu = Menu(Router(), how_many)
    menu.option("1")(says("One."))
    with pytest.raises(RouteClash, match=r"digits='1'"):
        menu.option("1")(says("Also one."))


def test_a_menu_of_the_call_speaks_or_plays() -> None:
    def plays(_event: Event) -> PlayAudio:
        return PlayAudio(audio_source="s3://prompts/ask.wav")

    router = Router()
    menu = Menu(router, plays)
    with pytest.raises(ValueError, match="of the same kind"):
        menu.asks(Event({}))
    played = Menu(Router(), plays, no_input=plays).asks(Event({}))
    assert played.type_name() == "PlayAudioAndGetDigits"


# --- digits that are read back


def test_digits_are_read_back_and_confirmed(answered_by: AnsweredBy) -> None:
    call = answered_by(numbers()).dials()
    call.interrupts("1234", during="Your number.")
    call.hears("1 2 3 4. Press 1", voice="Amy")
    call.hears(NOTHING, voice="Amy")
    call.interrupts("1", during="1 2 3 4.")
    call.hears("It is 1234.")
    call.ends()


def test_digits_that_are_not_right_are_asked_for_again(answered_by: AnsweredBy) -> None:
    call = answered_by(numbers()).dials()
    call.interrupts("1234")
    call.interrupts("2", during="1 2 3 4.")
    call.interrupts("0007", during="Your number.")
    call.interrupts("1", during="0 0 0 7.")
    call.hears("It is 0007.")
    call.ends()


def test_silence_and_wrong_keys_are_told_apart_in_a_number(answered_by: AnsweredBy) -> None:
    call = answered_by(numbers()).dials()
    call.hears("Your number.")
    call.hears(NOTHING)
    call.interrupts("123#", during="Your number.")  # too few
    call.hears("Four digits.")
    call.interrupts("12*4", during="Your number.")
    call.hears("Goodbye.")  # the third attempt
    call.ends()


def test_what_is_read_back_is_given_up_by_itself(answered_by: AnsweredBy) -> None:
    call = answered_by(numbers()).dials()
    call.interrupts("1234")
    call.interrupts("5", during="1 2 3 4.")
    call.hears(NO_SUCH_CHOICE, voice="Amy")
    call.hears("1 2 3 4.")
    call.hears(NOTHING)
    call.hears("So long.")
    call.ends()


NAMELESS: dict[str, Callable[[Event], str]] = {
    "<lambda>": lambda _event: "Hm?",
    "a partial": partial(how_many),
}


@pytest.mark.parametrize("name", NAMELESS)
def test_a_prompt_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"known again by its name: write a def, not {name}"):
        Menu(Router(), NAMELESS[name])


def test_two_menus_of_one_function_are_refused() -> None:
    router = Router()
    Menu(router, how_many)
    with pytest.raises(RouteClash):
        Menu(router, how_many)
