"""A caller reaches the reception: a menu, the desk, the voicemail."""

import wave
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given

from flows.reception import DESK, router
from offhook.actions.base import ErrorType
from offhook.emulator.testing import (
    A_CALLER,
    Answers,
    FarEnd,
    NeverAnswers,
    Phone,
    PhoneCall,
    Rejects,
    Voicemail,
    busy,
)
from offhook.handler import Router
from tests.flows.random_callers import often, play
from tests.flows.random_stories import Story, stories

RECEPTION = "+15550100101"


@pytest.fixture
def flow() -> Router:
    """What these stories are about."""
    return router


def dials(phone: Phone) -> PhoneCall:
    """A call of which the greeting has been heard."""
    call = phone.dials(RECEPTION)
    call.hears("Welcome. This is the reception.")
    return call


def asks_for_the_desk(phone: Phone) -> PhoneCall:
    """A call for which the desk is about to be rung."""
    call = dials(phone)
    call.interrupts("1", during="To speak with us, press 1.")
    call.hears("One moment, please.")
    return call


def asks_for_the_voicemail(phone: Phone) -> PhoneCall:
    """A call that is being recorded."""
    call = dials(phone)
    call.interrupts("2", during="To leave a message, press 2.")
    call.hears("Please leave a message now, and press the hash key.")
    return call


def hears_goodbye(call: PhoneCall) -> None:
    """The end of every call that the caller does not end."""
    call.hears("Thank you for calling. Goodbye.")
    call.ends()


def stretches(recording: Path) -> list[tuple[str, float]]:
    """What a recording holds: `sound` and `silence`, and the seconds of each."""
    with wave.open(str(recording)) as wav:
        rate, samples = wav.getframerate(), memoryview(wav.readframes(wav.getnframes())).cast("h")
    window = rate // 100
    loud = [any(samples[at : at + window]) for at in range(0, len(samples), window)]
    return [
        ("sound" if is_loud else "silence", round(len(list(run)) / 100, 2))
        for is_loud, run in groupby(loud)
    ]


# --- the menu


def test_silence_is_asked_three_times_and_let_go(phone: Phone) -> None:
    call = dials(phone)
    for _attempt in range(3):
        call.hears("To speak with us, press 1.")
        call.hears("I did not hear anything.")
    hears_goodbye(call)


def test_wrong_keys_are_told_apart_from_silence(phone: Phone) -> None:
    call = dials(phone)
    call.interrupts("7", during="To speak with us")
    call.hears("There is no such choice.")
    call.hears("To speak with us")
    call.hears("I did not hear anything.")
    call.interrupts("#", during="To speak with us")  # ends the input: nothing was chosen
    call.hears("I did not hear anything.")
    hears_goodbye(call)


def test_the_last_attempt_still_counts(phone: Phone) -> None:
    call = dials(phone)
    for _attempt in range(2):
        call.interrupts("9", during="To speak with us")
        call.hears("There is no such choice.")
    call.interrupts("1", during="To speak with us")
    call.hears("One moment, please.")
    call.hangs_up()
    call.ends()


@pytest.mark.parametrize("seconds", [0.5, 3, 8], ids=["greeting", "menu", "silence"])
def test_the_caller_may_leave_at_any_time(phone: Phone, seconds: float) -> None:
    call = phone.dials(RECEPTION)
    call.waits(seconds)
    call.hangs_up()
    call.ends()


