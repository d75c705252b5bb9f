"""How digits are collected: attempts, timers, terminators, patterns, barge-in (reference B.4, H.2).

The same stories for SpeakAndGetDigits and PlayAudioAndGetDigits.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from offhook.emulator.testing import Phone, PhoneCall
from tests.emulator.functions import AnsweredBy, action_data, error, in_turn, types

Collects: TypeAlias = Callable[..., Phone]
"""`collects(max=2, regex="^[12]$")`: a phone that is answered by a prompt of four seconds."""

PROMPT, FAILURE = "the prompt", "the failure"
PROMPT_SECONDS, FAILURE_SECONDS = 4.0, 2.0
NAMES = {
    "regex": "InputDigitsRegex",
    "min": "MinNumberOfDigits",
    "max": "MaxNumberOfDigits",
    "terminators": "TerminatorDigits",
    "between": "InBetweenDigitsDurationInMilliseconds",
    "repeat": "Repeat",
    "wait": "RepeatDurationInMilliseconds",
}


def spoken() -> Mapping[str, object]:
    """Words that take as long as the wavs: at 60 words a minute, a second each."""
    return {
        "SpeechParameters": {"Text": "this is the prompt"},
        "FailureSpeechParameters": {"Text": "the failure"},
    }


def played() -> Mapping[str, object]:
    """A wav for the prompt, another for the failure."""
    source = {"Type": "S3", "BucketName": "prompts"}
    return {
        "AudioSource": {**source, "Key": "the prompt.wav"},
        "FailureAudioSource": {**source, "Key": "the failure.wav"},
    }


@pytest.fixture(params=["SpeakAndGetDigits", "PlayAudioAndGetDigits"])
def collects(
    request: pytest.FixtureRequest, answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> Collects:
    a_wav("the prompt.wav", seconds=PROMPT_SECONDS)
    a_wav("the failure.wav", seconds=FAILURE_SECONDS)
    prompts = spoken() if request.param == "SpeakAndGetDigits" else played()

    def phone(settings: Mapping[str, object] | None = None, **wanted: object) -> Phone:
        given = {"wait": 5_000} | wanted
        parameters = {**prompts, **{NAMES[name]: value for name, value in given.items()}}
        action = {"Type": request.param, "Parameters": parameters}
        return answered_by(in_turn([action]), words_per_minute=60, **(settings or {}))

    return phone


def digits(call: PhoneCall) -> object:
    """What the function was told: digits, or the type of the failure."""
    data = action_data(call.events[1])
    return data["ReceivedDigits"] if "ReceivedDigits" in data else data["ErrorType"]


INVALID = "InvalidDigitsReceived"


def test_the_last_digit_allowed_ends_it_at_once(collects: Collects) -> None:
    call = collects(max=4).dials()
    call.hears(PROMPT)
    call.presses("1234")
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert digits(call) == "1234"


def test_keys_after_the_last_digit_are_not_taken(collects: Collects) -> None:
    call = collects(max=2).dials()
    call.hears(PROMPT)
    call.presses("1234")
    assert digits(call) == "12"
    assert "presses 3  (nobody listens)" in call.ladder.render()


@pytest.mark.parametrize(
    ("terminators", "pressed", "received"),
    [
        (None, "12#", "12"),
        (["#"], "12#", "12"),
        (["*", "0"], "120", "12"),
        (["*", "0"], "12#*", "12#"),
        ([], "12#*", "12#*"),
    ],
)
def test_a_terminator_ends_it_and_is_not_among_the_digits(
    collects: Collects, terminators: list[str] | None, pressed: str, received: str
) -> None:
    wanted = {} if terminators is None else {"terminators": terminators}
    call = collects(**wanted).dials()
    call.hears(PROMPT)
    call.presses(pressed)
    call.waits(5)
    assert digits(call) == received


def test_128_digits_are_the_most(collects: Collects) -> None:
    call = collects().dials()
    call.hears(PROMPT)
    call.presses("5" * 130)
    assert digits(call) == "5" * 128


def test_the_first_digit_is_waited_for_after_the_prompt(collects: Collects) -> None:
    call = collects(max=1, wait=3_000).dials()
    call.waits(PROMPT_SECONDS + 2.999)
    call.presses("7")
    assert digits(call) == "7"


def test_the_first_digit_is_waited_for_no_longer_than_that(collects: Collects) -> None:
    call = collects(max=1, wait=3_000).dials()
    call.waits(PROMPT_SECONDS + 3.0)
    call.presses("7")
    call.waits(10)
    assert digits(call) == INVALID


def test_between_digits_the_other_timer_counts(collects: Collects) -> None:
    call = collects(max=3, wait=3_000, between=800).dials()
    call.hears(PROMPT)
    call.presses("1")
    call.waits(0.799)
    call.presses("2")
    call.waits(0.799)
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    call.waits(0.002)
    assert digits(call) == "12"


def test_between_digits_the_first_timer_counts_where_no_other_is_given(
    collects: Collects,
) -> None:
    call = collects(max=3, wait=3_000).dials()
    call.hears(PROMPT)
    call.presses("1")
    call.waits(2.999)
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    call.waits(0.002)
    assert digits(call) == "1"


def test_too_few_digits_fail_the_attempt(collects: Collects) -> None:
    call = collects(min=3, max=4).dials()
    call.hears(PROMPT)
    call.presses("12#")
    call.hears(FAILURE)
    assert error(call.events[1]) == (INVALID, "Invalid digits received.")


def test_as_many_digits_as_the_fewest_are_enough(collects: Collects) -> None:
    call = collects(min=3, max=4).dials()
    call.hears(PROMPT)
    call.presses("123#")
    assert digits(call) == "123"


def test_the_fewest_and_the_most_may_be_the_same(collects: Collects) -> None:
    call = collects(min=1, max=1).dials()
    call.interrupts("4")
    assert digits(call) == "4"


@pytest.mark.parametrize(
    ("regex", "pressed", "received"),
    [
        (r"^[12]$", "1", "1"),
        (r"^[12]$", "3", INVALID),
        (r"[5-7]", "8888688", "8888688"),
        (r"^\d{4}$", "12#", INVALID),
        (r"^(?!1900)1", "18001234567", "18001234567"),
        (r"^(?!1900)1", "19001234567", INVALID),
        (r"^\d{2}#$", "12#", "12"),
        (r"^\d{2}#$", "123#", INVALID),
        (r"^\d{2}#$", "12", INVALID),
        (r"^([0-9]|#|\*)$", "*", "*"),
    ],
)
def test_digits_are_searched_for_the_pattern(
    collects: Collects, regex: str, pressed: str, received: str
) -> None:
    call = collects(regex=regex).dials()
    call.hears(PROMPT)
    call.presses(pressed)
    call.waits(5 + FAILURE_SECONDS)
    assert digits(call) == received


def test_each_failed_attempt_is_followed_by_the_failure_prompt(collects: Collects) -> None:
    phone = collects(max=1, regex="^1$", repeat=3)
    call = phone.dials()
    for key in "234":
        call.interrupts(key, during=PROMPT)
        call.hears(FAILURE)
    call.waits(60)
    assert call.heard == 6
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_FAILED"]
    assert error(call.events[1]) == (INVALID, "Invalid digits received.")


def test_an_attempt_fails_when_nothing_is_pressed(collects: Collects) -> None:
    phone = collects(max=1, repeat=2, wait=3_000)
    call = phone.dials()
    call.hears(PROMPT)
    call.hears(FAILURE)
    assert phone.now == pytest.approx(PROMPT_SECONDS + 3 + FAILURE_SECONDS)
    call.interrupts("1", during=PROMPT)
    assert digits(call) == "1"


def test_the_time_of_failing_is_that_of_all_prompts_and_waits(collects: Collects) -> None:
    phone = collects(max=1, repeat=2, wait=3_000)
    call = phone.dials()
    for prompt in (PROMPT, FAILURE, PROMPT, FAILURE):
        call.hears(prompt)
    assert phone.now == pytest.approx(2 * (PROMPT_SECONDS + 3 + FAILURE_SECONDS))
    assert error(call.events[1])[0] == INVALID


def test_a_key_during_the_prompt_stops_it_and_counts(collects: Collects) -> None:
    phone = collects(max=2)
    call = phone.dials()
    call.waits(1)
    call.presses("12")
    assert digits(call) == "12"
    assert phone.now == 1.25


def test_a_key_during_the_failure_prompt_is_the_first_of_the_next_attempt(
    collects: Collects,
) -> None:
    call = collects(max=1, regex="^1$", repeat=2).dials()
    call.interrupts("2", during=PROMPT)
    call.interrupts("1", during=FAILURE)
    assert digits(call) == "1"
    assert call.heard == 2


def test_a_key_during_the_last_failure_prompt_is_too_late(collects: Collects) -> None:
    phone = collects(max=1, regex="^1$")
    call = phone.dials()
    call.interrupts("2", during=PROMPT)
    call.interrupts("1", during=FAILURE)
    call.waits(FAILURE_SECONDS)
    assert digits(call) == INVALID
    assert call.ladder.render().count("is cut") == 1


def test_a_terminator_alone_is_a_success_where_none_are_needed(collects: Collects) -> None:
    call = collects(repeat=3).dials()
    call.interrupts("#", during=PROMPT)
    assert digits(call) == ""


def test_a_terminator_alone_fails_where_digits_are_needed(collects: Collects) -> None:
    call = collects(min=1).dials()
    call.interrupts("#", during=PROMPT)
    call.hears(FAILURE)
    assert digits(call) == INVALID


def test_keys_of_an_earlier_attempt_do_not_count_for_the_next(collects: Collects) -> None:
    call = collects(min=4, max=4, repeat=2, between=1_000).dials()
    call.interrupts("12", during=PROMPT)
    call.hears(FAILURE)
    call.interrupts("3456", during=PROMPT)
    assert digits(call) == "3456"


@pytest.mark.parametrize("keys", ["0123456789*", "*#"])
def test_every_key_is_collected(collects: Collects, keys: str) -> None:
    call = collects(max=len(keys), terminators=[]).dials()
    call.hears(PROMPT)
    call.presses(keys)
    assert digits(call) == keys


def test_numbers_may_be_written_as_strings(collects: Collects) -> None:
    call = collects(min="1", max="2", repeat="1", wait="3000", between="900").dials()
    call.interrupts("12")
    assert digits(call) == "12"
