"""TransactionAttributes: what stores, replaces, clears and keeps them (reference C.2)."""

import json

import pytest

from offhook.actions import Speak
from tests.emulator.functions import AnsweredBy, details, in_turn, reply

HELLO = Speak(text="Hello.")
KEEP = object()
"""Stands for a reply without the key."""


@pytest.mark.parametrize(
    ("second", "stored"),
    [
        (KEEP, {"a": "1", "b": "2"}),
        (None, {"a": "1", "b": "2"}),
        ({}, None),
        ({"c": "3"}, {"c": "3"}),
        ({"a": "9"}, {"a": "9"}),
    ],
    ids=["absent keeps", "null keeps", "an empty object clears", "others replace", "same replace"],
)
def test_a_reply_keeps_clears_or_replaces_what_is_stored(
    answered_by: AnsweredBy, second: object, stored: object
) -> None:
    first = reply(HELLO, TransactionAttributes={"a": "1", "b": "2"})
    then = reply(HELLO) if second is KEEP else reply(HELLO, TransactionAttributes=second)
    call = answered_by(in_turn(first, then)).dials()
    call.hears("Hello.")
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    seen = [details(event).get("TransactionAttributes") for event in call.events]
    assert seen == [None, {"a": "1", "b": "2"}, stored, stored]


def test_a_reply_without_actions_stores_as_well(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([HELLO], reply(TransactionAttributes={"a": "1"}))).dials()
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert details(call.events[-1])["TransactionAttributes"] == {"a": "1"}


def test_any_json_is_kept_as_it_was(answered_by: AnsweredBy) -> None:
    values = {"n": 1, "none": None, "list": [1, {"x": "é"}], "text": "ja", "flag": False}
    call = answered_by(in_turn(reply(HELLO, TransactionAttributes=values))).dials()
    call.hears("Hello.")
    assert details(call.events[1])["TransactionAttributes"] == values


def test_a_hundred_attributes_of_20_kb_are_stored(answered_by: AnsweredBy) -> None:
    most = {str(number): "x" for number in range(99)} | {"99": ""}
    room = 20 * 1024 - len(json.dumps(most, separators=(",", ":")))
    most["99"] = "x" * room
    call = answered_by(in_turn(reply(HELLO, TransactionAttributes=most))).dials()
    call.hears("Hello.")
    assert len(call.attributes) == 100


def test_the_answer_to_the_end_stores_nothing(answered_by: AnsweredBy) -> None:
    late = reply(TransactionAttributes={"too": "late"})
    call = answered_by(in_turn([Speak(text="Hello, and welcome.")], late, late)).dials()
    call.waits(0.5)
    call.hangs_up()
    call.ends()
    assert len(call.events) == 3
    assert call.attributes == {}


def test_calls_do_not_share_attributes(answered_by: AnsweredBy) -> None:
    stored = reply(HELLO, TransactionAttributes={"a": "1"})
    phone = answered_by(in_turn(stored, [], [HELLO]))
    first = phone.dials()
    first.hears("Hello.")
    second = phone.dials()
    second.hears("Hello.")
    assert first.attributes == {"a": "1"}
    assert second.attributes == {}


def test_what_the_function_does_to_its_event_reaches_nobody(answered_by: AnsweredBy) -> None:
    def function(event: dict[str, dict[str, object]], _context: object) -> object:
        event["CallDetails"]["TransactionAttributes"] = {"mine": "now"}
        return reply(HELLO)

    call = answered_by(function).dials()
    call.hears("Hello.")
    assert "TransactionAttributes" not in details(call.events[1])
