"""We call somebody about an appointment."""

import logging
from collections.abc import Mapping

import pytest
from hypothesis import given

from flows.reminder import Reminder, router
from offhook.emulator.testing import (
    A_CALLER,
    NeverAnswers,
    Phone,
    PhoneCall,
    Rejects,
    Voicemail,
    busy,
)
from offhook.handler import Router, arguments_of
from tests.flows.random_callers import often, play
from tests.flows.random_stories import Story, stories

OURS = "+15550100102"
REMINDER = Reminder(name="Ada", when="tomorrow at ten")
APPOINTMENT = "You have an appointment tomorrow at ten."


@pytest.fixture
def flow() -> Router:
    """What these stories are about."""
    return router


@pytest.fixture(autouse=True)
def info(caplog: pytest.LogCaptureFixture) -> None:
    """The outcome of a call is logged at this level."""
    caplog.set_level(logging.INFO, "offhook")


def reminds(phone: Phone, arguments: Mapping[str, str] | None = None) -> PhoneCall:
    """A call that rings."""
    return phone.rings(from_=OURS, arguments=arguments or arguments_of(REMINDER))


def answered(phone: Phone) -> PhoneCall:
    """A call of which the message has been heard, up to the menu."""
    call = reminds(phone)
    call.answers(after=3)
    call.hears("Hello Ada. This is the workshop.")
    call.hears(APPOINTMENT)
    return call


def outcome(call: PhoneCall, caplog: pytest.LogCaptureFixture) -> object:
    """What came of a call that is over: the same in its attributes and in the log."""
    assert call.is_over
    told = [one.getMessage() for one in caplog.records]
    logged = {one.removeprefix("reminder: ") for one in told if one.startswith("reminder: ")}
    assert logged == {call.attributes["outcome"]}
    assert A_CALLER not in caplog.text
    assert "Ada" not in caplog.text
    return call.attributes["outcome"]


