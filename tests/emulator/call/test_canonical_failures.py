"""Each failure in events/action_failed, brought about: by its cause, or on purpose (B.17).

About `offhook.emulator.call.refused`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import JoinChimeMeeting, Speak
from offhook.actions.base import Action, ErrorType, action_class, action_types
from offhook.emulator.testing import Answers, Bot, busy
from tests.emulator.call.canonical import aimed_at, canonical, names, without_ids
from tests.emulator.call.every_action import BOT, PARAMETERS, wire
from tests.emulator.call.stories import ANA, BEN, Event, call_id, scripted
from tests.emulator.call.wavs import in_the_way
from tests.emulator.functions import AnsweredBy, action_data, error, parameters, types

ON_PURPOSE = {
    *("play_audio_system", "speak_access_denied", "speak_and_get_digits_system"),
    *("speak_system", "speak_throttled", "start_bot_conversation_access"),
    *("start_bot_conversation_throttled", "play_audio_invalid_source"),
    *("play_audio_and_get_digits_source", "record_audio_destination", "voice_focus_throttled"),
    # A token that was good when the payload was made.
    "join_chime_meeting_token",
}
"""What has no cause at the desk with these very parameters; causes are in the other files."""

ERROR_STRINGS = ("join_chime_meeting_error_string", "start_call_recording_error_string")
"""Told with `system_exception="error_string"`."""

GLITCHES = {"voice_focus_doc_glitch"}
"""What a slip in the documentation made: it has to be read, but is not told."""

TWO_LEGS = canonical("action_successful/call_and_bridge")
"""Has the CallIds of both legs, which are the same in all payloads."""

CAUSED = [
    name for name in names("action_failed") if Path(name).name not in {*ERROR_STRINGS, *GLITCHES}
]


def told(answered_by: AnsweredBy, wanted: Event, name: str) -> Event:
    """The failure that comes of the action of a payload."""
    kind = str(action_data(wanted)["Type"])

    def send(event: Event) -> list[object]:
        if Path(name).name in ON_PURPOSE:
            kind_of_error, message = error(wanted)
            phone.fails(kind, cast("ErrorType", kind_of_error), str(message))
        return [{"Type": kind, "Parameters": aimed_at(parameters(wanted), TWO_LEGS, event)}]

    is_bridged = kind == "ModifyChimeMeetingAttendees"
    first = wire("CallAndBridge") if is_bridged else Speak(text="Hello.")
    phone = answered_by(scripted([first], send))
    phone.at(BEN, Answers() if is_bridged else busy())
    phone.bot("arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/OTHER", Bot())
    if name.endswith("upload"):
        in_the_way(phone, "example-voicemail")
    call = phone.dials(from_=ANA)
    call.waits(120)
    failed = [event for event in call.events if event["InvocationEventType"] == "ACTION_FAILED"]
    assert failed, call
    return failed[0]


@pytest.fixture(autouse=True)
def _audio(a_wav: Callable[..., Path], request: pytest.FixtureRequest) -> None:
    keys = {"welcome", "enter-pin", "try-again", "ringback"}
    if "no_access" in request.node.name:
        keys.remove("welcome")
    for key in keys:
        a_wav(f"example-prompts/{key}.wav", seconds=1)


@pytest.mark.parametrize("name", CAUSED)
def test_a_failure_is_told_as_in_the_payload(answered_by: AnsweredBy, name: str) -> None:
    wanted = canonical(name)
    found = told(answered_by, wanted, name)
    # The tables of the guide end this message with a full stop, its example does not.
    for event in (found, wanted):
        data = action_data(event)
        data["ErrorMessage"] = str(data["ErrorMessage"]).rstrip(".")
    if name.endswith("_attendees"):  # of a bridged call it shows the first leg alone
        for event in (found, wanted):
            del parameters(event)["CallId"]
        assert without_ids(found)["ActionData"] == without_ids(wanted)["ActionData"]
        return
    if name.endswith("no_access"):  # where logs of a success have it, no page of a failure does
        assert parameters(found).pop("Repeat") == 1
    if "CallId" not in parameters(wanted):  # a page that leaves out what real logs have
        assert parameters(found).pop("CallId") == call_id(found, "LEG-A")
    assert without_ids(found) == without_ids(wanted)


@pytest.mark.parametrize("name", ERROR_STRINGS)
def test_a_failure_may_be_told_in_one_string_as_in_the_payload(
    answered_by: AnsweredBy, name: str
) -> None:
    wanted = canonical(f"action_failed/{name}")
    kind = str(action_data(wanted)["Type"])

    def send(event: Event) -> list[object]:
        return [{"Type": kind, "Parameters": aimed_at(parameters(wanted), wanted, event)}]

    phone = answered_by(scripted([Speak(text="Hello.")], send), system_exception="error_string")
    if name.startswith("join"):
        phone.fails(kind, "SystemException")
    else:
        in_the_way(phone, "example-recordings")
    call = phone.dials(from_=ANA)
    call.waits(10)
    assert without_ids(call.events[-1]) == without_ids(wanted)
    assert str(action_data(wanted)["Error"]) in call.ladder.render()


def test_other_errors_have_their_type_all_the_same(answered_by: AnsweredBy) -> None:
    join = JoinChimeMeeting(join_token="t-nobody", meeting_id="m-1")
    phone = answered_by(scripted([join], [Speak(text="Hello.")]), system_exception="error_string")
    phone.meeting("m-1", {})
    phone.fails("Speak", "SystemException")
    call = phone.dials()
    call.waits(10)
    assert [error(event)[0] for event in call.events[1:]] == [
        "InvalidActionParameter",
        "SystemException",
    ]


def errors() -> list[tuple[str, ErrorType]]:
    """Each action with each error type that is documented or was observed for it."""
    return [(kind, found) for kind in action_types() for found in _class(kind).errors]


def _class(kind: str) -> type[Action[object]]:
    found = action_class(kind)
    assert found is not None
    return found


NEEDS = {
    "ModifyChimeMeetingAttendees": "JoinChimeMeeting",
    "StopCallRecording": "StartCallRecording",
    "PauseCallRecording": "StartCallRecording",
    "ResumeCallRecording": "StartCallRecording",
}
"""What has to be done first, so that the action could succeed."""


@pytest.mark.parametrize(("kind", "error_type"), errors())
def test_every_documented_error_can_be_had_on_purpose(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, error_type: ErrorType
) -> None:
    a_wav("welcome.wav", seconds=1)
    tag = "LEG-B" if kind == "ModifyChimeMeetingAttendees" else "LEG-A"

    def first(event: Event) -> list[object]:
        return [wire(NEEDS.get(kind, "Pause"), CallId=call_id(event, "LEG-A"))]

    def send(event: Event) -> list[object]:
        phone.fails(kind, error_type, "Out of order.")
        return [wire(kind, CallId=call_id(event, tag))]

    phone = answered_by(scripted([Speak(text="Hello.")], first, send))
    phone.bot(BOT, Bot())
    call = phone.dials(from_=ANA)
    call.waits(10)
    failed = call.events[-1]
    assert types([failed]) == ["ACTION_FAILED"]
    assert error(failed) == (error_type, "Out of order.")
    assert parameters(failed) == {**PARAMETERS[kind], "CallId": call_id(failed, tag)}
    expected = ["Type", "Parameters", "ErrorType", "ErrorMessage"]
    if kind == "ModifyChimeMeetingAttendees":
        expected.append("ErrorList")
    assert list(action_data(failed)) == expected
    assert call.is_connected


def test_an_error_on_purpose_comes_once(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted([Speak(text="Hello.")], [Speak(text="Again.")]))
    phone.fails("Speak", "AccessDenied")
    call = phone.dials()
    call.hears("Again.")
    assert types(call.events[1:]) == ["ACTION_FAILED", "ACTION_SUCCESSFUL"]
