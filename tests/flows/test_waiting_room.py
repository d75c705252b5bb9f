"""A caller waits, and an update of the call decides what becomes of them."""

import wave
from collections.abc import Mapping

import pytest

from flows.waiting_room import Decision, router
from offhook.emulator.far_ends import FarEnd, NeverAnswers, Rejects, busy
from offhook.emulator.testing import Person, Phone, PhoneCall
from offhook.handler import Router, arguments_of

WAITING_ROOM = "+15550100103"
SOMEBODY, SOMEBODY_ELSE = "+15550100300", "+15550100301"
MEETING, TOKEN = "8a1f", "ada-may-join"
NOT_NOW = "That did not work. Please wait a little longer."


@pytest.fixture
def flow() -> Router:
    """What these stories are about."""
    return router


def waits(phone: Phone) -> PhoneCall:
    """A call in which the music plays."""
    call = phone.dials(WAITING_ROOM)
    call.hears("Please wait. We will be with you soon.")
    call.waits(2)
    return call


def decide(call: PhoneCall, decision: Decision) -> None:
    """An update of the call, as any program may send it; it cuts the music."""
    call.updates(**arguments_of(decision))


def transferred(call: PhoneCall, somebody: Person, number: str = SOMEBODY) -> None:
    """The caller talks with somebody."""
    decide(call, Decision(what="transfer", number=number))
    call.hears("hold-music")
    call.hears("We connect you.")
    somebody.answers(after=3)
    assert somebody.is_connected


def admitted(phone: Phone) -> PhoneCall:
    """A call in a meeting."""
    call = waits(phone)
    decide(call, Decision(what="admit", meeting_id=MEETING, join_token=TOKEN))
    call.hears("hold-music")
    call.hears("You are admitted.")
    call.waits(1)
    assert "is the meeting 8a1f" in call.ladder.render()
    return call


def stays(call: PhoneCall) -> None:
    """Nothing is heard for a minute, and nobody leaves."""
    heard = call.heard
    call.waits(60)
    assert call.is_connected
    assert call.heard == heard


def leaves(call: PhoneCall) -> None:
    """The caller hangs up, and that is the end of the call."""
    call.hangs_up()
    call.ends()


# --- waiting


def test_music_plays_for_as_long_as_it_takes(phone: Phone) -> None:
    call = phone.dials(WAITING_ROOM)
    call.hears("Please wait. We will be with you soon.")
    for _minute in range(60):
        for _time in range(5):
            call.hears("hold-music.wav")
        call.hears("Thank you for waiting.")
    assert len(call.events) < 100
    leaves(call)


@pytest.mark.parametrize("seconds", [0.5, 5, 46.3], ids=["words", "music", "thanks"])
def test_the_caller_may_leave_at_any_time(phone: Phone, seconds: float) -> None:
    call = phone.dials(WAITING_ROOM)
    call.waits(seconds)
    leaves(call)


def test_without_the_music_the_caller_still_waits(phone: Phone) -> None:
    phone.fails("PlayAudio", "InvalidAudioSource")
    call = phone.dials(WAITING_ROOM)
    call.hears("Please wait.")
    call.hears("Thank you for waiting.")
    call.hears("hold-music.wav")
    leaves(call)


def test_without_a_voice_the_caller_still_waits(phone: Phone) -> None:
    phone.fails("Speak", "ActionExecutionThrottled")
    call = phone.dials(WAITING_ROOM)
    call.hears("hold-music.wav")
    leaves(call)


def test_keys_do_nothing_while_the_caller_waits(phone: Phone) -> None:
    call = waits(phone)
    call.presses("*0*1")
    call.hears("hold-music.wav")
    call.hears("hold-music.wav")
    leaves(call)


# --- the decision


def test_the_caller_is_admitted_to_a_meeting(phone: Phone) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    call = admitted(phone)
    stays(call)
    leaves(call)


def test_when_the_meeting_ends_the_caller_is_thanked(phone: Phone) -> None:
    meeting = phone.meeting(MEETING, {TOKEN: "ada"})
    call = admitted(phone)
    meeting.end()
    call.hears("Thank you for calling. Goodbye.")
    call.ends()


