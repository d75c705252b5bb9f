"""We hung up, or they did: who is still there is cut in no order of events.

About `offhook.handler.memory`.
"""

from typing import get_args

import pytest

from offhook.actions import Hangup, JoinChimeMeeting, Speak
from offhook.emulator.testing import Person, Phone, PhoneCall, Settings
from offhook.handler import (
    CallUpdateRequested,
    Event,
    Reply,
    Router,
    events,
    hang_up,
    hang_up_the_rest,
    on,
    take_back,
    transfer,
)

FIRST, SECOND = "+15550100300", "+15550100301"
ORDERS = get_args(Settings.model_fields["hangup_of_leg_b"].annotation)

pytestmark = pytest.mark.parametrize("order", ORDERS)


def desk(answer: str = "") -> Router:
    """A caller is transferred, and by an update to somebody else."""
    router = Router()
    router.new_inbound_call()(lambda event: transfer(event, FIRST))

    @router.call_update_requested()
    def decide(event: CallUpdateRequested) -> Reply:
        match event.arguments["what"]:
            case "transfer":
                return transfer(event, SECOND)
            case "part":
                return take_back(event)
            case "end":
                return [Speak(text="Goodbye."), hang_up(event.leg_a)]
            case _:
                return [*take_back(event), on(event.leg_a, Speak(text="Only you."))]

    if answer == "hang_up_the_rest":
        router.hangup()(hang_up_the_rest)
    if answer == "is_ours":

        @router.hangup(leg="LEG-B")
        def left(event: events.Hangup) -> Reply:
            bye = [on(event.leg_a, Speak(text="They left.")), hang_up(event.leg_a)]
            return None if event.is_ours else bye

    return router


def talking(phone: Phone) -> tuple[PhoneCall, Person, Person]:
    """A caller and the first desk."""
    first, second = phone.person(FIRST), phone.person(SECOND)
    call = phone.dials()
    first.answers()
    call.waits(5)
    return call, first, second


@pytest.mark.parametrize("answer", ["", "hang_up_the_rest", "is_ours"])
def test_a_second_transfer_cuts_nobody_but_the_first_desk(order: str, answer: str) -> None:
    with Phone(desk(answer), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, first, second = talking(phone)
        call.updates(what="transfer")
        second.answers(after=2)
        call.waits(5)
        assert (call.is_connected, first.is_connected, second.is_connected) == (True, False, True)
        second.hangs_up()
        if answer == "is_ours":
            call.hears("They left.")
        call.ends()


def test_when_the_second_desk_does_not_answer_the_caller_hears_so(order: str) -> None:
    with Phone(desk(), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, _, second = talking(phone)
        call.updates(what="transfer")
        second.declines()
        call.hears("something went wrong")
        call.ends()


def test_who_answers_before_another_is_rung_instead_is_not_cut(order: str) -> None:
    """An update does not stop what rings: its own comes when that has ended."""
    with Phone(desk(), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        first, call = phone.person(FIRST), phone.dials()
        call.updates(what="transfer")
        first.answers(after=2)
        call.waits(30)
        assert (call.is_connected, first.is_connected) == (True, True)
        first.hangs_up()
        call.ends()


def test_a_caller_who_is_taken_back_hears_the_rest_and_is_let_go(order: str) -> None:
    with Phone(desk(), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, first, _ = talking(phone)
        call.updates(what="back")
        call.hears("Only you.")
        assert not first.is_connected
        call.hears("something went wrong")
        call.ends()


def test_a_caller_who_is_taken_back_for_nothing_is_let_go(order: str) -> None:
    with Phone(desk(), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, _, _ = talking(phone)
        call.updates(what="part")
        call.waits(30)
        assert call.is_over


def test_when_we_hang_up_the_caller_the_desk_is_let_go(order: str) -> None:
    with Phone(desk(), settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, first, _ = talking(phone)
        call.updates(what="end")
        call.hears("Goodbye.")
        call.ends()
        assert not first.is_connected


@pytest.mark.parametrize("leaves", ["the caller", "the desk"])
@pytest.mark.parametrize("told", ["action_then_hangup", "hangup"])
def test_who_leaves_during_an_apology_to_both_leaves_nobody_behind(
    order: str, leaves: str, told: str
) -> None:
    settings = {"hangup_of_leg_b": order, "caller_leaves_during_an_action": told}
    with Phone(desk(), settings=Settings.model_validate(settings)) as phone:
        call, first, _ = talking(phone)
        call.updates(nothing="that the flow knows")
        (call if leaves == "the caller" else first).hangs_up()
        call.waits(60)
        assert (call.is_over, first.is_connected) == (True, False)


def test_a_hang_up_that_an_earlier_failure_dropped_is_not_ours(order: str) -> None:
    router = Router()
    router.new_inbound_call()(lambda event: transfer(event, FIRST))
    router.call_update_requested()(
        lambda event: [on(event.leg_a, Speak(text="?")), *take_back(event), Speak(text="!")]
    )
    router.action_failed(Speak)(lambda _event: None)
    with Phone(router, settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        call, first, _ = talking(phone)
        phone.fails("Speak", "SystemException")
        call.updates(what="now")
        call.waits(5)
        assert first.is_connected
        first.hangs_up()
        call.ends()


@pytest.mark.parametrize("rest", [True, False])
def test_a_caller_who_is_taken_out_of_a_meeting_is_not_left_in_silence(
    order: str, rest: bool
) -> None:
    router = Router()
    router.new_inbound_call()(
        lambda _event: [
            Speak(text="Hello."),
            JoinChimeMeeting(join_token="token", meeting_id="8a1f"),
        ]
    )

    @router.call_update_requested()
    def out(event: Event) -> Reply:
        bye = [on(event.leg_a, Speak(text="Goodbye.")), Hangup(call_id=event.leg_a.call_id)]
        return [*take_back(event), *(bye if rest else [])]

    with Phone(router, settings=Settings.model_validate({"hangup_of_leg_b": order})) as phone:
        phone.meeting("8a1f", {"token": "ada"})
        call = phone.dials()
        call.hears("Hello.")
        call.waits(5)
        call.updates(what="out")
        call.hears("Goodbye." if rest else "something went wrong")
        call.ends()
