"""Stories that fail: the message says where, and shows the call's ladder."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Hangup, Pause, PlayAudio, Speak, SpeakAndGetDigits
from offhook.actions.base import ErrorType
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.testing import Answers, FarEnd, Phone, PhoneCall, StoryFailed, busy
from tests.emulator.functions import AnsweredBy, always, in_turn

LINE = [Speak(text="Welcome to the workshop."), Speak(text="Goodbye."), Hangup()]
MENU = SpeakAndGetDigits(
    text="Press 1.", failure_text="Sorry?", repeat_duration_in_milliseconds=1_000
)


@pytest.fixture
def call(answered_by: AnsweredBy) -> PhoneCall:
    """A call in which two things are heard, before it ends."""
    return answered_by(in_turn(LINE)).dials()


def test_the_message_shows_the_ladder_and_where_the_story_broke(call: PhoneCall) -> None:
    call.hears("Welcome")
    with pytest.raises(StoryFailed) as failed:
        call.hears("We open at nine.")
    why = "hears “We open at nine.”: heard “Goodbye.” instead"
    assert str(failed.value) == (
        f"{why}\n\n"
        "     0.000  LEG-A  +15550100200 dials +15550100100\n"
        "     0.000         NEW_INBOUND_CALL 1  →  Speak, Speak, Hangup\n"
        "     0.000  LEG-A  answered\n"
        "     0.000  LEG-A  hears “Welcome to the workshop.”  (1.5 s)\n"
        "     1.455  LEG-A  hears “Goodbye.”  (0.4 s)\n"
        f"▶ {why}"
    )


def test_part_of_the_words_is_enough_and_all_are_returned(call: PhoneCall) -> None:
    assert call.hears("the work") == "Welcome to the workshop."


def test_a_pattern_is_searched_for(call: PhoneCall) -> None:
    call.hears(re.compile(r"^Welcome .* workshop\.$"))
    with pytest.raises(StoryFailed, match=re.escape("hears /^good/: heard “Goodbye.” instead")):
        call.hears(re.compile("^good"))


def test_music_may_come_first(answered_by: AnsweredBy, a_wav: Callable[..., Path]) -> None:
    music = PlayAudio(audio_source=a_wav("music.wav").name)
    call = answered_by(in_turn([music, music, *LINE])).dials()
    assert call.hears("Welcome", past_music=True) == "Welcome to the workshop."
    with pytest.raises(StoryFailed, match=re.escape("heard “Goodbye.” instead")):
        call.hears("More", past_music=True)


def test_a_story_may_say_who_speaks_and_in_which_language(answered_by: AnsweredBy) -> None:
    french = Speak(text="Bonjour.", voice_id="Chantal", language_code="fr-CA")
    call = answered_by(in_turn([french, french, Speak(text="Hello.")])).dials()
    call.hears("Bonjour", voice="Chantal", language="fr-CA")
    with pytest.raises(StoryFailed, match="voice Joanna: voice Chantal instead"):
        call.hears("Bonjour", voice="Joanna")
    with pytest.raises(StoryFailed, match="language en-US: language fr-CA instead"):
        call.hears("Bonjour", language="en-US")
    call.hears("Bonjour")
    call.hears("Hello", voice="Joanna", language="")


def test_somebody_whom_nobody_rang_shows_what_happened_instead(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn(LINE))
    ben = phone.person("+15550100300")
    phone.dials().settles()
    with pytest.raises(StoryFailed, match="is called: it does not ring") as failed:
        ben.is_called()
    assert "dials +15550100100" in str(failed.value)


def test_ids_are_new_in_every_phone_unless_there_is_a_seed() -> None:
    def places(seed: int | None) -> str:
        with Phone(always(Hangup()), desk=Desk(), seed=seed) as phone:
            call = phone.dials()
            call.settles()
            return str(call.events[0]["CallDetails"])

    assert places(None) != places(None)
    assert places(7) == places(7) != places(8)


def test_hearing_nothing_in_particular_is_no_story(call: PhoneCall) -> None:
    with pytest.raises(StoryFailed, match="name some of the words"):
        call.hears("")


def test_nothing_is_heard_after_the_end(call: PhoneCall) -> None:
    call.hears("Welcome")
    call.hears("Goodbye.")
    with pytest.raises(StoryFailed, match="hears “More”: the call is over"):
        call.hears("More")


def test_what_the_story_leaves_out_is_noticed_at_the_end(call: PhoneCall) -> None:
    call.hears("Welcome")
    with pytest.raises(StoryFailed, match=r"ends: heard “Goodbye\.”, which the story does"):
        call.ends()


def test_a_call_may_settle_whatever_is_heard(call: PhoneCall) -> None:
    call.settles()
    assert call.is_over
    call.settles()


def test_the_end_can_be_told_twice(call: PhoneCall) -> None:
    call.hears("Welcome")
    call.hears("Goodbye.")
    call.ends()
    call.ends()


def test_whoever_hangs_up_need_not_tell_what_they_heard(call: PhoneCall) -> None:
    call.waits(0.1)
    call.hangs_up()
    call.ends()


@pytest.mark.parametrize("key", ["A", "a", "+", " ", ",", "٣"])
def test_what_is_no_key_cannot_be_pressed(call: PhoneCall, key: str) -> None:
    call.waits(0.1)
    with pytest.raises(StoryFailed, match="is not a key: 0 to 9"):
        call.presses(f"1{key}")


def test_no_key_at_all_cannot_be_pressed(call: PhoneCall) -> None:
    call.waits(0.1)
    with pytest.raises(StoryFailed, match="presses nothing"):
        call.presses("")


def test_nobody_presses_keys_before_the_call_is_answered(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=5_000)])).dials()
    call.waits(1)
    with pytest.raises(StoryFailed, match="presses 1: the leg is not answered"):
        call.presses("1")


def test_nobody_presses_keys_after_the_end(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Hangup())).dials()
    call.ends()
    with pytest.raises(StoryFailed, match="presses 1: the leg is Disconnected"):
        call.presses("1")


def test_a_key_that_ends_the_call_is_the_last(answered_by: AnsweredBy) -> None:
    menu = MENU.model_copy(update={"max_number_of_digits": 1})
    call = answered_by(in_turn([menu, Hangup()])).dials()
    call.hears("Press 1.")
    with pytest.raises(StoryFailed, match="presses 2: the leg is Disconnected"):
        call.presses("12")


def test_only_what_is_being_heard_can_be_interrupted(call: PhoneCall) -> None:
    call.waits(1)
    with pytest.raises(StoryFailed, match=r"workshop\.” was over already"):
        call.interrupts("1")


def test_interrupting_something_else_fails(call: PhoneCall) -> None:
    with pytest.raises(StoryFailed, match="presses 1 during “Goodbye”: heard “Welcome to the work"):
        call.interrupts("1", during="Goodbye")


def test_the_one_who_calls_cannot_answer_or_decline(call: PhoneCall) -> None:
    for verb in (call.answers, call.declines):
        with pytest.raises(StoryFailed, match="this person makes the call"):
            verb()


def test_nobody_answers_what_has_stopped_ringing(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings()
    with pytest.raises(StoryFailed, match="it has stopped ringing after 61 s"):
        call.answers(after=61)


def test_nobody_answers_twice(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings()
    call.answers()
    with pytest.raises(StoryFailed, match="it does not ring: the leg is Connected"):
        call.answers()
    with pytest.raises(StoryFailed, match="it does not ring: the leg is Connected"):
        call.declines()


def test_nobody_hangs_up_after_the_end(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Hangup())).dials()
    call.ends()
    with pytest.raises(StoryFailed, match="hangs up: "):
        call.hangs_up()


def test_a_call_shows_its_ladder(call: PhoneCall) -> None:
    call.waits(0.1)
    assert repr(call) == f"<call\n{call.ladder.render()}>"
    assert "hears “Welcome to the workshop.”" in repr(call)


def test_a_phone_without_a_function_says_what_to_configure() -> None:
    with Phone(desk=Desk()) as phone, pytest.raises(ConfigError, match="no number of ours"):
        phone.dials()


def test_what_goes_wrong_in_a_test_within_the_function_reaches_the_test(
    answered_by: AnsweredBy,
) -> None:
    def function(_event: object, _context: object) -> object:
        pytest.fail("this is a finding")

    with pytest.raises(pytest.fail.Exception, match="this is a finding"):
        answered_by(function).dials().ends()


def test_what_there_is_not_cannot_fail(answered_by: AnsweredBy) -> None:
    phone = answered_by(always())
    with pytest.raises(ValueError, match=r"there is no action 'Speek': there are .*\bSpeak\b"):
        phone.fails("Speek", "SystemException")
    wrong = cast("ErrorType", "Broken")
    with pytest.raises(ValueError, match="there is no such ErrorType"):
        phone.fails("Speak", wrong)


@pytest.mark.parametrize("far_end", [busy, Answers, "busy"], ids=["busy", "Answers", "a string"])
def test_what_is_put_at_a_number_is_a_far_end(answered_by: AnsweredBy, far_end: object) -> None:
    phone = answered_by(always())
    with pytest.raises(TypeError, match="is no far end: write e"):
        phone.at("+15550100300", cast("FarEnd", far_end))
