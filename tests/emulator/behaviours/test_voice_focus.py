"""VoiceFocus: noise suppression on a leg, five times a second in an account (reference B.15)."""

import pytest

from offhook.actions import Hangup, Pause, Speak, VoiceFocus
from tests.emulator.call.every_action import wire
from tests.emulator.call.stories import Event, aimed, bridged, call_id, scripted
from tests.emulator.functions import AnsweredBy, error, parameters, types

THROTTLED = (
    "ActionExecutionThrottled",
    "Failed to run action. The maximum number of actions per second has been reached.",
)
MISSING = ("MissingRequiredActionParameter", "Missing required action parameter.")


def times(count: int, *after: object) -> object:
    """Switch it so often on the first leg, and then something else."""

    def answer(event: Event) -> list[object]:
        leg = call_id(event, "LEG-A")
        return [*(VoiceFocus(call_id=leg, enable=n % 2 == 0) for n in range(count)), *after]

    return answer


@pytest.mark.parametrize("tag", ["LEG-A", "LEG-B"])
@pytest.mark.parametrize("enable", [True, False])
def test_it_is_switched_on_either_leg(answered_by: AnsweredBy, tag: str, enable: bool) -> None:
    ana, _, _ = bridged(answered_by, aimed(tag, lambda leg: VoiceFocus(call_id=leg, enable=enable)))
    assert types(ana.events[2:]) == ["ACTION_SUCCESSFUL"]
    assert parameters(ana.events[2]) == {"Enable": enable, "CallId": call_id(ana.events[2], tag)}
    assert f"noise suppression is {'on' if enable else 'off'}" in ana.ladder.render()


def test_it_is_silent_in_the_middle_of_a_list(answered_by: AnsweredBy) -> None:
    ana = answered_by(scripted(times(1, Speak(text="Better?"), Hangup()))).dials()
    ana.hears("Better?")
    ana.ends()
    assert types(ana.events) == ["NEW_INBOUND_CALL", "HANGUP"]


def test_it_does_not_answer_the_call(answered_by: AnsweredBy) -> None:
    ana = answered_by(scripted(times(1))).dials()
    ana.waits(1)
    assert not ana.is_connected


def test_the_sixth_in_a_second_is_throttled(answered_by: AnsweredBy) -> None:
    ana = answered_by(scripted(times(5))).dials()
    ana.waits(1)
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL"]
    ana = answered_by(scripted(times(6, Speak(text="Never.")))).dials()
    ana.waits(1)
    assert types(ana.events[1:]) == ["ACTION_FAILED"]
    assert error(ana.events[1]) == THROTTLED


def test_a_second_later_it_can_be_switched_again(answered_by: AnsweredBy) -> None:
    pause = Pause(duration_in_milliseconds=1_000)
    ana = answered_by(scripted(times(5, pause), times(5))).dials()
    ana.waits(2)
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]


def test_within_the_second_it_cannot(answered_by: AnsweredBy) -> None:
    pause = Pause(duration_in_milliseconds=999)
    ana = answered_by(scripted(times(5, pause), times(1))).dials()
    ana.waits(2)
    assert error(ana.events[2]) == THROTTLED


def test_all_calls_of_the_account_count(answered_by: AnsweredBy) -> None:
    phone = answered_by(scripted(times(3), times(3)))
    first, second = phone.dials(), phone.dials()
    phone.wait(0.5)
    told = types([*first.events[1:], *second.events[1:]])
    assert sorted(told) == ["ACTION_FAILED", "ACTION_SUCCESSFUL"]


def test_other_actions_do_not_count(answered_by: AnsweredBy) -> None:
    listen = wire("ReceiveDigits")
    ana = answered_by(scripted(times(3, *[listen] * 7), times(2))).dials()
    ana.waits(1)
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]


@pytest.mark.parametrize("name", ["Enable", "CallId"])
def test_what_is_missing_is_said_to_be_missing(answered_by: AnsweredBy, name: str) -> None:
    def switch(event: Event) -> list[object]:
        whole: dict[str, object] = {"Enable": True, "CallId": call_id(event, "LEG-A")}
        del whole[name]
        return [{"Type": "VoiceFocus", "Parameters": whole}]

    ana = answered_by(scripted(switch), voice_focus_without_call_id="fails").dials()
    ana.waits(1)
    assert error(ana.events[1]) == MISSING


def test_without_a_call_id_it_is_the_leg_of_the_event_with_a_remark(
    answered_by: AnsweredBy,
) -> None:
    bare = {"Type": "VoiceFocus", "Parameters": {"Enable": True}}
    ana = answered_by(scripted([bare])).dials()
    ana.waits(1)
    assert "VoiceFocus has no CallId, and is taken: send one" in str(ana)
    assert "noise suppression is on" in str(ana)


def test_a_string_for_yes_is_taken_with_a_remark(answered_by: AnsweredBy) -> None:
    def switch(event: Event) -> list[object]:
        return [wire("VoiceFocus", Enable="True", CallId=call_id(event, "LEG-A"))]

    ana = answered_by(scripted(switch)).dials()
    ana.waits(1)
    assert types(ana.events[1:]) == ["ACTION_SUCCESSFUL"]
    assert parameters(ana.events[1])["Enable"] == "True"
    assert "Enable is a string" in ana.ladder.render()


def test_what_is_neither_yes_nor_no_is_refused(answered_by: AnsweredBy) -> None:
    def switch(event: Event) -> list[object]:
        return [wire("VoiceFocus", Enable="maybe", CallId=call_id(event, "LEG-A"))]

    ana = answered_by(scripted(switch)).dials()
    ana.waits(1)
    assert error(ana.events[1])[0] == "InvalidActionParameter"
