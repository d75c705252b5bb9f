"""SSML where it is written: what is none is refused, with its place; other people's words are said.

About `offhook.actions.markup`.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import Action, Speak, SpeakAndGetDigits, StartBotConversation, ssml
from offhook.actions.markup import parse
from offhook.actions.start_bot_conversation import WelcomeMessage

FISH = "<speak>Fish & chips</speak>"


def speaking(text: str) -> Action[object]:
    """Speech that is only a text."""
    return Speak(text=text, text_type="ssml")


def asking(text: str) -> Action[object]:
    """A question."""
    return SpeakAndGetDigits(
        text=text, text_type="ssml", failure_text="<speak/>", repeat_duration_in_milliseconds=1
    )


def asking_again(text: str) -> Action[object]:
    """What is said after a failed attempt, of the same type as the question."""
    return SpeakAndGetDigits(
        text="<speak/>", text_type="ssml", failure_text=text, repeat_duration_in_milliseconds=1
    )


def asking_again_in_ssml(text: str) -> Action[object]:
    """What is said after a failed attempt, of a type of its own."""
    return SpeakAndGetDigits(
        text="a & b", failure_text=text, failure_text_type="ssml", repeat_duration_in_milliseconds=1
    )


def welcoming(text: str) -> Action[object]:
    """The first words of a bot."""
    return StartBotConversation(
        bot_alias_arn="arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/TSTALIASID",
        dialog_action_type="ElicitIntent",
        welcome_messages=(WelcomeMessage(content=text, content_type="SSML"),),
    )


each_way = pytest.mark.parametrize(
    "say", [speaking, asking, asking_again, asking_again_in_ssml, welcoming]
)


@each_way
def test_what_is_no_ssml_is_refused_where_it_is_written(
    say: Callable[[str], Action[object]],
) -> None:
    assert say("<speak>Fish &amp; chips</speak>").to_wire()
    with pytest.raises(ValidationError, match="line 1, character 13: write &amp; for &"):
        say(FISH)


def test_an_own_type_of_the_failure_text_counts() -> None:
    mixed = SpeakAndGetDigits(
        text="<speak/>",
        text_type="ssml",
        failure_text=FISH,
        failure_text_type="text",
        repeat_duration_in_milliseconds=1,
    )
    assert mixed.failure_text == FISH


def test_plain_text_may_hold_anything() -> None:
    assert Speak(text=FISH).text == FISH


def test_what_was_received_is_read_as_it_is() -> None:
    wire = {"Type": "Speak", "Parameters": {"Text": FISH, "TextType": "ssml"}}
    assert Speak.from_wire(wire).to_wire() == wire


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (FISH, (1, 13), "write &amp; for &"),
        ("<speak>AT&T</speak>", (1, 10), "write &amp; for &"),
        ("<speak>a&nbsp;b</speak>", (1, 9), "and numbers, as in &#233;"),
        ("<speak>\n\ntwo & two</speak>", (3, 5), "write &amp;"),
        ("<speak>Müller & Söhne</speak>", (1, 15), "write &amp;"),
        ("<speak>Is 3 < 5?</speak>", (1, 13), "write &lt; for < that is said"),
        ("<speak>a<break>b</speak>", (1, 17), "close every tag, as in <break/>"),
        ("<speak><p>é</speak>", (1, 12), "close every tag"),
        ("<speak>Good morning.", (1, 1), "close every tag"),
        ("<speak>a</speak> b", (1, 9), "close every tag"),
        ("Fish and chips", (1, 1), "SSML is <speak>...</speak>"),
        ("Fish & chips", (1, 1), "SSML is <speak>...</speak>"),
        ("<voice>a</voice>", (1, 1), "SSML is <speak>...</speak>"),
        ("", (1, 1), "SSML is <speak>...</speak>"),
    ],
)
def test_the_place_is_that_in_the_text(text: str, place: tuple[int, int], says: str) -> None:
    with pytest.raises(ValueError, match="the text is no SSML") as refused:
        parse(text)
    line, character = place
    assert f"at line {line}, character {character}: " in str(refused.value)
    assert says in str(refused.value)


def test_the_prefix_of_amazon_needs_no_declaration() -> None:
    root = parse("<?xml version='1.0'?><speak><amazon:effect name='drc'>a</amazon:effect></speak>")
    assert [element.tag for element in root.iter()] == ["speak", "amazon:effect"]


def test_words_are_put_into_ssml_by_name() -> None:
    text = ssml("<speak>{name}, <sub alias='{alias}'>{of}</sub></speak>", name="T", alias="'", of=2)
    assert text == "<speak>T, <sub alias='&#x27;'>2</sub></speak>"


@given(words=st.text())
def test_whatever_a_customer_is_called_is_said(words: str) -> None:
    said = parse(ssml("<speak><p>{words}</p></speak>", words=words))
    assert [element.tag for element in said.iter()] == ["speak", "p"]
    heard, wanted = "".join(said.itertext()), words
    assert [c for c in heard if c.isalnum()] == [c for c in wanted if c.isalnum()]


@given(words=st.text())
def test_whatever_a_customer_is_called_stays_in_its_attribute(words: str) -> None:
    said = parse(ssml("<speak><sub alias='{words}'>x</sub></speak>", words=words))
    assert [(element.tag, [*element.keys()]) for element in said] == [("sub", ["alias"])]
