"""What a menu says or plays, and how long it waits."""

import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from offhook.actions import (
    PlayAudio,
    PlayAudioAndGetDigits,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.service.config import load
from offhook.emulator.testing import Phone
from offhook.handler import (
    Menu,
    Router,
)
from tests.handler.menus import NO_SUCH_CHOICE, NOTHING, PRESS_1, AnsweredBy, asked, says


@pytest.fixture
def played(tmp_path: Path) -> Iterator[AnsweredBy]:
    """A phone with one wav: `ask.wav`, two seconds long."""
    with wave.open(str(tmp_path / "ask.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(2 * 2 * 8000))
    with ExitStack() as phones:
        desk = load().model_copy(update={"prompts": tmp_path})
        yield lambda router: phones.enter_context(Phone(router, desk=desk))


def test_a_menu_may_be_played(played: AnsweredBy) -> None:
    router, ask = Router(), PlayAudio(audio_source="ask.wav")
    menu = Menu(router, ask, no_input=ask, invalid_input=ask, attempts=3)
    menu.option("1")(says("One."))
    assert isinstance(menu.ask, PlayAudioAndGetDigits)
    call = played(asked(menu)(router)).dials()
    call.hears("ask.wav")
    call.hears("ask.wav")  # no input
    call.interrupts("2", during="ask.wav")
    call.hears("ask.wav")  # invalid input
    call.interrupts("1", during="ask.wav")
    call.hears("One.")
    call.ends()


def test_a_menu_speaks_or_plays_but_not_both() -> None:
    with pytest.raises(ValueError, match="of the same kind"):
        Menu(Router(), PlayAudio(audio_source="ask.wav"))
    with pytest.raises(ValueError, match="of the same kind"):
        Menu(Router(), PRESS_1, no_input=PlayAudio(audio_source="ask.wav"))


def test_all_texts_are_in_the_voice_of_the_prompt(answered_by: AnsweredBy) -> None:
    router = Router()
    prompt = Speak(
        text="<speak>Press 1.</speak>",
        text_type="ssml",
        voice_id="Raveena",
        engine="neural",
        language_code="en-IN",
    )
    menu = Menu(router, prompt)
    ask = menu.ask
    assert isinstance(ask, SpeakAndGetDigits)
    assert (ask.text_type, ask.voice_id, ask.engine) == ("ssml", "Raveena", "neural")
    assert (ask.failure_text_type, ask.failure_voice_id) == ("text", "Raveena")
    assert (ask.language_code, ask.failure_language_code) == ("en-IN", "en-IN")
    call = answered_by(asked(menu)(router)).dials()
    call.interrupts("9")
    call.hears(NO_SUCH_CHOICE, voice="Raveena", language="en-IN")
    call.hangs_up()
    call.ends()


def test_each_text_may_have_its_own_voice() -> None:
    menu = Menu(Router(), PRESS_1, no_input=Speak(text="Hm?", voice_id="Matthew", engine="neural"))
    ask = menu.ask
    assert isinstance(ask, SpeakAndGetDigits)
    assert (ask.voice_id, ask.failure_voice_id) == ("Joanna", "Matthew")
    assert (ask.engine, ask.failure_engine) == ("standard", "neural")


@pytest.mark.parametrize(
    "prompt",
    [
        Speak(text=PRESS_1, participant_tag="LEG-B"),
        PlayAudio(audio_source="ask.wav", repeat=2),
        PlayAudio(audio_source="ask.wav", playback_terminators="#"),
    ],
    ids=["leg", "repeat", "terminators"],
)
def test_what_a_menu_would_not_do_is_refused(prompt: Speak | PlayAudio) -> None:
    with pytest.raises(ValueError, match="leave out"):
        Menu(Router(), prompt, no_input=prompt)


@pytest.mark.parametrize("seconds", [0.5, 3, 20])
def test_the_first_digit_is_awaited_as_long_as_it_says(
    answered_by: AnsweredBy, seconds: float
) -> None:
    router = Router()
    menu = Menu(router, "one two three four five six seven eight nine ten eleven", seconds=seconds)
    call = answered_by(asked(menu)(router)).dials()
    call.hears("one two three")
    call.hears(NOTHING)
    call.hangs_up()
    call.ends()
    silence = next(one.time for one in call.ladder.entries if NOTHING in one.text)
    assert silence == 4 + seconds


@pytest.mark.parametrize(
    "make",
    [
        lambda: Menu(Router(), PRESS_1, attempts=0),
        lambda: Menu(Router(), PRESS_1, seconds=0),
        lambda: Menu(Router(), PRESS_1, seconds_between_digits=-1),
        lambda: Menu(Router(), PRESS_1, longest_option=0),
    ],
    ids=["attempts", "seconds", "seconds between digits", "longest option"],
)
def test_a_menu_without_an_attempt_a_digit_or_time_is_refused(make: Callable[[], Menu]) -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        make()
