"""On which leg an action runs: by CallId, by tag, by default; and no such leg (B.0.3)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.testing import PhoneCall
from tests.emulator.call.every_action import (
    ATTENDEE,
    FIRST_LEG_ONLY,
    MEETING,
    NEEDS_A_CALL_ID,
    PARAMETERS,
    SECOND_LEG_ONLY,
    TAKES_A_TAG,
    TOKEN,
    wire,
)
from tests.emulator.call.stories import BRIDGE, Event, bridged, call_id, scripted
from tests.emulator.functions import AnsweredBy, action_data, error, legs, parameters

NOBODY = "00000000-0000-4000-8000-000000000000"
INVALID = (
    "InvalidActionParameter",
    "CallId or ParticipantTag parameter for action is invalid.",
)
INVALID_RECORDED_LEG = ("InvalidActionParameter", "CallId parameter for action is invalid")


def refusal_of(kind: str) -> tuple[str, str]:
    """How an action is refused whose leg is not there."""
    if kind == "ModifyChimeMeetingAttendees":
        return ("InvalidActionParameter", "Invalid action on the call.")
    return INVALID_RECORDED_LEG if kind.endswith("CallRecording") else INVALID


def told_soon(call: PhoneCall, kind: str) -> Sequence[Event]:
    """What comes of the action behind the first one, within half a minute."""
    call.waits(30)
    told = [event for event in call.events[2:] if action_data(event)["Type"] == kind]
    assert told or kind == "Hangup", (  # of the only leg brings HANGUP alone
        f"nothing is told of {kind} within 30 s: shorten what is in PARAMETERS of "
        "tests/emulator/call/every_action.py"
    )
    return told


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_a_leg_that_never_was_is_refused(answered_by: AnsweredBy, kind: str) -> None:
    ana = answered_by(scripted([Speak(text="Hello.")], [wire(kind, CallId=NOBODY)])).dials()
    ana.waits(3)
    assert error(ana.events[2]) == refusal_of(kind)
    assert parameters(ana.events[2])["CallId"] == NOBODY
    assert "ParticipantTag" not in parameters(ana.events[2])
    assert ana.is_connected


@pytest.mark.parametrize("kind", [*TAKES_A_TAG, *SECOND_LEG_ONLY])
def test_a_second_leg_that_is_not_there_is_refused(answered_by: AnsweredBy, kind: str) -> None:
    sent = wire(kind, ParticipantTag="LEG-B")
    ana = answered_by(scripted([Speak(text="Hello.")], [sent])).dials()
    ana.waits(3)
    assert error(ana.events[2]) == refusal_of(kind)
    assert action_data(ana.events[2])["Parameters"] == sent["Parameters"]


@pytest.mark.parametrize("kind", [*TAKES_A_TAG, *NEEDS_A_CALL_ID, *SECOND_LEG_ONLY])
def test_a_second_leg_that_has_hung_up_is_refused(answered_by: AnsweredBy, kind: str) -> None:
    def on_ben(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, "LEG-B"))]

    ana, ben, _ = bridged(answered_by, [], on_ben)
    ben.hangs_up()
    assert error(ana.events[3]) == refusal_of(kind)
    assert [leg["Status"] for leg in legs(ana.events[3])] == ["Connected", "Disconnected"]


@pytest.mark.parametrize("kind", TAKES_A_TAG)
@pytest.mark.parametrize("tag", ["LEG-A", "LEG-B"])
def test_either_leg_is_named_by_its_tag(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, tag: str
) -> None:
    a_wav("welcome.wav")
    ana, _, _ = bridged(answered_by, [wire(kind, ParticipantTag=tag)], hangup_of_leg_b="hangup")
    (told,) = told_soon(ana, kind)
    assert ana.events[2:] == [told]
    assert parameters(told)["CallId"] == call_id(told, tag)
    assert parameters(told)["ParticipantTag"] == tag


@pytest.mark.parametrize("kind", [*TAKES_A_TAG, *NEEDS_A_CALL_ID])
@pytest.mark.parametrize("tag", ["LEG-A", "LEG-B"])
def test_either_leg_is_named_by_its_call_id(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, tag: str
) -> None:
    a_wav("welcome.wav")

    def record_first(event: Event) -> list[object]:
        leg = call_id(event, tag)
        start = [wire("StartCallRecording", CallId=leg)]
        recorded = kind.endswith("CallRecording") and kind != "StartCallRecording"
        return [*(start if recorded else []), wire(kind, CallId=leg)]

    ana, _, _ = bridged(answered_by, record_first)
    told = told_soon(ana, kind)
    assert {parameters(event)["CallId"] for event in told} == {call_id(told[0], tag)}


@pytest.mark.parametrize("kind", FIRST_LEG_ONLY)
def test_what_is_for_the_first_leg_is_refused_on_the_second(
    answered_by: AnsweredBy, kind: str
) -> None:
    def on_ben(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, "LEG-B"))]

    ana, _, _ = bridged(answered_by, on_ben)
    assert error(ana.events[2]) == INVALID


@pytest.mark.parametrize("kind", ["JoinChimeMeeting", "StartBotConversation"])
def test_what_is_for_the_first_leg_does_not_take_the_tag_of_the_second(
    answered_by: AnsweredBy, kind: str
) -> None:
    ana, _, _ = bridged(answered_by, [wire(kind, ParticipantTag="LEG-B")])
    assert error(ana.events[2]) == INVALID


def in_the_meeting(answered_by: AnsweredBy, **more: object) -> tuple[object, object]:
    """How muting somebody in the caller's meeting fails."""

    def mute(event: Event) -> list[object]:
        leg = {"CallId": call_id(event, "LEG-A")} if "CallId" in more else {}
        return [wire("ModifyChimeMeetingAttendees", **{**more, **leg})]

    phone = answered_by(scripted([wire("JoinChimeMeeting")], mute))
    phone.meeting(MEETING, {TOKEN: ATTENDEE})
    ana = phone.dials()
    ana.waits(1)
    return error(ana.events[2])


