"""A success that nobody handles: what goes on goes on; who would hear nothing more is let go."""

import pytest

from offhook.actions import CallAndBridge, Hangup, Pause, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Phone
from offhook.handler import Router, carry_on
from tests.handler.answers import returning, saying
from tests.handler.test_deployments import SORRY, asking, listening


def in_a_list(*actions: object) -> Router:
    """A router that handles nothing but the beginning of a call."""
    router = Router()
    router.new_inbound_call()(returning(actions))
    return router


def test_a_success_in_the_middle_of_a_list_cuts_nothing() -> None:
    router = in_a_list(asking("Press 1."), Speak(text="The rest."), Hangup())
    with Phone(router) as phone:
        call = phone.dials()
        call.interrupts("1", during="Press")
        call.hears("The rest.")
        call.ends()


def test_after_the_last_success_the_caller_is_let_go() -> None:
    with Phone(in_a_list(Speak(text="Hello."), asking("Press 1."))) as phone:
        call = phone.dials()
        call.hears("Hello.")
        call.interrupts("1", during="Press")
        call.hears(SORRY)
        call.ends()


@pytest.mark.parametrize("number", [2, 3])
def test_of_several_that_ask_in_one_list_the_last_is_the_last(number: int) -> None:
    asked = [asking(f"Question {nth}.") for nth in range(number)]
    with Phone(in_a_list(*asked)) as phone:
        call = phone.dials()
        for nth in range(number):
            call.interrupts("1", during=f"Question {nth}")
        call.hears(SORRY)
        call.ends()


def test_a_success_that_somebody_lets_pass_counts_as_well() -> None:
    router = in_a_list(asking("Question 1."), asking("Question 2."))
    router.action_successful(asking("Question 1."))(carry_on)
    with Phone(router) as phone:
        call = phone.dials()
        call.interrupts("1", during="Question 1")
        call.interrupts("1", during="Question 2")
        call.hears(SORRY)
        call.ends()


def test_what_is_said_after_a_menu_and_by_nobody_answered_is_the_last() -> None:
    router = in_a_list(asking("Press 1."))
    router.action_successful(SpeakAndGetDigits)(saying("One moment."))
    with Phone(router) as phone:
        call = phone.dials()
        call.interrupts("1", during="Press")
        call.hears("One moment.")
        call.hears(SORRY)
        call.ends()


def test_a_list_that_an_update_has_sent_meanwhile_is_not_cut() -> None:
    router = in_a_list(asking("Press 1."))
    router.call_update_requested()(lambda _event: [Speak(text="An update."), Hangup()])
    with Phone(router) as phone:
        call = phone.dials()
        call.waits(0.5)
        call.updates(what="now")
        call.presses("1")
        call.hears("Press 1.")
        call.hears("An update.")
        call.ends()


def test_after_the_list_of_an_update_there_is_a_last_success_too() -> None:
    a_moment = Pause(duration_in_milliseconds=1_000)
    router = in_a_list(a_moment, a_moment, Hangup())
    router.call_update_requested()(returning([Speak(text="An update."), a_moment]))
    router.action_successful(Pause)(saying("And now."))
    with Phone(router) as phone:
        call = phone.dials()
        call.waits(0.5)
        call.updates(what="now")
        call.hears("An update.")
        call.hears("And now.")
        call.hears(SORRY)
        call.ends()


def test_a_caller_who_is_listened_to_is_not_let_go() -> None:
    router = listening("Wait.", "7")
    router.call_update_requested()(lambda _event: Speak(text="Still there?"))
    with Phone(router) as phone:
        call = phone.dials()
        call.waits(1)
        call.updates(what="now")
        call.waits(30)
        assert call.is_connected
        call.presses("7")
        call.settles()


DESK = "+15550100300"
BRIDGE = CallAndBridge(uri=DESK, caller_id_number="+15550100100", bridge_endpoint_type="PSTN")


@pytest.mark.parametrize("is_there", [True, False], ids=["leaves", "is busy"])
def test_a_bridge_that_is_over_is_nothing_that_goes_on(is_there: bool) -> None:
    """Although somebody has waited for that very one, which is remembered."""
    router = in_a_list(BRIDGE)
    router.action_successful(BRIDGE)(carry_on)
    router.action_failed(BRIDGE)(saying("The desk is busy."))
    router.hangup(leg="LEG-B")(saying("They have left."))
    with Phone(router) as phone:
        desk, call = phone.person(DESK), phone.dials()
        if is_there:
            desk.answers()
            call.waits(30)
            desk.hangs_up()
            call.hears("They have left.")
        else:
            desk.declines()
            call.hears("The desk is busy.")
        call.hears(SORRY)
        call.ends()
