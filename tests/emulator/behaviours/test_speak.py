"""Speak: plain text and SSML, how long they take, and what Polly would not say.

About `offhook.emulator.call.audio`.
"""

import pytest

from offhook.actions import Speak
from tests.emulator.functions import AnsweredBy, error, in_turn, types

TEN_WORDS = "one two three four five six seven eight nine ten"


def test_a_text_takes_its_time(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text=TEN_WORDS)]), words_per_minute=120)
    call = phone.dials()
    call.hears(TEN_WORDS)
    assert phone.now == pytest.approx(5.0)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


def test_white_space_is_not_heard(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="  Good\n\tmorning. ")])).dials()
    assert call.hears("morning") == "Good morning."


@pytest.mark.parametrize(
    ("ssml", "heard"),
    [
        ("<speak>Good morning.</speak>", "Good morning."),
        ("<speak><p>One.</p><p>Two.</p></speak>", "One. Two."),
        ("<speak><s>One.</s><s>Two.</s></speak>", "One. Two."),
        ("<speak>Press<break time='1s'/>one.</speak>", "Press one."),
        ("<speak>un<emphasis>believ</emphasis>able</speak>", "unbelievable"),
        ("<speak>Fish &amp; chips</speak>", "Fish & chips"),
        ("<?xml version='1.0'?><speak>Good morning.</speak>", "Good morning."),
        (
            "<speak xmlns='http://www.w3.org/2001/10/synthesis' version='1.1'>Hello.</speak>",
            "Hello.",
        ),
        ("<speak><amazon:effect name='whispered'>Psst.</amazon:effect></speak>", "Psst."),
        ("<speak><prosody rate='slow'><w role='amazon:VB'>read</w></prosody></speak>", "read"),
    ],
)
def test_ssml_is_heard_as_its_words(answered_by: AnsweredBy, ssml: str, heard: str) -> None:
    call = answered_by(in_turn([Speak(text=ssml, text_type="ssml")])).dials()
    assert call.hears(heard) == heard


@pytest.mark.parametrize(
    ("a_break", "seconds"),
    [
        ("<break time='750ms'/>", 0.75),
        ("<break time='3s'/>", 3.0),
        ("<break time='.5s'/>", 0.5),
        ("<break/>", 0.4),
        ("<break strength='none'/>", 0.0),
        ("<break strength='medium'/>", 0.4),
        ("<break strength='strong'/>", 0.7),
        ("<break strength='x-strong'/>", 1.0),
        ("<break time='1s'/><break time='1s'/>", 2.0),
    ],
)
@pytest.mark.parametrize("root", ["speak", "speak xmlns='http://www.w3.org/2001/10/synthesis'"])
def test_a_break_is_silence(
    answered_by: AnsweredBy, a_break: str, seconds: float, root: str
) -> None:
    text = f"<{root}>one two {a_break} three four</speak>"
    phone = answered_by(in_turn([Speak(text=text, text_type="ssml")]), words_per_minute=120)
    phone.dials().hears("one two three four")
    assert phone.now == pytest.approx(2.0 + seconds)


@pytest.mark.parametrize(
    "broken",
    [
        "Good morning.",
        "<speak>Good morning.",
        "<voice>Good morning.</voice>",
        "<speak>Fish & chips</speak>",
        "<speak><break time='soon'/></speak>",
        "<speak><break time='5'/></speak>",
        "<speak><break time='-5s'/></speak>",
        "<speak><break time='nans'/></speak>",
        "<speak><nowhere:effect>Hello.</nowhere:effect></speak>",
    ],
)
def test_broken_ssml_fails_as_a_parameter_that_polly_refuses(
    answered_by: AnsweredBy, broken: str
) -> None:
    spoken = {"Type": "Speak", "Parameters": {"Text": broken, "TextType": "ssml"}}
    call = answered_by(in_turn([spoken], [Speak(text="Sorry.")]))
    story = call.dials()
    story.hears("Sorry.")
    assert error(story.events[1]) == ("InvalidActionParameter", "")
    assert "Speak: " in story.ladder.render()


def test_angle_brackets_in_plain_text_are_read_out(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="2 < 3 <b>")])).dials()
    assert call.hears("2 < 3") == "2 < 3 <b>"


def test_keys_do_not_stop_a_speak(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text=TEN_WORDS)]), words_per_minute=120)
    call = phone.dials()
    call.interrupts("1#*")
    call.waits(5)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert "presses 1  (nobody listens)" in call.ladder.render()
    assert "is cut" not in call.ladder.render()