def test_pressing_1_confirms(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    call = answered(phone)
    call.interrupts("1", during="To confirm, press 1.")
    call.hears("Thank you. See you then.")
    call.ends()
    assert outcome(call, caplog) == "confirmed"


def test_pressing_2_asks_for_another_time(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    call = answered(phone)
    call.interrupts("2", during="For another time, press 2.")
    call.hears("We will call you about another time. Goodbye.")
    call.ends()
    assert outcome(call, caplog) == "reschedule"


def test_without_a_list_to_put_the_number_on_they_are_told(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = answered(phone)
    call.interrupts("9", during="Never to be called again, press 9.")
    call.hears("That did not work. Please tell our reception.")
    call.ends()
    assert "OFFHOOK_LEDGER is not set" in caplog.text
    caplog.clear()


def test_a_decision_counts_although_they_do_not_stay_for_the_answer(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = answered(phone)
    call.interrupts("1", during="To confirm")
    call.waits(0.2)
    call.hangs_up()
    call.ends()
    assert outcome(call, caplog) == "confirmed"


def test_whoever_presses_nothing_hears_it_all_again(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = answered(phone)
    for _attempt in range(3):
        call.hears("To confirm, press 1.")
        call.hears("Are you there?")
    call.hears("This is the workshop, for Ada.")
    call.hears(f"{APPOINTMENT} Please call us back. Goodbye.")
    call.ends()
    assert outcome(call, caplog) == "not confirmed"


def test_wrong_keys_are_asked_again(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    call = answered(phone)
    for key in "3*":
        call.interrupts(key, during="To confirm, press 1.")
        call.hears("Please press 1, 2 or 9.")
    call.interrupts("2", during="To confirm, press 1.")
    call.hears("another time")
    call.ends()
    assert outcome(call, caplog) == "reschedule"


@pytest.mark.parametrize("seconds", [1, 3, 6, 12], ids=["name", "time", "menu", "silence"])
def test_whoever_hangs_up_before_deciding_has_not_confirmed(
    phone: Phone, caplog: pytest.LogCaptureFixture, seconds: float
) -> None:
    call = reminds(phone)
    call.answers()
    call.waits(seconds)
    call.hangs_up()
    call.ends()
    assert outcome(call, caplog) == "not confirmed"


def test_busy_is_no_answer(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    phone.at(A_CALLER, busy())
    call = reminds(phone)
    call.ends()
    assert outcome(call, caplog) == "no answer"


def test_refusing_the_call_is_no_answer(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    phone.at(A_CALLER, Rejects(603, after=4))
    call = reminds(phone)
    call.ends()
    assert outcome(call, caplog) == "no answer"


def test_nobody_answers(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    phone.at(A_CALLER, NeverAnswers())
    call = reminds(phone)
    call.ends()
    assert outcome(call, caplog) == "no answer"


@pytest.mark.parametrize("words", [5, 40, 75], ids=["short", "usual", "long"])
def test_a_voicemail_keeps_the_whole_message(
    phone: Phone, caplog: pytest.LogCaptureFixture, words: int
) -> None:
    phone.at(A_CALLER, Voicemail(greeting="blah " * words, listens=90))
    call = reminds(phone)
    call.settles()
    ladder = call.ladder.render()
    _before, after = ladder.split("says ♪ beep")
    assert "This is the workshop, for Ada." in after
    assert f"{APPOINTMENT} Please call us back. Goodbye." in after
    assert outcome(call, caplog) == "not confirmed"


def test_arguments_of_another_program_are_read_by_name(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = reminds(phone, {"name": "7", "when": "at noon", "campaign": "spring"})
    call.answers()
    call.hears("Hello 7.")
    call.hears("You have an appointment at noon.")
    call.hangs_up()
    call.ends()
    assert outcome(call, caplog) == "not confirmed"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"name": "Ada"},
        {"name": "Ada", "when": ""},
        {"offhook": "Invoice", "name": "Ada", "when": "at noon"},
        {"name": "Ada", "when": "at noon " * 200},
    ],
    ids=["none", "one of two", "an empty one", "of another model", "too long to be said"],
)
def test_a_call_without_a_reminder_is_excused_and_logged(
    phone: Phone, caplog: pytest.LogCaptureFixture, arguments: Mapping[str, str]
) -> None:
    call = phone.rings(from_=OURS, arguments=arguments)
    call.answers()
    call.hears("We called you by mistake. Goodbye.")
    call.ends()
    assert call.attributes == {}
    errors = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert {getattr(one, "event", "") for one in errors} == {"NEW_OUTBOUND_CALL"}
    assert "Ada" not in caplog.text
    caplog.clear()


def test_a_call_without_a_reminder_that_nobody_answers_ends_quietly(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    phone.at(A_CALLER, busy())
    call = phone.rings(from_=OURS)
    call.ends()
    caplog.clear()


def test_whoever_calls_back_is_told_where_to_call(phone: Phone) -> None:
    call = phone.dials(OURS)
    call.hears("We called you about an appointment.")
    call.hears("Please call our reception. Goodbye.")
    call.ends()


def test_an_appointment_that_moves_during_the_call_is_told_at_once(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = reminds(phone)
    call.answers(after=3)
    call.hears("Hello Ada.")
    call.updates(when="tomorrow at noon")
    call.hears(APPOINTMENT)  # but for its end: it is cut
    call.hears("The appointment has moved: it is tomorrow at noon.")
    call.interrupts("1", during="To confirm, press 1.")
    call.hears("Thank you. See you then.")
    call.ends()
    assert call.attributes["when"] == "tomorrow at noon"
    assert outcome(call, caplog) == "confirmed"


def test_an_appointment_that_moves_while_it_rings_is_told_when_somebody_answers(
    phone: Phone,
) -> None:
    call = reminds(phone)
    call.updates(when="tomorrow at noon")
    call.answers(after=3)
    call.hears("Hello Ada. This is the workshop.")
    call.hears("You have an appointment tomorrow at noon.")


def test_an_update_without_a_time_changes_nothing(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = answered(phone)
    call.updates(where="here")
    call.interrupts("1", during="To confirm, press 1.")
    call.hears("Thank you. See you then.")
    call.ends()
    assert "this update moves nothing" in caplog.text
    caplog.clear()


@often
@given(stories(OURS, arguments_of(REMINDER)))
def test_anybody_may_be_reminded(story: Story) -> None:
    play(story)
