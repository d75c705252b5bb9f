"""UpdateSipMediaApplicationCall: a call gets new actions from outside (reference D.5)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import Hangup, Pause, Speak
from offhook.emulator.testing import Answers, StoryFailed
from tests.emulator.call.canonical import INTERRUPTIBLE
from tests.emulator.call.every_action import wire
from tests.emulator.call.stories import BEN, BRIDGE, UP, bridged, by_type, scripted, story
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    details,
    in_turn,
    parameters,
    reply,
    types,
)

NEW = Speak(text="This is new.")


def test_the_arguments_of_an_update_come_as_they_were_sent(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([Speak(text="Hello.")])).dials()
    ana.hears("Hello.")
    ana.updates(Action="join", Token="t-1")
    assert action_data(ana.events[-1]) == {
        "Type": "CallUpdateRequest",
        "Parameters": {"Arguments": {"Action": "join", "Token": "t-1"}},
    }
    assert list(ana.events[-1]) == [
        "SchemaVersion",
        "Sequence",
        "InvocationEventType",
        "ActionData",
        "CallDetails",
    ]


def test_an_update_may_have_no_arguments(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([Speak(text="Hello.")])).dials()
    ana.hears("Hello.")
    ana.updates()
    assert parameters(ana.events[-1]) == {"Arguments": {}}


def test_a_call_in_silence_runs_what_the_update_brings(answered_by: AnsweredBy) -> None:
    phone = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[Speak(text="Hello.")]],
                "CALL_UPDATE_REQUESTED": [[NEW, Hangup()]],
            }
        )
    )
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(600)
    ana.updates()
    ana.hears("This is new.")
    ana.ends()


@pytest.mark.parametrize("kind", [*INTERRUPTIBLE, "SpeakAndGetDigits", "CallAndBridge"])
@pytest.mark.parametrize(
    "nothing", [[], {"SchemaVersion": "1.0"}, {"SchemaVersion": "1.0", "Actions": None}], ids=str
)
def test_an_update_without_actions_changes_nothing(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, nothing: object
) -> None:
    a_wav("welcome.wav", seconds=4)
    phone = answered_by(
        scripted([Speak(text="Hello.")], [wire(kind), Speak(text="Then this.")], nothing)
    )
    phone.at(BEN, Answers(after=4))
    ana = phone.dials()
    ana.waits(1.5)
    ana.updates()
    if kind == "SpeakAndGetDigits":
        ana.presses("1#")
    ana.waits(60)
    assert types(ana.events[2:]).count("CALL_UPDATE_REQUESTED") == 1
    assert "ACTION_INTERRUPTED" not in types(ana.events)
    assert "hears “Then this.”" in ana.ladder.render()


def test_an_update_without_actions_may_store_attributes(answered_by: AnsweredBy) -> None:
    stored = reply(TransactionAttributes={"vip": "yes"})
    ana = answered_by(in_turn([wire("Speak"), Hangup()], stored)).dials()
    ana.waits(1)
    ana.updates()
    ana.hears("one two")
    ana.ends()
    assert ana.attributes == {"vip": "yes"}


def test_of_two_updates_at_one_moment_the_later_stays(answered_by: AnsweredBy) -> None:
    newer = Speak(text="This is newer.")
    phone = answered_by(
        by_type({"NEW_INBOUND_CALL": [[BRIDGE]], "CALL_UPDATE_REQUESTED": [[NEW], [newer]]})
    )
    phone.at(BEN, Answers(after=3))
    ana = phone.dials()
    ana.waits(1)
    ana.updates(n="1")
    ana.updates(n="2")
    ana.hears("This is newer.")
    ana.waits(20)
    assert ana.heard == 1


def test_an_update_while_somebody_rings_is_taken_when_they_answer(answered_by: AnsweredBy) -> None:
    phone = answered_by(by_type({"NEW_INBOUND_CALL": [[BRIDGE]], "CALL_UPDATE_REQUESTED": [[NEW]]}))
    ben = phone.person(BEN)
    ana = phone.dials()
    ben.is_called()
    ana.updates()
    ana.waits(3)
    assert ana.heard == 0
    ben.answers()
    ana.hears("This is new.")
    assert types(ana.events[1:3]) == ["CALL_UPDATE_REQUESTED", "ACTION_SUCCESSFUL"]


def test_an_update_before_the_answer_is_taken_and_has_no_effect(answered_by: AnsweredBy) -> None:
    attributes = reply(NEW, TransactionAttributes={"urgent": "yes"})
    phone = answered_by(
        by_type({"CALL_UPDATE_REQUESTED": [attributes], "CALL_ANSWERED": [[Speak(text="Hello.")]]})
    )
    ana = phone.rings()
    ana.waits(2)
    ana.updates(urgent="yes")
    assert types(ana.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_UPDATE_REQUESTED"]
    assert "Status" not in story(ana)[-1]
    ana.answers(after=3)
    ana.hears("Hello.")
    ana.waits(10)
    assert ana.heard == 1
    assert details(ana.events[3])["TransactionAttributes"] == {"urgent": "yes"}
    assert "actions in the reply to CALL_UPDATE_REQUESTED are ignored" in ana.ladder.render()


def test_a_caller_whom_nobody_has_answered_is_answered_by_an_update(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[Pause(duration_in_milliseconds=9_000)]],
                "CALL_UPDATE_REQUESTED": [[NEW]],
            }
        )
    )
    ana = phone.dials()
    ana.waits(2)
    ana.updates()
    ana.hears("This is new.")
    assert story(ana)[1:3] == [("CALL_UPDATE_REQUESTED", None), ("ACTION_INTERRUPTED", None)]
    assert story(ana)[3:] == [("ACTION_SUCCESSFUL", UP)]


def test_a_call_that_is_over_takes_no_update(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([Hangup()])).dials()
    ana.ends()
    with pytest.raises(StoryFailed, match="NotFoundException"):
        ana.updates()
    assert types(ana.events) == ["NEW_INBOUND_CALL", "HANGUP"]


def test_an_update_hangs_up_on_one_leg_and_the_other_goes_on(answered_by: AnsweredBy) -> None:
    update = [Hangup(participant_tag="LEG-B"), Speak(text="You are back with us.")]
    ana, ben, _ = bridged(answered_by, [], update)
    ana.updates()
    ana.hears("You are back with us.")
    assert not ben.is_connected
    assert types(ana.events[2:5]) == ["CALL_UPDATE_REQUESTED", "ACTION_SUCCESSFUL", "HANGUP"]


def test_an_update_of_a_call_whose_first_leg_left_is_about_the_other(
    answered_by: AnsweredBy,
) -> None:
    ana, ben, _ = bridged(answered_by, [], [], [Speak(text="Still there?")])
    ana.hangs_up()
    ana.updates()
    ben.hears("Still there?")
