"""Somebody who waited is together with somebody: in a talk, or in a meeting."""

import wave

import pytest

from flows.waiting_room import Decision, router
from offhook.emulator.testing import Person, Phone, PhoneCall
from offhook.handler import Router
from tests.flows.waiting import (
    MEETING,
    SOMEBODY,
    SOMEBODY_ELSE,
    TOKEN,
    admitted,
    decide,
    leaves,
    stays,
    transferred,
    waits,
)


@pytest.fixture
def flow() -> Router:
    """What these stories are about."""
    return router


def test_star_0_brings_the_caller_back(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.waits(5)
    call.presses("*0")
    call.hears("You are waiting again.")
    assert not somebody.is_connected
    call.hears("hold-music.wav")
    leaves(call)


def test_star_0_leaves_a_meeting(phone: Phone) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    call = admitted(phone)
    call.presses("*0")
    call.hears("You are waiting again.")
    call.hears("hold-music.wav")
    leaves(call)


def test_star_1_records_both_sides_until_the_end(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*1")
    call.waits(1)
    call.says("This is a message of eleven words, and four seconds long.")
    somebody.hears("eleven words")
    somebody.says("Four words they are.")
    call.hears("Four words")
    call.waits(3)
    leaves(call)
    (recording,) = phone.recordings
    with wave.open(str(recording)) as wav:
        assert wav.getnchannels() == 2
        seconds = wav.getnframes() / wav.getframerate()
        samples = memoryview(wav.readframes(wav.getnframes())).cast("h")
    assert seconds == pytest.approx(4 + 1.455 + 3, abs=0.01)
    said, heard = samples[0::2], samples[1::2]
    assert any(said[: 4 * 8000])
    assert not any(said[4 * 8000 :])
    assert not any(heard[: 4 * 8000])
    assert any(heard[4 * 8000 :])


def test_star_1_twice_is_one_recording(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*1")
    call.waits(5)
    call.presses("*1")
    stays(call)
    leaves(call)
    assert len(phone.recordings) == 1


def test_other_keys_are_ignored_in_a_talk(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("12#*2")
    stays(call)
    assert somebody.is_connected
    assert phone.recordings == []
    leaves(call)


def in_the_second_talk(phone: Phone) -> tuple[PhoneCall, Person]:
    """A call that was taken back from somebody, and who else is in it now."""
    somebody, somebody_else = phone.person(SOMEBODY), phone.person(SOMEBODY_ELSE)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*0")
    call.hears("You are waiting again.")
    transferred(call, somebody_else, SOMEBODY_ELSE)
    return call, somebody_else


def test_the_keys_still_work_in_the_second_talk(phone: Phone) -> None:
    call, somebody_else = in_the_second_talk(phone)
    call.presses("*0")
    call.hears("You are waiting again.")
    assert not somebody_else.is_connected
    leaves(call)


def test_a_callee_of_the_second_talk_who_hangs_up_ends_the_call(phone: Phone) -> None:
    call, somebody_else = in_the_second_talk(phone)
    somebody_else.hangs_up()
    call.hears("Thank you for calling. Goodbye.")
    call.ends()


def test_a_meeting_that_ends_after_an_earlier_talk_ends_the_call(phone: Phone) -> None:
    meeting = phone.meeting(MEETING, {TOKEN: "ada"})
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*0")
    call.hears("You are waiting again.")
    decide(call, Decision(what="admit", meeting_id=MEETING, join_token=TOKEN))
    call.hears("hold-music.wav")
    call.hears("You are admitted.")
    call.waits(1)
    meeting.end()
    call.hears("Thank you for calling. Goodbye.")
    call.ends()


def test_another_transfer_lets_the_first_callee_go(phone: Phone) -> None:
    somebody, somebody_else = phone.person(SOMEBODY), phone.person(SOMEBODY_ELSE)
    call = waits(phone)
    transferred(call, somebody)
    decide(call, Decision(what="transfer", number=SOMEBODY_ELSE))
    assert not somebody.is_connected
    call.hears("We connect you.")
    somebody_else.answers(after=2)
    stays(call)
    leaves(call)
    assert not somebody_else.is_connected


def test_whoever_talks_can_be_admitted(phone: Phone) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    decide(call, Decision(what="admit", meeting_id=MEETING, join_token=TOKEN))
    assert not somebody.is_connected
    call.hears("You are admitted.")
    stays(call)
    leaves(call)


def test_whoever_is_in_a_meeting_can_be_transferred(phone: Phone) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    somebody = phone.person(SOMEBODY)
    call = admitted(phone)
    decide(call, Decision(what="transfer", number=SOMEBODY))
    call.hears("We connect you.")
    somebody.answers()
    stays(call)
    leaves(call)


@pytest.mark.parametrize("company", ["in a talk", "in a meeting"])
def test_an_end_ends_it_for_everybody(phone: Phone, company: str) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    somebody = phone.person(SOMEBODY)
    if company == "in a talk":
        call = waits(phone)
        transferred(call, somebody)
    else:
        call = admitted(phone)
    decide(call, Decision(what="end"))
    call.hears("We are closing now.")
    call.ends()
    assert not somebody.is_connected


def test_an_end_while_it_rings_comes_after_the_answer(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    decide(call, Decision(what="transfer", number=SOMEBODY))
    call.hears("hold-music.wav")
    call.hears("We connect you.")
    somebody.is_called()
    decide(call, Decision(what="end"))
    somebody.answers(after=1)
    call.hears("We are closing now.")
    call.ends()
    assert not somebody.is_connected


def test_a_talk_that_cannot_be_recorded_goes_on(phone: Phone) -> None:
    phone.fails("StartCallRecording", "SystemException")
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*1")
    stays(call)
    assert somebody.is_connected
    assert phone.recordings == []
    leaves(call)


def test_back_in_the_waiting_room_the_keys_do_nothing(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*0")
    call.hears("You are waiting again.")
    call.presses("*0")
    call.waits(2)
    call.presses("*1")
    call.waits(2)
    call.hears("hold-music.wav")
    call.hears("hold-music.wav")
    assert phone.recordings == []
    leaves(call)


def test_a_callee_who_cannot_be_let_go_is_let_go_a_little_later(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    phone.fails("Hangup", "SystemException")
    call.hangs_up()
    before = phone.now
    call.ends()
    assert not somebody.is_connected
    assert phone.now == pytest.approx(before + 10)