def test_what_is_for_the_meeting_leg_is_refused_on_the_first(answered_by: AnsweredBy) -> None:
    assert in_the_meeting(answered_by, ParticipantTag="LEG-A") == INVALID
    assert in_the_meeting(answered_by, CallId="LEG-A's") == INVALID


@pytest.mark.parametrize("kind", FIRST_LEG_ONLY)
def test_only_the_second_leg_left_cannot_do_what_is_for_the_first(
    answered_by: AnsweredBy, kind: str
) -> None:
    ana, _, _ = bridged(answered_by, [], [wire(kind)])
    ana.hangs_up()
    assert error(ana.events[3]) == INVALID


@pytest.mark.parametrize("kind", NEEDS_A_CALL_ID)
def test_an_action_that_must_name_its_leg_is_refused_without(
    answered_by: AnsweredBy, kind: str
) -> None:
    ana = answered_by(scripted([wire(kind)])).dials()
    ana.waits(1)
    if kind == "VoiceFocus":  # published samples send it so
        assert action_data(ana.events[1])["Type"] == kind
        assert "VoiceFocus has no CallId, and is taken: send one" in str(ana)
    else:
        assert error(ana.events[1]) == refusal_of(kind)


def test_the_call_id_wins_over_the_tag(answered_by: AnsweredBy) -> None:
    def speak(event: Event) -> list[object]:
        return [wire("Speak", CallId=call_id(event, "LEG-B"), ParticipantTag="LEG-A")]

    ana, ben, _ = bridged(answered_by, speak)
    ben.hears("one two three")
    assert ana.heard == 0


