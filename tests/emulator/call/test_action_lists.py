"""The list of actions: its order, which of them are told, and what replaces it (reference D.4).

About `offhook.emulator.call.action_list`, `offhook.emulator.call.performance`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import (
    Hangup,
    Pause,
    PlayAudio,
    PlayAudioAndGetDigits,
    Speak,
    SpeakAndGetDigits,
)
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    always,
    in_turn,
    legs,
    parameters,
    reply,
    types,
)

MENU = SpeakAndGetDigits(
    text="Press 1.",
    failure_text="Sorry?",
    max_number_of_digits=1,
    repeat_duration_in_milliseconds=2_000,
)
NO_SUCH_LEG = Speak(text="Nobody hears this.", participant_tag="LEG-B")


def test_actions_run_in_order_and_one_event_tells_of_the_last(answered_by: AnsweredBy) -> None:
    story = [Speak(text="One."), Pause(duration_in_milliseconds=300), Speak(text="Two.")]
    call = answered_by(in_turn(story)).dials()
    call.hears("One.")
    call.hears("Two.")
    call.waits(60)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]
    assert action_data(call.events[1])["Type"] == "Speak"
    assert parameters(call.events[1])["Text"] == "Two."


def test_after_the_list_the_call_stays_up_in_silence(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hears("Hello.")
    call.waits(3_600)
    assert call.is_connected
    assert len(call.events) == 2


def test_a_pause_and_a_hangup_are_told_as_hangup_alone(answered_by: AnsweredBy) -> None:
    story = [Pause(duration_in_milliseconds=1_000), Speak(text="Bye."), Hangup()]
    call = answered_by(in_turn(story)).dials()
    call.hears("Bye.")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]


def test_collected_digits_are_told_from_the_middle_of_a_list(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([MENU, Speak(text="Thank you."), Hangup()])).dials()
    call.interrupts("1", during="Press 1.")
    call.hears("Thank you.")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]
    assert action_data(call.events[1])["ReceivedDigits"] == "1"


def test_digits_collected_over_audio_are_told_from_the_middle_too(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("menu.wav")
    menu = PlayAudioAndGetDigits(
        audio_source="s3://prompts/menu.wav",
        failure_audio_source="s3://prompts/menu.wav",
        max_number_of_digits=1,
        repeat_duration_in_milliseconds=2_000,
    )
    call = answered_by(in_turn([menu, Speak(text="Thank you."), Hangup()])).dials()
    call.interrupts("1", during="menu.wav")
    call.hears("Thank you.")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]


def test_audio_in_the_middle_of_a_list_is_silent(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("menu.wav")
    play = PlayAudio(audio_source="s3://prompts/menu.wav")
    call = answered_by(in_turn([play, Hangup()])).dials()
    call.hears("menu.wav")
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]


@pytest.mark.parametrize(
    "nothing",
    [reply(), reply(Actions=None), {"SchemaVersion": "1.0"}],
    ids=["an empty list", "null", "no key"],
)
def test_a_reply_without_actions_lets_the_list_go_on(
    answered_by: AnsweredBy, nothing: object
) -> None:
    call = answered_by(in_turn([MENU, Speak(text="Thank you."), Hangup()], nothing)).dials()
    call.interrupts("1")
    call.hears("Thank you.")
    call.ends()


def test_a_reply_with_actions_replaces_what_is_left(answered_by: AnsweredBy) -> None:
    first = [MENU, Speak(text="Nobody hears this."), Hangup()]
    call = answered_by(in_turn(first, [Speak(text="We open at nine."), Hangup()])).dials()
    call.interrupts("1")
    call.hears("We open at nine.")
    call.ends()


def test_two_menus_in_one_list_are_told_one_by_one(answered_by: AnsweredBy) -> None:
    second = MENU.model_copy(update={"text": "Press 2."})
    call = answered_by(in_turn([MENU, second], [], [Hangup()])).dials()
    call.interrupts("1", during="Press 1.")
    call.interrupts("2", during="Press 2.")
    call.ends()
    digits = [action_data(event)["ReceivedDigits"] for event in call.events[1:3]]
    assert digits == ["1", "2"]


def test_a_failure_drops_the_rest_of_the_list(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello."), NO_SUCH_LEG, Speak(text="Never.")])).dials()
    call.hears("Hello.")
    call.waits(60)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_FAILED"]
    assert call.heard == 1
    assert call.is_connected


def test_the_reply_to_a_failure_runs_next(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([NO_SUCH_LEG, Speak(text="Never.")], [Speak(text="Sorry.")])).dials()
    call.hears("Sorry.")
    call.waits(60)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_FAILED", "ACTION_SUCCESSFUL"]


def test_a_failure_in_the_reply_to_a_failure_is_told_as_well(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([NO_SUCH_LEG], [NO_SUCH_LEG], [Speak(text="Sorry.")])).dials()
    call.hears("Sorry.")
    assert types(call.events)[:3] == ["NEW_INBOUND_CALL", "ACTION_FAILED", "ACTION_FAILED"]


def test_ten_actions_are_a_list(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([*(Speak(text=f"{n}.") for n in range(9)), Hangup()])).dials()
    for number in range(9):
        call.hears(f"{number}.")
    call.ends()


def test_the_answer_to_each_event_starts_the_next_list(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Speak(text="Again."))).dials()
    for _ in range(5):
        call.hears("Again.")
    assert types(call.events) == ["NEW_INBOUND_CALL", *["ACTION_SUCCESSFUL"] * 5]


def test_an_action_that_names_no_leg_runs_on_the_leg_of_the_event(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")], [{"Type": "Hangup"}])).dials()
    call.hears("Hello.")
    call.ends()
    assert parameters(call.events[-1])["ParticipantTag"] == "LEG-A"


def test_the_call_id_wins_over_the_tag(answered_by: AnsweredBy) -> None:
    def function(event: dict[str, object], _context: object) -> object:
        caller = str(legs(event)[0]["CallId"])
        return reply(Speak(text="Hello.", call_id=caller, participant_tag="LEG-B"))

    call = answered_by(function).dials()
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert parameters(call.events[1])["ParticipantTag"] == "LEG-B"
