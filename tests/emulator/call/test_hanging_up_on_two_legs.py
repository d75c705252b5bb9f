"""Two legs end one by one: a hang-up does not pass from one leg to the other (B.1, D.1)."""

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.testing import Answers, StoryFailed
from tests.emulator.call.stories import (
    ANA,
    BEN,
    BRIDGE,
    DOWN,
    UP,
    Event,
    aimed,
    bridged,
    call_id,
    on,
    story,
)
from tests.emulator.functions import AnsweredBy, action_data, error, legs, parameters, types

HANG_UP_ON_BEN = Hangup(participant_tag="LEG-B")
HANG_UP_ON_ANA = Hangup(participant_tag="LEG-A")


def test_when_the_callee_leaves_the_caller_stays(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by)
    ben.hangs_up()
    ana.waits(3_600)
    assert ana.is_connected
    assert story(ana, since=2) == [("HANGUP", UP, DOWN)]
    assert parameters(ana.events[2]) == {
        "SipResponseCode": 0,
        "CallId": call_id(ana.events[2], "LEG-B"),
        "ParticipantTag": "LEG-B",
    }


def test_when_the_caller_leaves_the_callee_stays(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by)
    ana.hangs_up()
    ben.waits(3_600)
    assert ben.is_connected
    assert not ana.is_over
    assert story(ana, since=2) == [("HANGUP", DOWN, UP)]
    ben.hangs_up()
    ana.ends()
    assert story(ana, since=2) == [("HANGUP", DOWN, UP), ("HANGUP", DOWN, DOWN)]


def test_each_leg_that_ends_is_told_once(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by)
    ben.hangs_up()
    ana.hangs_up()
    ana.ends()
    hung_up = [parameters(event)["ParticipantTag"] for event in ana.events[2:]]
    assert hung_up == ["LEG-B", "LEG-A"]


def test_two_who_hang_up_at_once_are_told_one_after_the_other(answered_by: AnsweredBy) -> None:
    phone = answered_by(on("CALL_ANSWERED", [BRIDGE]))
    phone.at(ANA, Answers(after=1, hangs_up_after=7))
    phone.at(BEN, Answers(after=2, hangs_up_after=5))
    ana = phone.rings(ANA)
    ana.settles()
    assert types(ana.events[4:]) == ["HANGUP", "HANGUP"]
    assert {parameters(event)["ParticipantTag"] for event in ana.events[4:]} == {"LEG-A", "LEG-B"}
    assert ana.ladder.entries[-1].time == 8


def test_the_application_lets_the_other_go(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [], [Hangup()])
    ben.hangs_up()
    ana.ends()
    assert story(ana, since=2) == [("HANGUP", UP, DOWN), ("HANGUP", DOWN, DOWN)]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("action_successful_then_hangup", ["ACTION_SUCCESSFUL", "HANGUP"]),
        ("hangup_then_action_successful", ["HANGUP", "ACTION_SUCCESSFUL"]),
        ("hangup", ["HANGUP"]),
    ],
)
@pytest.mark.parametrize("by", ["tag", "CallId"])
def test_hanging_up_on_the_second_leg_is_told_as_the_setting_says(
    answered_by: AnsweredBy, setting: str, told: list[str], by: str
) -> None:
    by_call_id = aimed("LEG-B", lambda leg: Hangup(call_id=leg))
    answer = by_call_id if by == "CallId" else [HANG_UP_ON_BEN]
    ana, ben, _ = bridged(answered_by, answer, hangup_of_leg_b=setting)
    ana.waits(1)
    assert types(ana.events[2:]) == told
    assert ana.is_connected
    assert not ben.is_connected
    for event in ana.events[2:]:
        assert parameters(event)["CallId"] == call_id(event, "LEG-B")
        assert action_data(event)["Type"] == "Hangup"
        assert [leg["Status"] for leg in legs(event)] == [UP, DOWN]


@pytest.mark.parametrize(
    "setting", ["action_successful_then_hangup", "hangup_then_action_successful", "hangup"]
)
def test_hanging_up_on_the_first_leg_is_told_as_hangup_alone(
    answered_by: AnsweredBy, setting: str
) -> None:
    then = [Speak(text="Ana had to go."), Hangup()]
    ana, ben, _ = bridged(answered_by, [HANG_UP_ON_ANA], then, hangup_of_leg_b=setting)
    ben.hears("Ana had to go.")
    ana.ends()
    assert story(ana, since=2) == [("HANGUP", DOWN, UP), ("HANGUP", DOWN, DOWN)]


@pytest.mark.parametrize(
    "setting", ["action_successful_then_hangup", "hangup_then_action_successful", "hangup"]
)
def test_a_list_goes_on_after_the_second_leg_was_hung_up(
    answered_by: AnsweredBy, setting: str
) -> None:
    talk = [HANG_UP_ON_BEN, Speak(text="You are alone now.")]
    ana, _, _ = bridged(answered_by, talk, hangup_of_leg_b=setting)
    ana.hears("You are alone now.")
    assert types(ana.events).count("HANGUP") == 1
    assert action_data(ana.events[-1])["Type"] == "Speak"


