"""A catalogue: what a line says, in each of its languages."""

import pytest
from pydantic import BaseModel

from offhook.actions import Hangup, Response, Speak
from offhook.handler import Chosen, Event, Language, Menu, NewInboundCall, Reply, Router, Words
from offhook.handler.events import parse
from tests.handler.menus import AnsweredBy
from tests.handler.payloads import storing


class Say:
    """What these stories say."""

    english = Language("Joanna", "en-US")
    german = Language("Vicki", "de-DE", "neural")

    welcome = Words("Welcome, {name}.", "Willkommen, {name}.")
    choices = Words("Press 1.", "Drücken Sie die 1.")
    silence = Words("Hello?", "Hallo?")
    wrong = Words("No.", "Nein.")
    one = Words("One.", "Eins.")


class Visit(BaseModel):
    """What is known of a call."""

    language: str = "english"


def line() -> Router:
    """A line that asks for the language, and then one menu in it."""
    router = Router()
    languages = Menu(router, "English 1, Deutsch 2.")
    choices = Menu(router, Say.choices, no_input=Say.silence, invalid_input=Say.wrong)

    def begins(event: Event, language: str) -> Reply:
        visit = Visit(language=language)
        there = event.knowing(visit)
        return Response([Say.welcome(there, name="Ada"), choices.asks(there)], attributes=visit)

    @router.new_inbound_call()
    def asked(event: NewInboundCall) -> Reply:
        return languages.ask

    @languages.option("1")
    def english(event: Chosen) -> Reply:
        return begins(event, "english")

    @languages.option("2")
    def german(event: Chosen) -> Reply:
        return begins(event, "german")

    @choices.option("1")
    def one(event: Chosen) -> Reply:
        return [Say.one(event), Hangup()]

    return router


@pytest.mark.parametrize(
    ("key", "words", "voice", "language"),
    [
        ("1", ["Welcome, Ada.", "Press 1.", "Hello?", "No.", "One."], "Joanna", "en-US"),
        ("2", ["Willkommen, Ada.", "Drücken Sie", "Hallo?", "Nein.", "Eins."], "Vicki", "de-DE"),
    ],
)
def test_one_menu_speaks_the_language_of_the_call(
    answered_by: AnsweredBy, key: str, words: list[str], voice: str, language: str
) -> None:
    welcome, choices, silence, wrong, one = words
    call = answered_by(line()).dials()
    call.interrupts(key)
    for said in (welcome, choices, silence):
        call.hears(said, voice=voice, language=language)
    call.interrupts("7", during=choices)
    call.hears(wrong, voice=voice, language=language)
    call.interrupts("1", during=choices)
    call.hears(one, voice=voice, language=language)
    call.ends()


@pytest.mark.parametrize("stored", [{}, {"language": "klingon"}, {"language": 5}])
def test_a_call_of_no_language_of_theirs_hears_the_first(stored: dict[str, object]) -> None:
    assert Say.one(parse(storing(stored))) == Speak(
        text="One.", voice_id="Joanna", language_code="en-US", engine="standard"
    )


def test_a_text_that_is_missing_is_told_where_the_catalogue_is_made() -> None:
    with pytest.raises((TypeError, RuntimeError)) as told:  # before 3.12 Python wraps it
        type("Say", (), {"one": Language("Amy"), "two": Language("Vicki"), "hello": Words("Hi.")})
    error = told.value.__cause__ or told.value
    assert str(error) == "Say.hello: write a text for each of one, two"


def test_a_voice_that_there_is_not_is_told_where_the_catalogue_is_made() -> None:
    with pytest.raises((ValueError, RuntimeError)) as told:
        type("Say", (), {"one": Language("Jonna"), "hello": Words("Hi.")})
    assert "voice_id" in str(told.value.__cause__ or told.value)


def test_words_stand_below_their_languages() -> None:
    with pytest.raises((TypeError, RuntimeError)) as told:
        type("Say", (), {"hello": Words("Hi.")})
    error = told.value.__cause__ or told.value
    assert str(error) == "Say.hello: write a text for each of the languages above it"
