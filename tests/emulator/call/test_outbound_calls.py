"""We call somebody: they answer, decline, or let it ring."""

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.service.service import UnknownNumber
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    always,
    details,
    in_turn,
    parameters,
    reply,
    statuses,
    types,
)


def test_whoever_answers_hears_the_reply_to_call_answered(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([], [], [Speak(text="Your bicycle is ready."), Hangup()])).rings()
    call.answers(after=4)
    call.hears("Your bicycle is ready.")
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP"]
    assert list(statuses(call.events)) == [None, None, "Connected", "Disconnected"]
    assert call.ladder.entries[-1].time == pytest.approx(4 + 4 * 60 / 165, abs=0.002)


@pytest.mark.parametrize("code", [486, 603])
def test_whoever_declines_is_not_told_as_answered(answered_by: AnsweredBy, code: int) -> None:
    call = answered_by(always(Speak(text="Hello."))).rings()
    call.declines(code)
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "HANGUP"]
    assert parameters(call.events[-1])["SipResponseCode"] == code
    assert list(statuses(call.events)) == [None, None, "Disconnected"]


def test_busy_is_how_people_decline_by_default(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings()
    call.declines()
    call.ends()
    assert parameters(call.events[-1])["SipResponseCode"] == 486


def test_nobody_answers_for_a_minute(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings()
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "HANGUP"]
    assert parameters(call.events[-1])["SipResponseCode"] == 480
    assert call.ladder.entries[-1].time == 60


def test_actions_before_the_answer_are_ignored(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Hangup()], [Speak(text="Nobody hears this.")], [])).rings()
    call.answers()
    call.waits(60)
    assert call.heard == 0
    assert call.is_connected
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED"]
    assert "actions in the reply to NEW_OUTBOUND_CALL are ignored" in call.ladder.render()


@pytest.mark.parametrize("shape", [None, "", [], (), "nonsense", {"statusCode": 200}, 7])
def test_a_reply_of_any_shape_to_what_is_before_the_answer_is_ignored(
    answered_by: AnsweredBy, shape: object
) -> None:
    call = answered_by(in_turn(shape, shape, [Speak(text="Hello."), Hangup()])).rings()
    call.answers()
    call.hears("Hello.")
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP"]


def test_arguments_come_with_the_first_event_only(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings(arguments={"Order": "17"})
    call.answers()
    call.hangs_up()
    call.ends()
    assert action_data(call.events[0]) == {
        "Type": "CallCreateRequest",
        "Parameters": {"Arguments": {"Order": "17"}},
    }
    assert ["ActionData" in event for event in call.events] == [True, False, False, True]


def test_without_arguments_the_first_event_has_no_action_data(answered_by: AnsweredBy) -> None:
    call = answered_by(always()).rings()
    call.declines()
    call.ends()
    assert "ActionData" not in call.events[0]


def test_attributes_are_stored_before_the_answer(answered_by: AnsweredBy) -> None:
    first = reply(TransactionAttributes={"order": "17"})
    second = reply(TransactionAttributes={"order": "17", "rang": "yes"})
    call = answered_by(in_turn(first, second)).rings()
    call.answers()
    call.hangs_up()
    call.ends()
    stored = [details(event).get("TransactionAttributes") for event in call.events]
    assert stored == [
        None,
        {"order": "17"},
        {"order": "17", "rang": "yes"},
        {"order": "17", "rang": "yes"},
    ]


def test_attributes_can_be_cleared_while_it_rings(answered_by: AnsweredBy) -> None:
    story = in_turn(reply(TransactionAttributes={"order": "17"}), reply(TransactionAttributes={}))
    call = answered_by(story).rings()
    call.answers()
    call.hangs_up()
    call.ends()
    assert "TransactionAttributes" in details(call.events[1])
    assert "TransactionAttributes" not in details(call.events[2])


@pytest.mark.parametrize("failing", [0, 1])
def test_a_function_that_raises_before_the_answer_drops_the_call(
    answered_by: AnsweredBy, failing: int
) -> None:
    replies: list[object] = [[], []]
    replies[failing] = KeyError("Order")
    call = answered_by(in_turn(*replies)).rings()
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING"][: failing + 1]
    assert "480, the call is dropped: the function failed" in call.ladder.render()


def test_it_rings_from_a_number_of_ours(answered_by: AnsweredBy) -> None:
    with pytest.raises(UnknownNumber):
        answered_by(always()).rings(from_="+15550199999")
