"""What was done in a call is told as a test, which holds when it is told again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import (
    CallAndBridge,
    Hangup,
    Pause,
    RecordAudio,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.service.retold import retold
from offhook.emulator.testing import Phone, Voicemail
from offhook.emulator.testing.story_file import story
from tests.emulator.functions import Function, in_turn, reply

OURS, FRIEND = "+15550100100", "+15550100400"
MENU = SpeakAndGetDigits(
    text="Choose, please.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat=2,
    repeat_duration_in_milliseconds=5_000,
)
BRIDGE = CallAndBridge(call_timeout_seconds=20, caller_id_number=OURS, uri=FRIEND)
RECORD = RecordAudio(
    duration_in_seconds=30,
    silence_duration_in_seconds=2,
    recording_destination="s3://offhook-recordings",
    recording_terminators=["#"],
)


def _is_chosen_late(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Choose")
    call.waits(3)
    call.presses("7")
    call.hears("Goodbye.")
    call.ends()


def _is_interrupted(phone: Phone) -> None:
    call = phone.dials()
    call.interrupts("7", "Choose")
    call.hears("Goodbye.")
    call.ends()


def _is_left_in_the_middle(phone: Phone) -> None:
    call = phone.dials()
    call.waits(0.5)
    call.hangs_up()
    call.ends()


def _is_updated(phone: Phone) -> None:
    call = phone.dials()
    call.hears("Choose")
    call.updates(what="end")
    call.settles()


def _talks_with_a_friend(phone: Phone) -> None:
    friend = phone.person(FRIEND)
    call = phone.dials()
    friend.answers(after=4)
    friend.says("Hello, who is there?")
    call.hears("Hello, who is there?")
    call.says("It is me.")
    friend.hears("It is me.")
    friend.hangs_up()
    call.hangs_up()
    call.ends()


def _reaches_a_mailbox(phone: Phone) -> None:
    phone.at(FRIEND, Voicemail(after=3, listens=2))
    phone.dials().settles()


def _is_called(phone: Phone) -> None:
    call = phone.rings(arguments={"name": "Ada"})
    call.answers(after=2)
    call.hears("Hello.")
    call.ends()


def _declines(phone: Phone) -> None:
    phone.rings().declines(603)


def _leaves_a_message(phone: Phone) -> None:
    call = phone.dials()
    call.waits(0.1)
    call.says("Please call me back about the bicycle.")
    call.hears("Thank you.")
    call.ends()


def _finds_a_fault(phone: Phone) -> None:
    phone.put_faults("Speak=SystemException:1")
    call = phone.dials()
    call.hears("Sorry.")
    call.ends()


BYE = [Speak(text="Goodbye."), Hangup()]
STORIES: dict[Callable[[Phone], None], Callable[[], Function]] = {
    _is_chosen_late: lambda: in_turn([MENU], BYE),
    _is_interrupted: lambda: in_turn([MENU], BYE),
    _is_left_in_the_middle: lambda: in_turn([MENU]),
    _is_updated: lambda: in_turn([MENU], [Hangup()]),
    _talks_with_a_friend: lambda: in_turn([BRIDGE]),
    _reaches_a_mailbox: lambda: in_turn([BRIDGE], [], [Hangup()]),
    _is_called: lambda: in_turn(reply(), reply(), [Speak(text="Hello."), Hangup()]),
    _declines: in_turn,
    _leaves_a_message: lambda: in_turn([RECORD], [Speak(text="Thank you."), Hangup()]),
    _finds_a_fault: lambda: in_turn(
        [Speak(text="Hello."), Pause(duration_in_milliseconds=100)],
        [Speak(text="Sorry."), Hangup()],
    ),
}


@pytest.mark.parametrize("told", STORIES, ids=lambda told: told.__name__.strip("_"))
def test_a_call_is_told_again(told: Callable[[Phone], None], tmp_path: Path) -> None:
    with Phone(STORIES[told]()) as phone:
        faults = ["Speak=SystemException:1"] if told is _finds_a_fault else []
        told(phone)
        (call,) = phone.service.placed()
        text = retold(call, phone.service.far_ends.get, faults)
        before = [entry.text for entry in call.ladder.entries if entry.kind != "note"]
    file = tmp_path / "test_call.py"
    file.write_text(text, encoding="utf-8")
    name = text.partition("def ")[2].partition("(")[0]
    with Phone(STORIES[told]()) as phone:
        story(f"{file}:{name}")(phone)
        (call,) = phone.service.placed()
        again = [entry.text for entry in call.ladder.entries if entry.kind != "note"]
    assert _shape(again) == _shape(before), text


def _shape(texts: list[str]) -> list[str]:
    return [text.partition("  (")[0] for text in texts if "s3://" not in text]


def test_it_reads_as_somebody_would_write_it() -> None:
    with Phone(in_turn([MENU], BYE)) as phone:
        _is_chosen_late(phone)
        (call,) = phone.service.placed()
    assert (
        retold(call).partition("def ")[2]
        == """\
test_a_call_to_15550100100(phone: Phone) -> None:
    call = phone.dials("+15550100100", at=datetime(2027, 3, 1, 10, 0, tzinfo=UTC))
    call.hears("Choose, please.")
    call.waits(3.0)
    call.presses("7")
    call.hears("Goodbye.")
    call.ends()
"""
    )