def test_the_reply_to_the_success_of_hanging_up_runs(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(
        answered_by,
        [HANG_UP_ON_BEN, Speak(text="Nobody hears this.")],
        [Speak(text="We transfer you.")],
    )
    ana.hears("We transfer you.")
    ana.waits(10)
    assert ana.heard == 1


def test_a_transfer_calls_the_next_when_the_last_is_let_go(answered_by: AnsweredBy) -> None:
    def third(event: Event) -> list[object]:
        assert action_data(event)["Type"] == "Hangup"
        return [BRIDGE.model_copy(update={"uri": "+15550100301"})]

    ana, ben, phone = bridged(answered_by, [], [HANG_UP_ON_BEN], third)
    cleo = phone.person("+15550100301")
    ana.updates()
    cleo.answers()
    ana.says("Hello, Cleo.")
    cleo.hears("Hello, Cleo.")
    assert not ben.is_connected
    assert [leg["To"] for leg in legs(ana.events[-1])] == ["+15550100100", "+15550100301"]
    assert story(ana, since=-1) == [("ACTION_SUCCESSFUL", UP, UP)]


def test_a_leg_that_ended_is_listed_until_another_takes_its_place(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [], [Speak(text="Once more.")], [BRIDGE])
    ben.hangs_up()
    ana.hears("Once more.")
    ben.answers()
    ids = [call_id(event, "LEG-B") for event in ana.events[1:]]
    assert story(ana, since=2) == [
        ("HANGUP", UP, DOWN),
        ("ACTION_SUCCESSFUL", UP, DOWN),
        ("ACTION_SUCCESSFUL", UP, UP),
    ]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_a_call_that_is_not_answered_leaves_the_ended_leg_in_the_list(
    answered_by: AnsweredBy,
) -> None:
    ana, ben, _ = bridged(answered_by, [], [BRIDGE])
    ben.hangs_up()
    ben.declines()
    assert story(ana, since=2) == [("HANGUP", UP, DOWN), ("ACTION_FAILED", UP, DOWN)]
    assert call_id(ana.events[3], "LEG-B") == call_id(ana.events[1], "LEG-B")


def test_hanging_up_with_a_code_is_told_with_the_code(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, [Hangup(participant_tag="LEG-B", sip_response_code=486)])
    assert parameters(ana.events[2])["SipResponseCode"] == "486"
    assert parameters(ana.events[3])["SipResponseCode"] == 486


def test_nobody_is_hung_up_on_twice(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [HANG_UP_ON_BEN, HANG_UP_ON_BEN])
    assert types(ana.events[2:]) == ["ACTION_SUCCESSFUL", "HANGUP", "ACTION_FAILED"]
    assert error(ana.events[-1])[0] == "InvalidActionParameter"
    with pytest.raises(StoryFailed, match="is not on the line"):
        ben.hangs_up()


def test_both_are_hung_up_on_in_one_list(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, [HANG_UP_ON_ANA, HANG_UP_ON_BEN])
    ana.ends()
    assert story(ana, since=2) == [("HANGUP", DOWN, UP), ("HANGUP", DOWN, DOWN)]


def test_the_leg_that_stays_does_not_end_with_the_action_on_it(answered_by: AnsweredBy) -> None:
    hold = Speak(text="Please hold the line for a little while longer.")
    ana, ben, _ = bridged(answered_by, [hold])
    ana.waits(1)
    ben.hangs_up()
    ana.hears("Please hold")
    assert types(ana.events[2:]) == ["HANGUP", "ACTION_SUCCESSFUL"]


def test_a_dropped_call_ends_for_both(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, RuntimeError("out of order"))
    ana.ends()
    assert not ben.is_connected
    assert types(ana.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


def test_a_dropped_call_is_told_for_each_leg_that_was_up(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, KeyError("oops"), hangup_event_after_a_drop=True)
    ana.ends()
    assert types(ana.events[2:]) == ["HANGUP", "HANGUP"]
    assert [parameters(event)["SipResponseCode"] for event in ana.events[2:]] == [480, 480]


def test_a_leg_whose_end_was_told_is_not_told_again_by_a_drop(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(answered_by, [], KeyError("oops"), hangup_event_after_a_drop=True)
    ana.hangs_up()
    ana.ends()
    hung_up = [parameters(event)["ParticipantTag"] for event in ana.events[2:]]
    assert hung_up == ["LEG-A", "LEG-B"]


def test_the_answer_to_the_last_hangup_is_ignored(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [], [Speak(text="Nobody is here.")])
    ana.hangs_up()
    ben.hears("Nobody is here.")
    ana, ben, _ = bridged(answered_by, [], [], [Speak(text="Nobody is here.")])
    ana.hangs_up()
    ben.hangs_up()
    ana.ends()
    assert ben.heard == 0
    assert "actions in the reply to HANGUP are ignored" in ana.ladder.render()


@pytest.mark.parametrize("nothing", [None, "", (), {}], ids=repr)
def test_a_hangup_that_is_answered_with_nothing_at_all_leaves_the_other_leg(
    answered_by: AnsweredBy, nothing: object
) -> None:
    ana, ben, _ = bridged(answered_by, [], nothing, [HANG_UP_ON_BEN])
    ana.hangs_up()
    ben.waits(60)
    assert ben.is_connected
    assert "the reply to HANGUP is no envelope, and ignored" in ana.ladder.render()
    ben.hangs_up()
    ana.ends()
    assert story(ana, since=2) == [("HANGUP", DOWN, UP), ("HANGUP", DOWN, DOWN)]