@pytest.mark.parametrize("kind", [*TAKES_A_TAG, *FIRST_LEG_ONLY])
@pytest.mark.parametrize("tag", ["LEG-B", "LEG-C"])
def test_beside_a_call_id_the_tag_is_not_even_read(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], kind: str, tag: str
) -> None:
    a_wav("welcome.wav")

    def both(event: Event) -> list[object]:
        return [wire(kind, CallId=call_id(event, "LEG-A"), ParticipantTag=tag)]

    phone = answered_by(scripted([Speak(text="Hello.")], both))
    ana = phone.dials()
    told_soon(ana, kind)
    if ana.events[2]["InvocationEventType"] == "ACTION_FAILED":  # for a reason of its own
        assert error(ana.events[2]) != INVALID
    if kind != "Hangup":  # of the only leg, which brings HANGUP alone
        assert parameters(ana.events[2])["ParticipantTag"] == tag


@pytest.mark.parametrize("nothing", [{"CallId": ""}, {"ParticipantTag": ""}, {"CallId": None}])
def test_an_empty_name_is_no_name(answered_by: AnsweredBy, nothing: dict[str, object]) -> None:
    ana, _, _ = bridged(answered_by, [wire("Speak", **nothing)])
    ana.hears("one two three")
    assert parameters(ana.events[2])["CallId"] == call_id(ana.events[2], "LEG-A")


def test_the_default_is_the_leg_that_the_event_is_about(answered_by: AnsweredBy) -> None:
    first = Speak(text="For Ben.", participant_tag="LEG-B")
    _, ben, _ = bridged(answered_by, [first], [Speak(text="For Ben too.")])
    ben.hears("For Ben.")
    ben.hears("For Ben too.")


def test_the_default_is_the_first_leg_when_the_event_is_about_a_leg_that_left(
    answered_by: AnsweredBy,
) -> None:
    ana, ben, _ = bridged(answered_by, [], [Speak(text="Ben has left.")])
    ben.hangs_up()
    ana.hears("Ben has left.")


def test_the_default_is_the_leg_that_is_left_when_the_first_has_gone(
    answered_by: AnsweredBy,
) -> None:
    ana, ben, _ = bridged(answered_by, [], [Speak(text="Ana has left."), Hangup()])
    ana.hangs_up()
    ben.hears("Ana has left.")
    ana.ends()
    assert parameters(ana.events[-1])["ParticipantTag"] == "LEG-B"


def test_a_complaint_about_a_reply_is_about_the_first_leg(answered_by: AnsweredBy) -> None:
    first = Speak(text="For Ben.", participant_tag="LEG-B")
    unknown: list[object] = [{"Type": "Answer", "Parameters": {}}]
    ana, ben, _ = bridged(answered_by, [first], unknown, [Speak(text="For Ana.")])
    ben.hears("For Ben.")
    ana.hears("For Ana.")
    assert ana.events[3]["InvocationEventType"] == "INVALID_LAMBDA_RESPONSE"


def test_an_update_is_about_the_first_leg(answered_by: AnsweredBy) -> None:
    speak_to_ben = Speak(text="For Ben.", participant_tag="LEG-B")
    ana, ben, _ = bridged(answered_by, [speak_to_ben], [], [Speak(text="For Ana.")])
    ben.hears("For Ben.")
    ana.updates()
    ana.hears("For Ana.")


def test_a_new_second_leg_has_the_tag_and_the_old_call_id_is_nobody_s(
    answered_by: AnsweredBy,
) -> None:
    old: list[str] = []

    def hang_up_on_ben(event: Event) -> list[object]:
        old.append(call_id(event, "LEG-B"))
        return [Hangup(call_id=old[0])]

    def speak_to_the_old_one(_event: Event) -> list[object]:
        return [Speak(text="Hello?", call_id=old[0])]

    ana, ben, _ = bridged(
        answered_by,
        hang_up_on_ben,
        [BRIDGE],
        [],
        speak_to_the_old_one,
        [Speak(text="Hello again.", participant_tag="LEG-B")],
    )
    ben.answers()
    ben.hears("Hello again.")
    failed = next(event for event in ana.events if event["InvocationEventType"] == "ACTION_FAILED")
    assert error(failed) == INVALID
    assert call_id(failed, "LEG-B") != old[0]