def test_a_greeting_that_cannot_be_said_ends_the_call(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    phone.fails("Speak", "ActionExecutionThrottled")
    call = phone.dials(RECEPTION)
    call.ends()
    assert "no function handles this" in caplog.text
    caplog.clear()


# --- the desk


def test_the_desk_hangs_up_and_the_caller_is_thanked(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = asks_for_the_desk(phone)
    desk.answers(after=5)
    desk.says("Workshop, how can I help you?")
    call.hears("how can I help you")
    call.says("I have a flat tyre.")
    desk.hears("a flat tyre")
    desk.hangs_up()
    hears_goodbye(call)


def test_the_caller_hangs_up_and_the_desk_is_let_go(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = asks_for_the_desk(phone)
    desk.answers(after=5)
    call.waits(60)
    call.hangs_up()
    call.ends()
    assert not desk.is_connected


def test_the_caller_gives_up_while_the_desk_rings(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = asks_for_the_desk(phone)
    desk.is_called()
    call.waits(5)
    call.hangs_up()
    call.ends()
    assert not desk.is_connected


@pytest.mark.parametrize(
    "desk",
    [busy(), Rejects(603), NeverAnswers(), Answers(after=21)],
    ids=["is busy", "declines", "never answers", "answers too late"],
)
def test_a_desk_that_does_not_answer_leads_to_the_voicemail(phone: Phone, desk: FarEnd) -> None:
    phone.at(DESK, desk)
    call = asks_for_the_desk(phone)
    call.hears("Nobody can take your call now. Please leave a message.")
    call.presses("#")
    call.hears("Your message is with us.")
    hears_goodbye(call)


def test_the_desk_rings_for_twenty_seconds(phone: Phone) -> None:
    phone.at(DESK, NeverAnswers())
    call = asks_for_the_desk(phone)
    before = phone.now
    call.hears("Nobody can take your call now.")
    call.hangs_up()
    call.ends()
    spoken = call.ladder.entries
    said = next(one.time for one in spoken if "Nobody can take your call" in one.text)
    assert said - before == pytest.approx(20)


def test_a_machine_at_the_desk_is_talked_to_like_anybody(phone: Phone) -> None:
    phone.at(DESK, Voicemail(after=4, listens=10))
    call = asks_for_the_desk(phone)
    call.hears("I am not here.")
    call.hears("beep")
    call.says("Please call me back.")
    hears_goodbye(call)


def test_deployed_without_a_desk_the_caller_leaves_a_message_and_the_log_says_why(
    phone: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    monkeypatch.setenv("RECEPTION_DESK", "")  # as the template sets it where nothing is given
    phone.at(DESK, Answers(after=0))
    call = dials(phone)
    call.interrupts("1", during="To speak with us, press 1.")
    call.hears("Nobody can take your call now. Please leave a message.")
    call.presses("#")
    call.hears("Your message is with us.")
    hears_goodbye(call)
    assert DESK not in call.ladder.render()
    assert "there is no RECEPTION_DESK to ring" in caplog.text
    caplog.clear()


def test_the_desk_of_the_template_is_rung(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    monkeypatch.setenv("RECEPTION_DESK", "+15550100399")
    desk = phone.person("+15550100399")
    call = asks_for_the_desk(phone)
    desk.answers()
    assert desk.is_connected
    desk.hangs_up()
    hears_goodbye(call)


@pytest.mark.parametrize("error_type", ["InvalidActionParameter", "SystemException"])
def test_a_desk_that_cannot_be_called_leads_to_the_voicemail(
    phone: Phone, error_type: ErrorType
) -> None:
    phone.fails("CallAndBridge", error_type)
    call = asks_for_the_desk(phone)
    call.hears("We cannot connect you. Please leave a message.")
    call.presses("#")
    call.hears("Your message is with us.")
    hears_goodbye(call)


def test_the_desk_sees_the_number_that_was_dialled(phone: Phone) -> None:
    desk = phone.person(DESK)
    call = asks_for_the_desk(phone)
    desk.is_called()
    assert f"rings, called from {RECEPTION}" in call.ladder.render()
    assert f"called from {A_CALLER}" not in call.ladder.render()


# --- the voicemail


def test_a_message_ends_with_the_hash_key_and_holds_what_was_said(phone: Phone) -> None:
    call = asks_for_the_voicemail(phone)
    call.waits(1)
    call.says("This is a message of eleven words, and four seconds long.")
    call.waits(0.5)
    call.presses("#")
    call.hears("Your message is with us.")
    hears_goodbye(call)
    assert [stretches(one) for one in phone.recordings] == [
        [("silence", 1.0), ("sound", 4.0), ("silence", 0.5)]
    ]


def test_a_message_ends_after_three_seconds_of_silence(phone: Phone) -> None:
    call = asks_for_the_voicemail(phone)
    call.waits(2)
    call.says("This is a message of eleven words, and four seconds long.")
    call.waits(2)
    call.says("And four words more.")
    call.hears("Your message is with us.")
    hears_goodbye(call)
    (recording,) = phone.recordings
    assert stretches(recording) == [
        *[("silence", 2.0), ("sound", 4.0)],
        *[("silence", 2.0), ("sound", pytest.approx(1.46, abs=0.02)), ("silence", 3.0)],
    ]


def test_a_message_is_at_most_two_minutes_long(phone: Phone) -> None:
    call = asks_for_the_voicemail(phone)
    for _sentence in range(35):
        call.says("This is a message of eleven words, and four seconds long.")
        if call.heard > 3:
            break
    call.hears("Your message is with us.")
    hears_goodbye(call)
    assert [stretches(one) for one in phone.recordings] == [[("sound", 120.0)]]


def test_other_keys_do_not_end_a_message(phone: Phone) -> None:
    call = asks_for_the_voicemail(phone)
    call.presses("12*")
    call.says("Still here.")
    assert phone.recordings == []
    call.presses("#")
    call.hears("Your message is with us.")
    hears_goodbye(call)


def test_hanging_up_leaves_the_message(phone: Phone) -> None:
    call = asks_for_the_voicemail(phone)
    call.says("This is a message of eleven words, and four seconds long.")
    call.hangs_up()
    call.ends()
    assert [stretches(one) for one in phone.recordings] == [[("sound", 4.0)]]


def test_a_message_that_cannot_be_kept_is_owned_up_to(phone: Phone) -> None:
    phone.fails("RecordAudio", "InvalidActionParameter")
    call = asks_for_the_voicemail(phone)
    call.hears("We could not take your message.")
    hears_goodbye(call)
    assert phone.recordings == []


@often
@given(stories(RECEPTION))
def test_anybody_may_call_the_reception_and_a_repeated_delivery_changes_nothing(
    story: Story,
) -> None:
    assert play(story, deliveries=2).ladder.render() == play(story).ladder.render()
