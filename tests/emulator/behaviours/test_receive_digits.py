"""ReceiveDigits: keys are listened to in the background (reference B.5, H.2-9 to 11, 40)."""

import pytest

from offhook.actions import Hangup, Speak
from tests.emulator.call.every_action import wire
from tests.emulator.call.listening import HELLO, listen, listening, received
from tests.emulator.call.stories import UP, by_type, scripted, story
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    error,
    in_turn,
    legs,
    parameters,
    types,
)


def test_registering_completes_at_once_without_digits(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert action_data(call.events[1])["ReceivedDigits"] == ""
    assert action_data(call.events[1])["Type"] == "ReceiveDigits"


def test_registering_in_the_middle_of_a_list_is_silent(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([listen(), HELLO, Hangup()])).dials()
    call.hears("Hello.")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]


def test_registering_does_not_answer_the_call(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([listen()])).dials()
    call.waits(1)
    assert not call.is_connected
    assert story(call)[-1] == ("ACTION_SUCCESSFUL", None)


def test_a_match_is_told_with_every_key(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    call.presses("11#")
    call.waits(1)
    told = call.events[-1]
    assert list(action_data(told)) == ["ReceivedDigits", "Type", "Parameters"]
    assert received(call) == ["11#"]
    assert action_data(told)["Type"] == "ReceiveDigits"
    assert parameters(told) == {
        "InputDigitsRegex": r"^\d{2}#$",
        "InBetweenDigitsDurationInMilliseconds": 1_000,
        "FlushDigitsDurationInMilliseconds": 5_000,
        "CallId": legs(told)[0]["CallId"],
    }
    assert story(call)[-1] == ("DIGITS_RECEIVED", UP)


def test_a_match_is_told_when_no_more_keys_come_for_a_while(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    call.presses("1")
    call.waits(0.999)
    call.presses("2")
    call.waits(0.999)
    call.presses("#")
    call.waits(0.999)
    assert received(call) == []
    call.waits(0.001)
    assert received(call) == ["12#"]


def test_a_pause_between_keys_does_not_forget_them(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    for key in "12#":
        call.presses(key)
        call.waits(1.5)
    assert received(call) == ["12#"]


def test_what_matches_too_early_is_told_too_early(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen(r"^\d+$"))
    call.presses("1")
    call.waits(1.2)
    call.presses("2")
    call.waits(1.2)
    assert received(call) == ["1", "2"]


def test_what_does_not_match_is_forgotten_when_the_flush_time_is_over(
    answered_by: AnsweredBy,
) -> None:
    call = listening(answered_by, listen())
    call.presses("9")
    call.waits(4.999)
    call.presses("1")
    call.waits(0.001)
    call.presses("12#")
    call.waits(2)
    assert received(call) == ["12#"]


def test_until_the_flush_time_is_over_it_is_not_forgotten(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    call.presses("1")
    call.waits(3.5)
    call.presses("2#")
    call.waits(1.0)
    assert received(call) == ["12#"]


def test_the_flush_time_begins_again_with_the_next_key(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen())
    call.presses("9")
    call.waits(7)
    for key in "34#":
        call.presses(key)
        call.waits(1.4)
    assert received(call) == ["34#"]


@pytest.mark.parametrize(("setting", "told"), [("forget", []), ("send", ["99"])])
def test_digits_that_match_nothing_are_forgotten_or_sent(
    answered_by: AnsweredBy, setting: str, told: list[str]
) -> None:
    call = listening(answered_by, listen(), unmatched_digits=setting)
    call.presses("99")
    call.waits(4.749)
    assert received(call) == []
    call.waits(0.001)
    assert received(call) == told


@pytest.mark.parametrize(
    ("setting", "pattern", "told"),
    [
        ("search", "[5-7]", ["15"]),
        ("fullmatch", "[5-7]", []),
        ("search", "[0-9]$", ["15"]),
        ("fullmatch", "1[5-7]", ["15"]),
        ("search", "^(?!11)1", ["15"]),
    ],
)
def test_the_pattern_is_searched_or_matches_all(
    answered_by: AnsweredBy, setting: str, pattern: str, told: list[str]
) -> None:
    call = listening(answered_by, listen(pattern), digits_regex=setting)
    call.presses("15")
    call.waits(10)
    assert received(call) == told


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [("^[12]$", "2"), (r"^\*\d{1}$", "*7"), ("^([0-9]|#|\\*)$", "#"), ("^(?!1900)1", "1800")],
)
def test_the_patterns_of_real_applications_work(
    answered_by: AnsweredBy, pattern: str, keys: str
) -> None:
    call = listening(answered_by, listen(pattern))
    call.presses(keys)
    call.waits(2)
    assert received(call) == [keys]


@pytest.mark.parametrize(("setting", "told"), [("stays", ["1", "1"]), ("ends", ["1"])])
def test_a_listener_stays_after_a_match_or_is_used_up(
    answered_by: AnsweredBy, setting: str, told: list[str]
) -> None:
    call = listening(answered_by, listen("^1$"), receive_digits_after_a_match=setting)
    for _ in range(2):
        call.presses("1")
        call.waits(2)
    assert received(call) == told


def test_keys_before_anybody_listens_are_lost(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Speak(text="one two three four five six"), listen("^1+$")]))
    call = phone.dials()
    call.interrupts("1")
    call.waits(10)
    call.presses("1")
    call.waits(2)
    assert received(call) == ["1"]


def test_a_new_listener_takes_the_place_of_the_old(answered_by: AnsweredBy) -> None:
    call = listening(answered_by, listen("^1$"), listen("^2$"))
    call.presses("1")
    call.waits(6)
    call.presses("2")
    call.waits(2)
    assert received(call) == ["2"]


def test_a_new_listener_does_not_hear_what_the_old_one_heard(answered_by: AnsweredBy) -> None:
    phone = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[HELLO, listen("^12$")]],
                "CALL_UPDATE_REQUESTED": [[listen("^12$")]],
            }
        )
    )
    call = phone.dials()
    call.hears("Hello.")
    call.presses("1")
    call.updates()
    call.presses("2")
    call.waits(10)
    assert received(call) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"InputDigitsRegex": ""}, "InputDigitsRegex"),
        ({"InputDigitsRegex": "("}, "InputDigitsRegex"),
        ({"InputDigitsRegex": None}, "InputDigitsRegex"),
        ({"InBetweenDigitsDurationInMilliseconds": 0}, "InBetweenDigitsDurationInMilliseconds"),
        ({"InBetweenDigitsDurationInMilliseconds": None}, "InBetweenDigitsDurationInMilliseconds"),
        ({"FlushDigitsDurationInMilliseconds": 0}, "FlushDigitsDurationInMilliseconds"),
        ({"FlushDigitsDurationInMilliseconds": 500}, "FlushDigitsDurationInMilliseconds"),
        ({"FlushDigitsDurationInMilliseconds": 499}, "FlushDigitsDurationInMilliseconds"),
        ({"FlushDigitsDurationInMilliseconds": None}, "FlushDigitsDurationInMilliseconds"),
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_refused(
    answered_by: AnsweredBy, changes: dict[str, object], message: str
) -> None:
    call = answered_by(scripted([wire("ReceiveDigits", **changes)])).dials()
    call.waits(1)
    assert error(call.events[1]) == (
        "InvalidActionParameter",
        f"The {message} parameter is invalid.",
    )
