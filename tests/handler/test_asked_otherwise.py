"""A question that the new version asks in another way is the same one.

About `offhook.handler.asked`.
"""

import re

import pytest

from offhook.actions import (
    Hangup,
    PlayAudio,
    PlayAudioAndGetDigits,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.testing import Phone
from offhook.handler import Event, Menu, Reply, Router
from tests.handler.answers import saying
from tests.handler.test_deployments import SORRY, asking, pressed, reordered


def test_a_key_that_a_pattern_takes_now_does_what_it_did() -> None:
    call = pressed(reordered("1", "2"), reordered(re.compile("[13]"), "2"), "1")
    assert "We open at nine." in call.ladder.render()


def test_a_key_that_is_another_function_s_now_does_nothing() -> None:
    call = pressed(reordered("1", "2"), reordered(re.compile("[34]"), "1"), "1")
    assert "Deleted." not in call.ladder.render()
    assert "There is no such choice." in call.ladder.render()


PRESS = "hold-music.wav"
RECORDED = PlayAudioAndGetDigits(
    audio_source=PRESS,
    failure_audio_source=PRESS,
    input_digits_regex="^[12]$",
    max_number_of_digits=1,
    repeat_duration_in_milliseconds=3_000,
)


def two_questions(*asks: SpeakAndGetDigits | PlayAudioAndGetDigits) -> Router:
    """Two that collect the same, the second of which is asked."""
    router = Router()

    def size(event: Event) -> Reply:
        return [Speak(text="Size."), Hangup()]

    def colour(event: Event) -> Reply:
        return [Speak(text="Colour."), Hangup()]

    def silence(event: Event) -> Reply:
        return [Speak(text="Nobody is there."), Hangup()]

    router.new_inbound_call()(lambda _event: asks[1])
    router.action_successful(asks[0])(size)
    router.action_successful(asks[1])(colour)
    router.action_failed(asks[1])(silence)
    return router


def of_menus(is_recorded: bool) -> Router:
    """A question with the keys of a menu."""
    router = Router()
    words = [PlayAudio(audio_source=PRESS) if is_recorded else word for word in "abc"]
    menu = Menu(router, words[0], no_input=words[1], invalid_input=words[2])

    def colour(event: Event) -> Reply:
        return [Speak(text="Colour."), Hangup()]

    @menu.gives_up()
    def silence(event: Event) -> Reply:
        return [Speak(text="Nobody is there."), Hangup()]

    router.new_inbound_call()(lambda _event: menu.ask)
    menu.option("1")(colour)
    return router


SPOKEN = (asking("How large?"), asking("Which colour?"))
VERSIONS = {
    "one": (two_questions(*SPOKEN), two_questions(SPOKEN[0], RECORDED)),
    "both": (
        two_questions(*SPOKEN),
        two_questions(
            RECORDED.model_copy(update={"in_between_digits_duration_in_milliseconds": 900}),
            RECORDED,
        ),
    ),
    "a menu": (of_menus(False), of_menus(True)),
}


@pytest.mark.parametrize("edit", VERSIONS)
@pytest.mark.parametrize("back", [False, True], ids=["deployed", "rolled back"])
@pytest.mark.parametrize(("key", "says"), [("1", "Colour."), ("", "Nobody is there.")])
def test_what_was_said_and_is_played_now_is_the_same_question(
    edit: str, back: bool, key: str, says: str
) -> None:
    old, new = reversed(VERSIONS[edit]) if back else VERSIONS[edit]
    with Phone(old) as phone:
        call = phone.dials()
        call.waits(0.1)
        phone.deploys(new)
        if key:
            call.presses(key)
        call.waits(60)
        assert says in call.ladder.render()


def test_what_is_played_is_not_the_question_that_is_said() -> None:
    """In one version, and where nothing is remembered."""
    router = Router()
    router.new_inbound_call()(lambda _event: RECORDED)
    router.action_successful(asking("How large?"))(saying("Size."))
    with Phone(router) as phone:
        call = phone.dials()
        call.waits(0.1)
        call.presses("1")
        call.waits(10)
        assert SORRY in call.ladder.render()
