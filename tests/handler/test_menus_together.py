"""Menus beside other menus, other state, and other legs."""

import pytest

from offhook.actions import (
    CallAndBridge,
    Response,
    Speak,
)
from offhook.handler import (
    ActionSuccessful,
    Menu,
    NewInboundCall,
    Reply,
    RouteClash,
    Router,
    events,
    hang_up_the_rest,
    on,
    transfer,
)
from tests.handler.menus import NO_SUCH_CHOICE, NOTHING, PRESS_1, AnsweredBy, asked, says


def test_attributes_of_others_are_kept(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, PRESS_1)
    menu.option("1")(says("One."))

    @router.new_inbound_call()
    def welcome(event: NewInboundCall) -> Reply:
        return Response(menu.ask, attributes={"customer": "7"})

    call = answered_by(router).dials()
    call.hears(PRESS_1)
    call.hears(NOTHING)
    call.interrupts("2", during=PRESS_1)
    call.hears(NO_SUCH_CHOICE)
    assert call.attributes == {"customer": "7"}
    call.interrupts("1", during=PRESS_1)
    call.hears("One.")
    call.ends()
    assert call.attributes == {"customer": "7"}


def test_two_menus_on_one_router_know_their_own(answered_by: AnsweredBy) -> None:
    router = Router()
    colour = Menu(router, "For red, press 1.", attempts=2)
    size = Menu(router, "For large, press 1.", attempts=2)
    colour.option("1")(lambda _event: [Speak(text="Red."), size.ask])
    colour.gives_up()(lambda _event: size.ask)
    size.option("1")(says("Large."))
    size.gives_up()(says("Goodbye."))
    asked(colour)(router)
    call = answered_by(router).dials()
    call.hears("For red")
    call.hears(NOTHING)
    call.interrupts("1", during="For red")
    call.hears("Red.")
    call.hears("For large")
    call.hears(NOTHING)
    call.interrupts("1", during="For large")
    call.hears("Large.")
    call.ends()
    silent = answered_by(router).dials()
    for prompt in ("For red", "For red", "For large", "For large"):
        silent.hears(prompt)
        silent.hears(NOTHING)
    silent.hears("Goodbye.")
    silent.ends()


def test_one_menu_after_another_in_a_list(answered_by: AnsweredBy) -> None:
    router = Router()
    first, second = Menu(router, "For red, press 1."), Menu(router, "For large, press 1.")
    first.option("1")(lambda _event: None)  # the list goes on
    second.option("1")(says("Large."))
    call = answered_by(asked(first, second)(router)).dials()
    call.interrupts("1", during="For red")
    call.interrupts("1", during="For large")
    call.hears("Large.")
    call.ends()


def test_two_menus_that_say_the_same_are_refused() -> None:
    router = Router()
    Menu(router, PRESS_1)
    with pytest.raises(RouteClash, match="SpeakAndGetDigits"):
        Menu(router, PRESS_1)


def test_an_option_comes_before_its_router_is_included() -> None:
    part = Router()
    menu = Menu(part, PRESS_1)
    Router().include(part)
    with pytest.raises(RouteClash, match="included"):
        menu.option("1")(says("One."))


def test_a_menu_can_be_asked_on_the_other_leg(answered_by: AnsweredBy) -> None:
    router = Router()
    menu = Menu(router, "To take the call, press 1.")
    menu.option("1")(lambda event: on(event.leg_a, Speak(text="They are coming.")))

    @router.new_inbound_call()
    def ring(event: NewInboundCall) -> Reply:
        return [Speak(text="One moment."), *transfer(event, "+15550100300")]

    @router.action_successful(CallAndBridge)
    def whisper(event: ActionSuccessful[CallAndBridge]) -> Reply:
        assert event.leg_b is not None
        return on(event.leg_b, menu.ask)

    @router.hangup()
    def over(event: events.Hangup) -> Reply:
        return hang_up_the_rest(event)

    somebody = answered_by(router)
    colleague = somebody.person("+15550100300")
    call = somebody.dials()
    call.hears("One moment.")
    colleague.answers()
    colleague.hears("To take the call")
    colleague.hears(NOTHING)  # asked again on the same leg
    colleague.interrupts("1", during="To take the call")
    call.hears("They are coming.")
    call.hangs_up()
    call.ends()