def test_a_token_that_does_not_open_the_meeting_leaves_the_caller_waiting(phone: Phone) -> None:
    phone.meeting(MEETING, {TOKEN: "ada"})
    call = waits(phone)
    decide(call, Decision(what="admit", meeting_id=MEETING, join_token="of-somebody-else"))
    call.hears("hold-music.wav")
    call.hears("You are admitted.")
    call.hears(NOT_NOW)
    call.hears("hold-music.wav")
    leaves(call)


def test_the_caller_is_transferred_and_the_callee_hangs_up(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    stays(call)
    somebody.hangs_up()
    call.hears("Thank you for calling. Goodbye.")
    call.ends()


def test_the_caller_is_transferred_and_hangs_up(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    leaves(call)
    assert not somebody.is_connected


def test_the_caller_leaves_while_it_rings(phone: Phone) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    decide(call, Decision(what="transfer", number=SOMEBODY))
    somebody.is_called()
    call.waits(3)
    leaves(call)
    assert not somebody.is_connected


@pytest.mark.parametrize(
    "far_end", [busy(), Rejects(603), NeverAnswers()], ids=["busy", "declines", "never answers"]
)
def test_whoever_does_not_answer_leaves_the_caller_waiting(phone: Phone, far_end: FarEnd) -> None:
    phone.at(SOMEBODY, far_end)
    call = waits(phone)
    decide(call, Decision(what="transfer", number=SOMEBODY))
    call.hears("hold-music.wav")
    call.hears("We connect you.")
    call.hears(NOT_NOW)
    call.hears("hold-music.wav")
    leaves(call)


def test_an_end_is_said_and_ends_the_call(phone: Phone) -> None:
    call = waits(phone)
    decide(call, Decision(what="end"))
    call.hears("hold-music.wav")
    call.hears("We are closing now. Please call again.")
    call.ends()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"what": "sing"},
        {"offhook": "Reminder", "name": "Ada", "when": "at noon"},
        {"what": "transfer"},
        {"what": "transfer", "number": "12"},
        {"what": "transfer", "number": "sip:ada@example.com"},
        {"what": "admit"},
        {"what": "admit", "meeting_id": "", "join_token": ""},
    ],
    ids=lambda arguments: " ".join(arguments.values()) or "nothing",
)
def test_an_update_that_decides_nothing_changes_nothing(
    phone: Phone, caplog: pytest.LogCaptureFixture, arguments: Mapping[str, str]
) -> None:
    call = waits(phone)
    call.updates(**arguments)
    assert not call.hears_nothing
    assert "this update decides nothing" in caplog.text
    assert "sip:ada" not in caplog.text
    caplog.clear()
    call.hears("hold-music.wav")
    call.hears("hold-music.wav")
    leaves(call)


def test_an_update_that_decides_nothing_does_not_disturb_a_talk(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    somebody = phone.person(SOMEBODY)
    call = waits(phone)
    transferred(call, somebody)
    call.updates(what="sing")
    caplog.clear()
    stays(call)
    assert somebody.is_connected
    leaves(call)


# --- together with somebody


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


def test_the_keys_still_work_in_the_second_talk(phone: Phone) -> None:
    somebody, somebody_else = phone.person(SOMEBODY), phone.person(SOMEBODY_ELSE)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*0")
    call.hears("You are waiting again.")
    transferred(call, somebody_else, SOMEBODY_ELSE)
    call.presses("*0")
    call.hears("You are waiting again.")
    assert not somebody_else.is_connected
    leaves(call)


def test_a_callee_of_the_second_talk_who_hangs_up_ends_the_call(phone: Phone) -> None:
    somebody, somebody_else = phone.person(SOMEBODY), phone.person(SOMEBODY_ELSE)
    call = waits(phone)
    transferred(call, somebody)
    call.presses("*0")
    call.hears("You are waiting again.")
    transferred(call, somebody_else, SOMEBODY_ELSE)
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
