"""An update interrupts the action that runs, or waits until it ends (reference D.5, H.2-8).

About `offhook.emulator.call.mailbox`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from offhook.actions import Hangup, Pause, Speak
from offhook.emulator.call.call import Call
from offhook.emulator.call.leg import Leg
from offhook.emulator.testing import Answers, Bot, LiveCall, NeverAnswers
from tests.emulator.call.canonical import INTERRUPTIBLE
from tests.emulator.call.every_action import BOT, wire
from tests.emulator.call.stories import (
    BEN,
    BRIDGE,
    DOWN,
    UP,
    Event,
    bridged,
    by_type,
    call_id,
    scripted,
    story,
)
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


@pytest.mark.parametrize("kind", INTERRUPTIBLE)
@pytest.mark.parametrize("tag", ["LEG-A", "LEG-B"])
def test_an_update_interrupts(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, tag: str
) -> None:
    a_wav("welcome.wav", seconds=4)

    def long_list(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, tag)), Speak(text="Nobody hears this.")]

    ana, _, phone = bridged(answered_by, long_list, [NEW], [Speak(text="Ignored.")])
    ana.waits(1)
    now = phone.now
    ana.updates(why="hurry")
    assert types(ana.events[2:]) == ["CALL_UPDATE_REQUESTED", "ACTION_INTERRUPTED"]
    interrupted = ana.events[3]
    assert interrupted["Sequence"] == 4
    assert set(action_data(interrupted)) == {"Type", "Parameters"}
    assert action_data(interrupted)["Type"] == kind
    assert parameters(interrupted)["CallId"] == call_id(interrupted, tag)
    assert story(ana, since=2) == [
        ("CALL_UPDATE_REQUESTED", UP, UP),
        ("ACTION_INTERRUPTED", UP, UP),
    ]
    assert phone.now == now
    ana.waits(20)
    assert types(ana.events[4:]) == ["ACTION_SUCCESSFUL"]
    assert parameters(ana.events[4])["Text"] == "This is new."


def test_what_the_update_brings_is_under_way_when_the_interruption_is_told(
    answered_by: AnsweredBy,
) -> None:
    ana = answered_by(in_turn([Pause(duration_in_milliseconds=9_000)], [NEW])).dials()
    ana.waits(1)
    ana.updates()
    hears, interrupted = (
        next(n for n, entry in enumerate(ana.ladder.entries) if text in entry.text)
        for text in ("hears “This is new.”", "ACTION_INTERRUPTED")
    )
    assert abs(hears - interrupted) == 1
    assert ana.ladder.entries[hears].time == ana.ladder.entries[interrupted].time == 1


def test_an_interruption_is_told_before_the_update_hangs_up(answered_by: AnsweredBy) -> None:
    ana, _, _ = bridged(
        answered_by, [Pause(duration_in_milliseconds=9_000)], [Hangup(participant_tag="LEG-B")]
    )
    ana.waits(1)
    ana.updates()
    assert story(ana, since=2) == [
        ("CALL_UPDATE_REQUESTED", UP, UP),
        ("ACTION_INTERRUPTED", UP, UP),
        ("ACTION_SUCCESSFUL", UP, DOWN),
        ("HANGUP", UP, DOWN),
    ]


@pytest.mark.parametrize("setting", ["goes_on", "waits"])
def test_nobody_waits_for_the_answer_to_the_interruption(
    answered_by: AnsweredBy, setting: str
) -> None:
    function = in_turn([Pause(duration_in_milliseconds=9_000)], [NEW, NEW, NEW])
    phone = answered_by(function, list_while_the_function_is_asked=setting)
    ana = phone.dials()
    phone.function_is(slow=4.0)
    ana.updates()
    ana.hears("This is new.")
    began = phone.now
    ana.hears("This is new.")
    ana.hears("This is new.")
    assert phone.now - began < 3


def test_a_recording_that_is_interrupted_is_kept(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([wire("RecordAudio")], [NEW]))
    ana = phone.dials()
    ana.waits(2)
    ana.updates()
    assert len(phone.recordings) == 1
    assert phone.recordings[0].stat().st_size == 44 + 2 * 2 * 8_000


def test_the_answer_to_the_interruption_is_ignored(answered_by: AnsweredBy) -> None:
    ana = answered_by(in_turn([wire("Speak")], [NEW], [Speak(text="Never.")])).dials()
    ana.waits(1)
    ana.updates()
    ana.hears("one two")
    ana.hears("This is new.")
    ana.waits(20)
    assert ana.heard == 2
    assert "actions in the reply to ACTION_INTERRUPTED are ignored" in ana.ladder.render()


@pytest.mark.parametrize("shape", [None, "", (), "nonsense", {"statusCode": 200}, 7], ids=repr)
def test_the_answer_to_the_interruption_may_be_of_any_shape(
    answered_by: AnsweredBy, shape: object
) -> None:
    ana = answered_by(in_turn([wire("Speak")], [NEW], shape, [Hangup()])).dials()
    ana.waits(1)
    ana.updates()
    ana.hears("one two")
    ana.hears("This is new.")
    ana.ends()
    assert types(ana.events[2:]) == ["ACTION_INTERRUPTED", "ACTION_SUCCESSFUL", "HANGUP"]


@pytest.mark.parametrize(
    ("setting", "stored"), [(False, {"kept": "yes"}), (True, {"stored": "too"})]
)
def test_attributes_in_the_answer_to_the_interruption(
    answered_by: AnsweredBy, setting: bool, stored: dict[str, str]
) -> None:
    first = reply(wire("Speak"), TransactionAttributes={"kept": "yes"})
    last = reply(TransactionAttributes={"stored": "too"})
    ana = answered_by(
        in_turn(first, [NEW], last), interrupted_reply_stores_attributes=setting
    ).dials()
    ana.waits(1)
    ana.updates()
    ana.waits(20)
    assert details(ana.events[-1])["TransactionAttributes"] == stored


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("PlayAudioAndGetDigits", "ACTION_FAILED"),
        ("SpeakAndGetDigits", "ACTION_FAILED"),
        ("StartBotConversation", "ACTION_SUCCESSFUL"),
        ("SendDigits", None),
        ("CallAndBridge", "ACTION_SUCCESSFUL"),
    ],
)
def test_what_an_update_cannot_interrupt_comes_to_its_end_first(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, ends: str | None
) -> None:
    a_wav("welcome.wav", seconds=4)

    def long_list(event: Event) -> list[object]:
        leg = call_id(event, "LEG-A")
        return [wire(kind, CallId=leg), Speak(text="Nobody hears this.")]

    phone = answered_by(scripted([Speak(text="Hello.")], long_list, [NEW, Hangup()]))
    phone.at(BEN, Answers(after=4))
    phone.bot(BOT, Bot(seconds=4))
    ana = phone.dials()
    ana.waits(1.5)
    ana.updates()
    assert types(ana.events[2:]) == ["CALL_UPDATE_REQUESTED"]
    ana.waits(0.5)
    assert "This is new." not in ana.ladder.render()
    ana.waits(30)
    assert types(ana.events[3:]) == [*([ends] if ends else []), "HANGUP"]
    assert "This is new." in ana.ladder.render()
    assert "Nobody hears this." not in ana.ladder.render()


@pytest.mark.parametrize(("setting", "ends"), [("told", ["ACTION_SUCCESSFUL"]), ("silent", [])])
def test_the_success_of_what_was_not_interrupted_is_told_or_not(
    answered_by: AnsweredBy, setting: str, ends: list[str]
) -> None:
    phone = answered_by(scripted([BRIDGE], [NEW, Hangup()]), success_of_a_replaced_action=setting)
    phone.at(BEN, Answers(after=4))
    ana = phone.dials()
    ana.waits(1)
    ana.updates()
    ana.hears("This is new.")
    ana.waits(1)
    assert types(ana.events[1:]) == ["CALL_UPDATE_REQUESTED", *ends, "HANGUP"]


def test_a_failure_of_what_was_not_interrupted_leaves_the_new_list_alone(
    answered_by: AnsweredBy,
) -> None:
    phone = answered_by(scripted([BRIDGE, Speak(text="Old.")], [NEW, Hangup()]))
    phone.at(BEN, NeverAnswers())
    ana = phone.dials()
    ana.waits(1)
    ana.updates()
    ana.hears("This is new.")
    ana.ends()
    assert types(ana.events[1:]) == ["CALL_UPDATE_REQUESTED", "ACTION_FAILED", "HANGUP"]


def test_a_second_update_interrupts_what_the_first_brought(answered_by: AnsweredBy) -> None:
    newer = Speak(text="This is newer.")
    ana = answered_by(in_turn([wire("Speak")], [wire("Pause"), NEW], [], [newer])).dials()
    ana.waits(1)
    ana.updates(n="1")
    ana.updates(n="2")
    ana.hears("one two")
    ana.hears("This is newer.")
    assert types(ana.events[1:]) == [
        "CALL_UPDATE_REQUESTED",
        "ACTION_INTERRUPTED",
        "CALL_UPDATE_REQUESTED",
        "ACTION_INTERRUPTED",
        "ACTION_SUCCESSFUL",
    ]
    assert action_data(ana.events[4])["Type"] == "Pause"


def test_an_action_that_ends_as_the_update_comes_is_told_and_not_interrupted(
    answered_by: AnsweredBy,
) -> None:
    ana = answered_by(in_turn([wire("Speak")], [], [NEW])).dials()
    ana.hears("one two")
    ana.updates()
    ana.hears("This is new.")
    assert types(ana.events[1:]) == [
        "ACTION_SUCCESSFUL",
        "CALL_UPDATE_REQUESTED",
        "ACTION_SUCCESSFUL",
    ]


@dataclass(frozen=True)
class DeclinesWhenTheUpdateComes:
    """Somebody who declines after a second; an update comes at about that moment."""

    moment: float

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Decline later."""
        leg.loop.call_later(1, call.person_hangs_up, leg, 486)
        assert isinstance(call, Call)
        leg.loop.call_later(self.moment, call.update, dict[str, str]())


@pytest.mark.parametrize("moment", [0.999, 1.0, 1.001])
def test_what_fails_as_the_update_comes_does_not_take_the_new_list_along(
    answered_by: AnsweredBy, moment: float
) -> None:
    update = [NEW, Speak(text="And so is this.")]
    phone = answered_by(
        by_type({"NEW_INBOUND_CALL": [[BRIDGE]], "CALL_UPDATE_REQUESTED": [update]})
    )
    phone.at(BEN, DeclinesWhenTheUpdateComes(moment))
    ana = phone.dials()
    ana.hears("This is new.")
    ana.hears("And so is this.")
