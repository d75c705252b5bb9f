"""How fast voices speak is estimated from calls in which one spoke alone."""

import pytest

from offhook.emulator.settings import Settings
from offhook.production.logs.pace import paces
from offhook.production.logs.recorded import RecordedCall
from tests.production.logs.hidden import happened
from tests.production.logs.test_drawn import call_of, told

TEN = "one two three four five six seven eight nine ten"


def spoke(seconds: float, text: str = TEN, voice: str = "", **more: str) -> RecordedCall:
    """A call in which this was said in so many seconds."""
    parameters = {"Text": text, **more, **({"VoiceId": voice} if voice else {})}
    speak = {"Type": "Speak", "Parameters": parameters}
    return call_of(
        told(1, "NEW_INBOUND_CALL", legs=("",), actions=[speak]),
        told(2, "ACTION_SUCCESSFUL", at=seconds, data=speak),
    )


@pytest.mark.parametrize("pace", [120, 165, 200])
def test_the_emulator_s_own_rate_is_within_the_interval(pace: int) -> None:
    made = happened(Settings(words_per_minute=pace), ["echo_participant_tag"] * 6, 1)
    (found,) = paces(made)
    assert (found.voice, found.count) == ("Joanna", 6)
    assert found.within is not None
    assert abs(found.words_per_minute - pace) < max(4 * found.within, pace * 0.03)


def test_each_voice_has_its_own_and_breaks_are_no_words() -> None:
    ssml = f'<speak>{TEN}<break time="2s"/></speak>'
    made = [
        *(spoke(seconds) for seconds in (3.9, 4.0, 4.1)),
        spoke(5.0, voice="Amy"),
        spoke(6.0, ssml, "Amy", TextType="ssml"),
    ]
    joanna, amy = paces(made)
    assert round(joanna.words_per_minute) == 150
    assert joanna.within is not None
    assert 0 < joanna.within < 10
    assert (amy.voice, round(amy.words_per_minute), amy.within) == ("Amy", 135, None)


def test_what_is_short_or_not_alone_says_nothing() -> None:
    assert paces([spoke(3.0, "one two")]) == []
    assert paces(happened(Settings(), ["invalid_digits_message"], 1)) == []
