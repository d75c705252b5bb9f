"""espeak-ng reads aloud, where its extra is installed."""

import threading
from array import array

import pytest

from offhook.emulator.call.audio import Clip, speech
from offhook.emulator.media.espeak import Espeak, found

pytest.importorskip("espeakng_loader", reason="the extra `speech` is not installed")


@pytest.fixture(scope="module")
def voice() -> Espeak:
    there = found()
    assert there is not None
    return there


def seconds(sound: bytes) -> float:
    return len(sound) / 16_000


def test_words_sound_as_long_as_somebody_needs_to_say_them(voice: Espeak) -> None:
    sound = voice.says(speech("Welcome to the workshop. Press one for the hours.", "text", 160))
    assert 2 < seconds(sound) < 5
    assert max(array("h", sound)) > 5000


def test_a_break_is_silent_for_as_long_as_it_says(voice: Espeak) -> None:
    near = speech('<speak>One<break time="100ms"/>two</speak>', "ssml", 160)
    far = speech('<speak>One<break time="2100ms"/>two</speak>', "ssml", 160)
    assert seconds(voice.says(far)) - seconds(voice.says(near)) == pytest.approx(2.0, abs=0.1)


def test_voices_and_languages_sound_differently(voice: Espeak) -> None:
    clips = [
        Clip("Bonjour, un deux trois", 2, is_speech=True, voice_id=who, language_code=language)
        for who, language in (("Joanna", ""), ("Matthew", ""), ("Lea", "fr-FR"), ("", "xx-XX"))
    ]
    joanna, matthew, lea, nobody = map(voice.says, clips)
    assert len({joanna, matthew, lea}) == 3
    assert seconds(nobody) == pytest.approx(seconds(joanna), rel=0.1)


def test_two_at_once_are_said_one_after_the_other(voice: Espeak) -> None:
    clips = [speech(f"This is number {n}", "text", 160) for n in range(2)]
    alone = [voice.says(clip) for clip in clips]
    together: dict[int, bytes] = {}

    def say(number: int) -> None:
        together[number] = voice.says(clips[number])

    threads = [threading.Thread(target=say, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [len(together[n]) for n in range(2)] == [len(sound) for sound in alone]
