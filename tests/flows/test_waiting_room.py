"""A caller waits, and an update of the call decides what becomes of them."""

from collections.abc import Mapping

import pytest
from hypothesis import given

from flows.waiting_room import Decision, router
from offhook.emulator.testing import FarEnd, NeverAnswers, Phone, Rejects, busy
from offhook.handler import Router
from tests.flows.random_callers import often, play
from tests.flows.random_stories import Story, stories
from tests.flows.waiting import (
    MEETING,
    NOT_NOW,
    SOMEBODY,
    TOKEN,
    WAITING_ROOM,
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


@often
@given(stories(WAITING_ROOM))
def test_anybody_may_wait_and_a_repeated_delivery_changes_nothing(story: Story) -> None:
    assert play(story, deliveries=2).ladder.render() == play(story).ladder.render()
