"""A caller reaches the clinic: a language, a number, an appointment, somebody to talk to."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias, TypedDict

import pytest
from hypothesis import given

import flows.clinic
from flows.clinic import AGENT, AT_THE_DESK, DESK, Visit, router
from offhook.emulator.testing import (
    A_CALLER,
    Agent,
    Answers,
    FarEnd,
    NeverAnswers,
    Phone,
    PhoneCall,
    Rejects,
    Voicemail,
    busy,
)
from offhook.handler import Router, arguments_of
from tests.flows.directories import answering
from tests.flows.random_callers import often, play
from tests.flows.random_stories import Story, stories

CLINIC = "+15550100104"
Directory: TypeAlias = Callable[[int, object], None]


class Spoken(TypedDict):
    """How something is said."""

    voice: str
    language: str


IN_ENGLISH: Spoken = {"voice": "Joanna", "language": "en-US"}
IN_SPANISH: Spoken = {"voice": "Lupe", "language": "es-US"}


@pytest.fixture
def flow() -> Router:
    """What these stories are about."""
    return router


@pytest.fixture(autouse=True)
def info(caplog: pytest.LogCaptureFixture) -> None:
    """The outcome of a call is logged at this level."""
    caplog.set_level(logging.INFO, "offhook")


def dials(phone: Phone, language: str = "1") -> PhoneCall:
    """A call that has come to the number."""
    call = phone.dials(CLINIC)
    call.interrupts(language, during="For English, press 1. Para español, oprima 2.")
    call.hears("Welcome to the clinic." if language == "1" else "Bienvenido a la clínica.")
    return call


def enters(call: PhoneCall, number: str = "123456") -> None:
    """Give a number, and say that it is right."""
    call.interrupts(number, during="Please enter your patient number")
    call.interrupts("1", during=f"Your number is {' '.join(number)}.")
    call.hears("One moment, please.")


def known(phone: Phone) -> PhoneCall:
    """A call of a patient, who hears the appointment next."""
    call = dials(phone)
    enters(call)
    call.hears("Hello Ada.")
    return call


def bridged(phone: Phone, agent: FarEnd) -> PhoneCall:
    """A call for which the assistant is rung."""
    phone.at(AGENT, agent)
    call = known(phone)
    call.interrupts("3", during="For our assistant, press 3.")
    call.hears("One moment, please.")
    return call


def leaves_a_message(call: PhoneCall) -> None:
    """The end of a call that finds nobody."""
    call.hears("Nobody can take your call. Please leave a message.")
    call.says("Please call me back.")
    call.hears("Your message is with us.")
    call.ends()


# --- the language, and the number


def test_a_patient_keeps_the_appointment(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    call = known(phone)
    call.interrupts("1", during="Your appointment is at 10:00. To keep it, press 1.")
    call.hears("Thank you. See you then.", **IN_ENGLISH)
    call.ends()
    assert call.attributes["outcome"] == "kept"
    assert "clinic: kept" in caplog.text


def test_all_of_it_is_said_in_spanish(phone: Phone) -> None:
    call = dials(phone, language="2")
    call.hears("Por favor, marque los seis dígitos", **IN_SPANISH)
    call.hears("No escuché nada.", **IN_SPANISH)
    call.interrupts("12#", during="Por favor, marque")
    call.hears("No son seis dígitos.", **IN_SPANISH)
    call.interrupts("123456", during="Por favor, marque")
    call.interrupts("1", during="Su número es 1 2 3 4 5 6.")
    call.hears("Un momento, por favor.", **IN_SPANISH)
    call.hears("Hola Ada.", **IN_SPANISH)
    call.interrupts("2", during="Su cita es a las 10:00.")
    call.hears("Le llamaremos para otra hora.", **IN_SPANISH)
    call.ends()
    assert call.attributes["outcome"] == "to be moved"


def test_a_number_that_is_not_right_is_entered_again(phone: Phone) -> None:
    call = dials(phone)
    call.interrupts("111111", during="Please enter your patient number")
    call.interrupts("2", during="Your number is 1 1 1 1 1 1.")
    enters(call)
    call.hears("Hello Ada.")
    call.hangs_up()
    call.ends()


def test_silence_and_too_few_digits_are_told_apart(phone: Phone) -> None:
    call = dials(phone)
    call.hears("Please enter your patient number")
    call.hears("I did not hear anything.")
    call.interrupts("12345#", during="Please enter your patient number")
    call.hears("These are not six digits.")
    call.hears("Please enter your patient number")
    call.hears("I did not hear anything.")
    call.hears("Goodbye.")
    call.ends()


def test_who_has_no_number_presses_star(phone: Phone) -> None:
    phone.at(DESK, busy())
    call = dials(phone)
    call.interrupts("*", during="To talk with us, press star.")
    call.hears("One moment, please.")
    leaves_a_message(call)


# --- the directory


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    """A directory on this machine: `directory(200, {"name": ...})`; with 0 it never answers."""
    with ExitStack() as stack:

        def answers(status: int, said: object) -> None:
            there = stack.enter_context(answering(status, said))
            monkeypatch.setenv("CLINIC_DIRECTORY", there)

        yield answers


def test_deployed_without_a_directory_nobody_is_looked_up_and_the_log_says_so(
    phone: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    monkeypatch.setenv("CLINIC_DIRECTORY", "")  # as the template sets it where nothing is said
    call = dials(phone)
    enters(call, "123456")
    leaves_a_message(call)
    assert "there is no CLINIC_DIRECTORY to ask" in caplog.text
    caplog.clear()


def test_the_directory_knows_the_patient(phone: Phone, directory: Directory) -> None:
    directory(200, {"name": "Grace", "when": "12:30"})
    call = dials(phone)
    enters(call, "000007")
    call.hears("Hello Grace.")
    call.interrupts("1", during="Your appointment is at 12:30.")
    call.hears("See you then.")
    call.ends()
    assert call.attributes["patient"] == "000007"


@pytest.mark.parametrize("told", [(404, None), (200, None)])
def test_a_number_that_nobody_has_leads_to_the_desk(
    phone: Phone, directory: Directory, told: tuple[int, object]
) -> None:
    directory(*told)
    phone.at(DESK, NeverAnswers())
    call = dials(phone)
    enters(call)
    call.hears("We do not know this number.")
    leaves_a_message(call)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((500, None), "answers 500"),
        ((200, ["Ada"]), "fails: TypeError"),
        ((200, {"name": 5}), "fails: ValidationError"),
        ((0, None), "fails: TimeoutError"),
    ],
    ids=["fails", "is no object", "is no patient", "never answers"],
)
def test_a_directory_that_is_slow_or_fails_leads_to_the_desk(
    phone: Phone,
    directory: Directory,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    told: tuple[int, object],
    why: str,
) -> None:
    monkeypatch.setattr(flows.clinic, "PATIENCE_SECONDS", 0.1)
    directory(*told)
    desk = phone.person(DESK)
    call = dials(phone)
    enters(call)
    call.hears("We cannot look that up now.")
    desk.answers()
    desk.hangs_up()
    call.hears("Goodbye.")
    call.ends()
    assert f"the directory {why}: the caller is connected with the desk" in caplog.text
    caplog.clear()


# --- the assistant


def test_the_assistant_is_told_who_calls_and_gives_the_caller_back(phone: Phone) -> None:
    call = bridged(phone, Agent(turns=["How can I help?", {"X-Given-Back": "appointment"}]))
    call.hears("How can I help?")
    call.says("I want to keep my appointment.")
    call.interrupts("1", during="Your appointment is at 10:00.")
    call.hears("See you then.")
    call.ends()
    assert "with X-Transaction-Id, X-Language, X-Patient" in call.ladder.render()


def test_the_assistant_may_have_done_all_there_was_to_do(phone: Phone) -> None:
    call = bridged(phone, Agent(turns=["It is done.", {"x-given-back": "done"}]))
    call.hears("It is done.")
    call.hears("Goodbye.")
    call.ends()


def test_the_assistant_may_ask_for_the_desk(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = bridged(phone, Agent(turns=[{"X-Given-Back": "desk"}]))
    call.hears("One moment, please.")
    desk.answers()
    desk.says("The clinic.")
    call.hears("The clinic.")
    call.hangs_up()
    call.ends()
    assert not desk.is_connected


@pytest.mark.parametrize(
    "agent",
    [Agent(turns=["Hello."], dies=True), Agent(turns=[{}]), busy(), NeverAnswers(), Rejects(503)],
    ids=["dies", "leaves without a word", "is busy", "never answers", "is broken"],
)
def test_an_assistant_that_is_lost_leads_to_the_desk(phone: Phone, agent: FarEnd) -> None:
    phone.at(DESK, Answers(says=["This is the desk."], hangs_up_after=5))
    call = bridged(phone, agent)
    if isinstance(agent, Agent) and agent.dies:
        call.hears("Hello.")
    call.hears("The assistant is not there now.")
    call.hears("This is the desk.")
    call.hears("Goodbye.")
    call.ends()


def test_an_assistant_is_lost_by_a_fault(phone: Phone) -> None:
    phone.put_faults(f"destination-dies={AGENT}")
    phone.at(DESK, busy())
    call = bridged(phone, Answers())
    call.hears("Hello.")
    call.hears("The assistant is not there now.")
    leaves_a_message(call)


def test_deployed_without_an_assistant_and_a_desk_there_is_the_voicemail(
    phone: Phone, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    directory(200, AT_THE_DESK["123456"])
    call = known(phone)
    call.interrupts("3", during="For our assistant, press 3.")
    leaves_a_message(call)
    assert "CallAndBridge" not in call.ladder.render()


# --- the desk, the voicemail


def test_the_desk_talks_and_hangs_up(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = known(phone)
    call.interrupts("0", during="For the desk, press 0.")
    call.hears("One moment, please.")
    desk.answers(after=5)
    desk.says("How can I help you?")
    call.hears("How can I help you?")
    desk.hangs_up()
    call.hears("Goodbye.")
    call.ends()


def test_a_message_that_cannot_be_kept_is_owned_up_to(phone: Phone) -> None:
    phone.at(DESK, Rejects(603))
    phone.fails("RecordAudio", "SystemException")
    call = known(phone)
    call.interrupts("0", during="For the desk, press 0.")
    call.hears("One moment, please.")
    call.hears("Nobody can take your call.")
    call.hears("We could not take your message.")
    call.ends()


# --- the reminder


VISIT = Visit(name="Ada", when="12:30", language="spanish")


def test_a_patient_is_reminded_in_their_language(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    call = phone.rings(from_=CLINIC, arguments=arguments_of(VISIT))
    call.answers(after=3)
    assert call.attributes["outcome"] == "no answer"
    call.hears("Llamamos de la clínica, para Ada.", **IN_SPANISH)
    call.interrupts("1", during="Su cita es a las 12:30.")
    call.hears("Gracias. Hasta entonces.")
    call.ends()
    assert "clinic: kept" in caplog.text
    assert "Ada" not in caplog.text


def test_a_voicemail_keeps_the_whole_reminder(phone: Phone) -> None:
    phone.at(A_CALLER, Voicemail(after=2))
    call = phone.rings(from_=CLINIC, arguments=arguments_of(VISIT))
    call.hears("Llamamos de la clínica, para Ada.")
    for _attempt in range(3):
        call.hears("Su cita es a las 12:30. Para confirmar, oprima 1.")
        call.hears("No escuché nada.")
    call.hears("Llamamos de la clínica, para Ada.")
    call.hears("Su cita es a las 12:30. Por favor, llámenos.")
    call.ends()
    kept = str(call.ladder).partition("♪ beep")[2]
    assert "Su cita es a las 12:30. Por favor, llámenos." in kept
    assert "the mailbox kept" in kept


def test_nobody_who_answers(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    call = phone.rings(from_=CLINIC, arguments=arguments_of(VISIT))
    call.ends()
    assert "clinic: no answer" in caplog.text


@pytest.mark.parametrize("arguments", [{"language": "klingon"}, {"name": "Ada"}, {}])
def test_a_call_without_a_visit_is_owned_up_to(
    phone: Phone, caplog: pytest.LogCaptureFixture, arguments: dict[str, str]
) -> None:
    call = phone.rings(from_=CLINIC, arguments=arguments)
    call.answers(after=1)
    call.hears("We called you by mistake.")
    call.ends()
    assert "there is nothing to remind of" in caplog.text
    caplog.clear()


@often
@given(stories(CLINIC))
def test_anybody_may_call_the_clinic_and_a_repeated_delivery_changes_nothing(story: Story) -> None:
    assert play(story, deliveries=2).ladder.render() == play(story).ladder.render()


@often
@given(stories(CLINIC, arguments_of(VISIT)))
def test_anybody_may_be_reminded(story: Story) -> None:
    play(story)
