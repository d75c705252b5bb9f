"""Each success in events/action_successful, sent again: we are told the same, but for ids."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from offhook.actions import Speak
from offhook.emulator.testing import Answers, Bot, Phone, PhoneCall
from tests.emulator.call.canonical import aimed_at, canonical, names, without_ids
from tests.emulator.call.every_action import ATTENDEE, BOT, MEETING, NEEDS_A_CALL_ID, TOKEN, wire
from tests.emulator.call.stories import ANA, BEN, Event, call_id, scripted
from tests.emulator.functions import AnsweredBy, Wire, action_data, details, legs, parameters, reply

ATTENDEES = {TOKEN: ATTENDEE, "another-token": "1a3b5c7d-9e0f-4a1b-8c3d-5e6f7a8b9c22"}
BOOKING = Bot(
    intent="BookRoom",
    slots={"RoomType": "deluxe", "CheckInDate": "2027-06-01", "Nights": None},
    seconds=3,
)
GLITCHES = {
    "action_successful/start_bot_conversation_doc_shape",  # ActionData.CallId is in no real log
}
CREATES_LEG_B = ("CallAndBridge", "JoinChimeMeeting")
NEEDS_A_RECORDING = ("StopCallRecording", "PauseCallRecording", "ResumeCallRecording")


def before(wanted: Event) -> list[object]:
    """What has to be done first, so that the action can be what it was."""
    kind = action_data(wanted)["Type"]
    first: list[object] = [Speak(text="Hello.")]
    if len(legs(wanted)) == 2 and kind not in CREATES_LEG_B:
        is_meeting = "SMA" in (legs(wanted)[1]["To"], legs(wanted)[1]["From"])
        bridge = wire("CallAndBridge", CallerIdNumber=ANA)
        first.append(wire("JoinChimeMeeting") if is_meeting else bridge)
    return first


def after(wanted: Event, call: PhoneCall, name: str) -> None:
    """What the caller does, so that the action ends as it did."""
    call.waits(1)
    if name.endswith("caller_gone"):
        call.hangs_up()
    elif "RecordingTerminatorUsed" in action_data(wanted):
        call.presses(str(action_data(wanted)["RecordingTerminatorUsed"]))
    elif action_data(wanted).get("ReceivedDigits"):
        call.presses(f"{action_data(wanted)['ReceivedDigits']}")
        if str(action_data(wanted)["ReceivedDigits"]) == "1234":
            call.presses("#")
    call.waits(40)


def told(answered_by: AnsweredBy, wanted: Event, name: str, sent: Wire) -> Event:
    """The success that comes of an action."""
    kind = str(action_data(wanted)["Type"])
    first = before(wanted)
    attributes = details(wanted).get("TransactionAttributes")
    more = {} if attributes is None else {"TransactionAttributes": attributes}

    def send(event: Event) -> object:
        start = [wire("StartCallRecording", CallId=call_id(event, "LEG-A"))]
        given = aimed_at(sent, wanted, event)
        return reply(
            *(start if kind in NEEDS_A_RECORDING else []),
            {"Type": kind, "Parameters": given},
            **more,
        )

    answers = [[one] for one in first]
    phone = answered_by(scripted(*answers, send), meeting_leg_numbers="from_meeting")
    prepare(phone)
    headers = cast("Mapping[str, str]", legs(wanted)[0].get("SipHeaders", {}))
    call = phone.dials(from_=ANA, sip_headers=headers)
    call.waits(0.5)
    after(wanted, call, name)
    return next(
        event
        for event in call.events[len(first) + 1 :]
        if (event["InvocationEventType"], action_data(event)["Type"]) == ("ACTION_SUCCESSFUL", kind)
    )


def prepare(phone: Phone) -> None:
    """Who and what is around the call."""
    for number in (BEN, "5550"):
        phone.at(number, Answers(after=0))
    phone.meeting(MEETING, ATTENDEES)
    phone.bot(BOT, BOOKING)


@pytest.fixture(autouse=True)
def _audio(a_wav: Callable[..., Path]) -> None:
    for key in ("welcome", "hold", "enter-pin", "try-again", "ringback"):
        a_wav(f"example-prompts/{key}.wav", seconds=2)


def comparable(event: Event) -> Mapping[str, object]:
    """What has to be the same. The docs leave open what of a bot's session comes back."""
    found = dict(without_ids(event))
    data = cast("dict[str, object]", found["ActionData"])
    if data["Type"] == "StartBotConversation":
        result = cast("dict[str, dict[str, object]]", data["IntentResult"])
        result["SessionState"].pop("SessionAttributes")
        for slot in _filled_slots(result):
            slot["OriginalValue"] = "..."
    return found


def _filled_slots(within: object) -> list[dict[str, object]]:
    if isinstance(within, list):
        return [slot for each in cast("list[object]", within) for slot in _filled_slots(each)]
    if not isinstance(within, dict):
        return []
    found = cast("dict[str, object]", within)
    deeper = [slot for each in found.values() for slot in _filled_slots(each)]
    return [*deeper, *([found] if "OriginalValue" in found else [])]


@pytest.mark.parametrize("name", sorted({*names("action_successful")} - GLITCHES))
def test_the_same_action_is_told_as_in_the_payload(answered_by: AnsweredBy, name: str) -> None:
    wanted = canonical(name)
    found = told(answered_by, wanted, name, parameters(wanted))
    if name == "action_successful/play_audio":  # its page leaves out the CallId that logs have
        assert parameters(found).pop("CallId") == call_id(found, "LEG-A")
    assert comparable(found) == comparable(wanted)


NAMED_BY_DEFAULT = [
    name
    for name in sorted({*names("action_successful")} - GLITCHES)
    if "ParticipantTag" not in parameters(canonical(name))
    and action_data(canonical(name))["Type"] not in (*NEEDS_A_CALL_ID, "StartCallRecording")
]


@pytest.mark.parametrize("name", NAMED_BY_DEFAULT)
def test_the_leg_that_was_not_named_is_in_the_echo(answered_by: AnsweredBy, name: str) -> None:
    wanted = canonical(name)
    sent = {key: value for key, value in parameters(wanted).items() if key != "CallId"}
    assert comparable(told(answered_by, wanted, name, sent)) == comparable(wanted)
