"""An InputDigitsRegex that takes for ever stops neither a server nor a test, and is named.

About `offhook.emulator.call.pressable` too.
"""

import itertools
import re
from collections.abc import Iterator

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from offhook.actions import Hangup, ReceiveDigits, Speak, SpeakAndGetDigits
from offhook.emulator.call.pressable import Asked
from offhook.emulator.findings.expressions import endless_for
from offhook.emulator.findings.turns import of_turns
from tests.emulator.functions import AnsweredBy, in_turn

FOR_EVER = (
    "^(1+)+$",
    "^((1|11)+)+#",
    r"^(\d+)+$",
    "^((12)+)+$",
    "^((123)+)+$",
    r"^((1\*[4-6])+)+$",
    "^((0451)+)+#",
    "^(?:1?){30}1{30}$",
)
HONEST = (
    r"^\d{4}$",
    "^[12]$",
    "[5-7]",
    r"^\*\d{1,3}#$",
    "^([0-9]|#|\\*)$",
    r"^(?!1900)1\d{3,10}$",
    r"^(\d{3}|\d{4})#?$",
    r"^(\d{3}\*?)+$",
)
MANY = "1" * 31


def menu(expression: str) -> SpeakAndGetDigits:
    return SpeakAndGetDigits(
        text="Press ones.",
        failure_text="Sorry?",
        input_digits_regex=expression,
        max_number_of_digits=32,
        repeat=1,
        repeat_duration_in_milliseconds=3_000,
    )


@pytest.mark.parametrize("expression", FOR_EVER)
def test_digits_that_cannot_be_tested_in_time_do_not_match(
    answered_by: AnsweredBy, expression: str
) -> None:
    call = answered_by(in_turn([menu(expression)], [Hangup()])).dials()
    call.hears("Press ones.")
    for key in MANY + "*":
        call.presses(key)
    call.hears("Sorry?")
    call.ends()
    (found,) = [each for each in of_turns(call.turns) if each.rule == "endless-expression"]
    assert repr(expression) in found.evidence


def test_what_was_given_up_is_in_the_ladder(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([menu("^((1|11)+)+#")], [Hangup()])).dials()
    call.hears("Press ones.")
    for key in MANY + "*":
        call.presses(key)
    call.hears("Sorry?")
    call.ends()
    assert (
        "InputDigitsRegex '^((1|11)+)+#' is given up: too slow for 32 keys" in call.ladder.render()
    )


def test_keys_that_are_listened_to_in_the_background_are_bounded_too(
    answered_by: AnsweredBy,
) -> None:
    listening = ReceiveDigits(
        input_digits_regex="^((1|11)+)+#",
        in_between_digits_duration_in_milliseconds=500,
        flush_digits_duration_in_milliseconds=5_000,
    )
    call = answered_by(in_turn([Speak(text="Go on."), listening], [])).dials()
    call.hears("Go on.")
    for key in MANY:
        call.presses(key)
    call.waits(6)
    assert "is given up" in call.ladder.render()


@pytest.mark.parametrize("expression", HONEST)
def test_an_honest_expression_is_no_finding(expression: str) -> None:
    assert endless_for(expression) == ""


ATOMS = st.sampled_from(["1", "2", r"\d", "[0-5]", "[^1]", "(?:1|2)", r"\*", "#", ".", "(?=1)"])
REPEATED = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "+?"])


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Such as flows have, and none that repeats what repeats."""
    parts: Iterator[str] = (draw(ATOMS) + draw(REPEATED) for _ in range(draw(st.integers(1, 4))))
    return draw(st.sampled_from(["", "^"])) + "".join(parts) + draw(st.sampled_from(["", "$"]))


ASKED = st.builds(
    Asked,
    expressions(),
    st.integers(0, 2),
    st.integers(2, 4),
    st.sampled_from([("#",), ("#", "*"), ()]),
)
FEW_KEYS = [
    "".join(keys) for count in (1, 2, 3) for keys in itertools.product("125*#", repeat=count)
]


@given(ASKED)
def test_what_can_be_pressed_is_found_if_there_is_anything(asked: Asked) -> None:
    some = asked.some()
    assert some is None or asked.fits(some) is bool(some)
    if any(map(asked.fits, FEW_KEYS)):
        assert some


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        (Asked(r"^\d{2}#$", terminators="#"), "11#"),
        (Asked(r"^\d#\d$", terminators="#"), ""),
        (Asked(r"^\d#\d$", terminators="*"), "1#1"),
        (Asked(r"^\d{6}$", most=4), ""),
        (Asked("^1$", fewest=2), ""),
        (Asked("[5-7]", fewest=3), "511"),
        (Asked(r"^\d{3}-\d{4}$"), ""),
        (Asked(r"^(?!111)\d{3}$"), "112"),
        (Asked(r"^(\d)(?!\1)\d$"), "12"),
        (Asked(r"^(?=.*7)\d{2}$", most=2), "17"),
        (Asked("1{2}(?=1)", most=3), "111"),
        (Asked("(?<=a)2"), None),
        (Asked("("), None),
        (Asked(None, fewest=2), "11"),
    ],
)
def test_keys_that_fit_are_found_and_that_there_are_none_where_it_is_sure(
    asked: Asked, keys: str | None
) -> None:
    assert asked.some() == keys


@given(expressions(), st.text("0123456789*#", max_size=8))
def test_expressions_mean_what_they_mean_to_python(expression: str, digits: str) -> None:
    try:
        ours = re.compile(expression)
    except re.error:
        return  # a repeated lookahead: refused where it is written
    theirs = regex.compile(expression, regex.VERSION0)
    assert bool(ours.search(digits)) == bool(theirs.search(digits))
    assert bool(ours.fullmatch(digits)) == bool(theirs.fullmatch(digits))
