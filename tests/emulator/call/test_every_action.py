"""Every action is proved: its payloads are told, and what happens in its middle is written down.

About `offhook.emulator.call.behaviour`.
"""

from pathlib import Path

import pytest

from tests.emulator.call.canonical import names
from tests.emulator.call.every_action import (
    ATTENDEE,
    MEETING,
    PARAMETERS,
    TAKES_TIME,
    TOKEN,
    wire,
)
from tests.emulator.call.stories import ANA, Event, call_id, scripted
from tests.emulator.call.test_canonical_failures import CAUSED, ERROR_STRINGS, GLITCHES
from tests.emulator.functions import AnsweredBy, action_data, parameters, types

AT_ONCE = sorted(PARAMETERS.keys() - {*TAKES_TIME})
"""Has no middle: nobody can leave in it, and no update comes into it."""


def test_every_failure_is_brought_about_but_for_a_slip_of_the_documentation() -> None:
    told = {Path(name).name for name in CAUSED} | set(ERROR_STRINGS)
    assert {Path(name).name for name in names("action_failed")} - told == GLITCHES


@pytest.mark.parametrize("kind", [kind for kind in AT_ONCE if kind != "Hangup"])
def test_what_is_done_at_once_is_told_before_somebody_who_leaves_then(
    answered_by: AnsweredBy, kind: str
) -> None:
    first = {"ModifyChimeMeetingAttendees": "JoinChimeMeeting", "JoinChimeMeeting": "VoiceFocus"}
    tag = "LEG-B" if kind == "ModifyChimeMeetingAttendees" else "LEG-A"

    def prepared(event: Event) -> list[object]:
        return [wire(first.get(kind, "StartCallRecording"), CallId=call_id(event, "LEG-A"))]

    def send(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, tag))]

    is_first = kind == "StartCallRecording"
    phone = answered_by(scripted([wire("Speak")], *([] if is_first else [prepared]), send))
    phone.meeting(MEETING, {TOKEN: ATTENDEE})
    call = phone.dials(from_=ANA)
    call.hears("one two three")
    call.hangs_up()
    call.ends()
    assert types(call.events)[-2:] == ["ACTION_SUCCESSFUL", "HANGUP"]
    told = call.events[-2]
    assert action_data(told)["Type"] == kind, (
        f"{kind} takes time: name it in ENDS_WELL, ENDS_BADLY or JUST_ENDS of "
        "tests/emulator/call/every_action.py, by what is told when its leg leaves"
    )
    assert parameters(told)["CallId"] == call_id(told, tag)
