"""Somebody hangs up in the middle of an action: on its own leg, or on the other (H.2-18)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import RecordAudio, Speak
from offhook.emulator.testing import Bot, NeverAnswers
from tests.emulator.call.every_action import (
    BOT,
    ENDS_BADLY,
    ENDS_WELL,
    TAKES_A_TAG,
    TAKES_TIME,
    wire,
)
from tests.emulator.call.stories import (
    BEN,
    DOWN,
    UP,
    Event,
    aimed,
    bridged,
    call_id,
    scripted,
    story,
)
from tests.emulator.functions import AnsweredBy, action_data, error, in_turn, parameters, types


def told(kind: str) -> list[str]:
    """The events of an action in whose middle its leg hangs up."""
    return [
        *(["ACTION_SUCCESSFUL"] if kind in ENDS_WELL else []),
        *(["ACTION_FAILED"] if kind in ENDS_BADLY else []),
        "HANGUP",
    ]


@pytest.mark.parametrize("kind", TAKES_TIME)
@pytest.mark.parametrize("setting", ["action_then_hangup", "hangup"])
@pytest.mark.parametrize("place", ["alone", "first of a list"])
def test_a_caller_leaves_in_the_middle_of_an_action(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, setting: str, place: str
) -> None:
    a_wav("welcome.wav", seconds=4)

    def on_her_leg(event: Event) -> list[object]:
        rest = [Speak(text="Nobody hears this.")] if place == "first of a list" else []
        return [wire(kind, CallId=call_id(event, "LEG-A")), *rest]

    phone = answered_by(
        scripted([Speak(text="Hello.")], on_her_leg), caller_leaves_during_an_action=setting
    )
    phone.at(BEN, NeverAnswers())
    phone.bot(BOT, Bot(seconds=4))
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(2.5)
    ana.hangs_up()
    ana.settles()
    expected = told(kind) if setting == "action_then_hangup" else ["HANGUP"]
    assert types(ana.events[2:]) == expected
    assert story(ana, since=2) == [(event, DOWN) for event in expected]
    assert ana.ladder.entries[-1].time == pytest.approx(2.5 + 0.364, abs=0.001)
    for event in ana.events[2:-1]:
        assert action_data(event)["Type"] == kind
        assert parameters(event)["CallId"] == call_id(event, "LEG-A")


@pytest.mark.parametrize("kind", [*ENDS_WELL, *ENDS_BADLY])
def test_a_caller_who_leaves_while_the_function_is_asked_has_left_in_the_middle_too(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str
) -> None:
    a_wav("welcome.wav", seconds=4)
    phone = answered_by(scripted([Speak(text="Hello.")], [wire(kind)]))
    phone.bot(BOT, Bot(seconds=4))
    ana = phone.dials()
    ana.hears("Hello.")
    ana.waits(1)
    phone.function_is(slow=15.0)
    ana.updates()
    phone.wait(1)
    ana.hangs_up()
    ana.settles()
    assert types(ana.events[2:]) == ["CALL_UPDATE_REQUESTED", *told(kind)]
    assert story(ana, since=3) == [(event, DOWN) for event in told(kind)]


@pytest.mark.parametrize("kind", ENDS_BADLY)
def test_digits_that_nobody_will_press_are_told_as_invalid(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str
) -> None:
    a_wav("welcome.wav", seconds=4)
    ana = answered_by(in_turn([wire(kind)])).dials()
    ana.waits(1)
    ana.presses("12")
    ana.hangs_up()
    assert error(ana.events[1]) == ("InvalidDigitsReceived", "Invalid digits received.")
    assert "ReceivedDigits" not in action_data(ana.events[1])


def test_a_message_that_was_cut_off_is_kept(answered_by: AnsweredBy) -> None:
    record = RecordAudio(recording_destination="s3://voicemail/inbox", recording_terminators="#")
    phone = answered_by(in_turn([record]))
    ana = phone.dials()
    ana.waits(1)
    ana.says("Please call me back.")
    ana.hangs_up()
    destination = action_data(ana.events[1])["RecordingDestination"]
    assert isinstance(destination, dict)
    assert "RecordingTerminatorUsed" not in action_data(ana.events[1])
    (file,) = phone.recordings
    assert str(file).endswith(f"voicemail/{destination['Key']}")


def test_the_recording_is_there_when_its_event_is_told(answered_by: AnsweredBy) -> None:
    seen: list[int] = []
    record = RecordAudio(recording_destination="s3://voicemail", recording_terminators="#")

    def look(_event: Event) -> list[object]:
        seen.append(len(phone.recordings))
        return []

    phone = answered_by(scripted([record], look, look))
    ana = phone.dials()
    ana.waits(1)
    ana.hangs_up()
    ana.settles()
    assert seen == [1, 1]


ON_EITHER_LEG = sorted(({*TAKES_TIME} & {*TAKES_A_TAG}) | {"SendDigits"})


@pytest.mark.parametrize("kind", ON_EITHER_LEG)
@pytest.mark.parametrize("setting", ["action_then_hangup", "hangup"])
def test_whom_we_called_leaves_in_the_middle_of_an_action_on_their_leg(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, setting: str
) -> None:
    a_wav("welcome.wav", seconds=4)

    def on_his_leg(event: Event) -> list[object]:
        leg = call_id(event, "LEG-B")
        return [wire(kind, CallId=leg), Speak(text="Nobody hears this.", call_id=leg)]

    ana, ben, _ = bridged(answered_by, on_his_leg, caller_leaves_during_an_action=setting)
    ana.waits(2.5)
    ben.hangs_up()
    ana.waits(60)
    expected = told(kind) if setting == "action_then_hangup" else ["HANGUP"]
    assert story(ana, since=2) == [(event, UP, DOWN) for event in expected]
    assert ana.is_connected
    assert {parameters(event)["CallId"] for event in ana.events[2:]} == {
        call_id(ana.events[2], "LEG-B")
    }


def test_the_answer_to_the_event_before_the_hangup_has_no_effect(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(
        answered_by,
        aimed("LEG-B", lambda leg: Speak(text="Hello, Ben, this is us.", call_id=leg)),
        [Speak(text="Nobody hears this.")],
        [Speak(text="Ben has left.")],
    )
    ana.waits(0.5)
    ben.hangs_up()
    ana.hears("Ben has left.")
    assert types(ana.events[2:4]) == ["ACTION_SUCCESSFUL", "HANGUP"]
    assert "actions in the reply to ACTION_SUCCESSFUL are ignored" in ana.ladder.render()


@pytest.mark.parametrize(("setting", "heard"), [("dropped", 0), ("goes_on", 1)])
def test_the_rest_of_a_list_whose_leg_left_is_dropped_or_goes_on(
    answered_by: AnsweredBy, setting: str, heard: int
) -> None:
    to_both = [
        Speak(text="Hello, Ben, this is us.", participant_tag="LEG-B"),
        Speak(text="Hello, Ana, this is us.", participant_tag="LEG-A"),
    ]
    ana, ben, _ = bridged(answered_by, to_both, list_after_its_leg_left=setting)
    ana.waits(0.5)
    ben.hangs_up()
    ana.waits(20)
    assert ana.heard == heard
    assert types(ana.events[2:4]) == ["ACTION_SUCCESSFUL", "HANGUP"]


@pytest.mark.parametrize("kind", ON_EITHER_LEG)
@pytest.mark.parametrize(("stays", "leaves"), [("LEG-A", "LEG-B"), ("LEG-B", "LEG-A")])
def test_an_action_is_not_disturbed_by_who_leaves_the_other_leg(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, stays: str, leaves: str
) -> None:
    a_wav("welcome.wav", seconds=4)

    def on_the_leg_that_stays(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, stays))]

    ana, ben, phone = bridged(answered_by, on_the_leg_that_stays)
    began = phone.now
    ana.waits(1)
    (ben if leaves == "LEG-B" else ana).hangs_up()
    ana.waits(60)
    ends = "ACTION_FAILED" if kind in ENDS_BADLY else "ACTION_SUCCESSFUL"
    assert types(ana.events[2:]) == ["HANGUP", ends]
    assert parameters(ana.events[2])["ParticipantTag"] == leaves
    assert parameters(ana.events[3])["CallId"] == call_id(ana.events[3], stays)
    assert phone.now > began + 60


@pytest.mark.parametrize(
    ("setting", "heard"),
    [("finish_then_replace", ["one two three", "Ben has left."]), ("replace", ["Ben has left."])],
)
def test_the_reply_to_the_other_leg_s_hangup_comes_after_the_action_or_at_once(
    answered_by: AnsweredBy, setting: str, heard: list[str]
) -> None:
    ana, ben, phone = bridged(
        answered_by,
        [wire("Speak"), Speak(text="Nobody hears this.")],
        [Speak(text="Ben has left.")],
        reply_while_an_action_runs=setting,
    )
    began = phone.now
    ana.waits(1)
    ben.hangs_up()
    ana.hears("one two three")
    assert phone.now == pytest.approx(began + (4 if len(heard) == 2 else 1))
    ana.hears("Ben has left.")
    ana.waits(20)
    assert ana.heard == 2
    assert types(ana.events[2:]) == ["HANGUP", "ACTION_SUCCESSFUL"]
