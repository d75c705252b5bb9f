"""Somebody hangs up: the caller or the application, at every moment of a call.

About `offhook.emulator.call.endings`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import (
    Action,
    Hangup,
    Pause,
    PlayAudioAndGetDigits,
    Speak,
    SpeakAndGetDigits,
)
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import (
    AnsweredBy,
    action_data,
    always,
    error,
    in_turn,
    legs,
    parameters,
    statuses,
    types,
)

AUDIO = {"Type": "S3", "BucketName": "prompts", "Key": "welcome.wav"}
PLAY = {"Type": "PlayAudio", "Parameters": {"AudioSource": AUDIO}}
PROMPT = SpeakAndGetDigits(
    text="Your number, please.",
    failure_text="Sorry?",
    repeat_duration_in_milliseconds=5_000,
)
WAV_PROMPT = PlayAudioAndGetDigits(
    audio_source="s3://prompts/welcome.wav",
    failure_audio_source="s3://prompts/welcome.wav",
    repeat_duration_in_milliseconds=5_000,
)
GONE = ("HANGUP", "Disconnected")


def story(call: PhoneCall) -> list[tuple[str, object]]:
    """What was told after the first event, and whether the leg was still there."""
    return list(zip(types(call.events), statuses(call.events), strict=True))[1:]


def test_the_caller_gives_up_before_anything_answers(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hangs_up()
    call.ends()
    assert story(call) == [GONE]
    assert parameters(call.events[1])["SipResponseCode"] == 0
    assert call.heard == 0
    assert "gives up" in call.ladder.render()


def test_the_caller_gives_up_while_it_rings(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=5_000)])).dials()
    call.waits(2)
    call.hangs_up()
    call.ends()
    assert story(call) == [GONE]
    assert call.ladder.entries[-1].time == 2


@pytest.mark.parametrize("action", [Speak(text="Hello, and welcome."), PLAY], ids=["words", "wav"])
def test_hanging_up_during_what_is_heard_ends_it_with_success(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], action: Action[object] | dict[str, object]
) -> None:
    a_wav("welcome.wav", seconds=2)
    call = answered_by(in_turn([action, Speak(text="Nobody hears this.")])).dials()
    call.waits(0.5)
    call.hangs_up()
    call.ends()
    assert story(call) == [("ACTION_SUCCESSFUL", "Disconnected"), GONE]
    assert call.heard == 1
    assert call.ladder.entries[-1].time == 0.5


@pytest.mark.parametrize("action", [PROMPT, WAV_PROMPT], ids=["words", "wav"])
@pytest.mark.parametrize("moment", [0.5, 3.0], ids=["during the prompt", "while it waits for keys"])
def test_hanging_up_while_digits_are_collected_ends_it_with_failure(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], action: Action[object], moment: float
) -> None:
    a_wav("welcome.wav", seconds=2)
    call = answered_by(in_turn([action, Speak(text="Nobody hears this.")])).dials()
    call.waits(moment)
    call.hangs_up()
    call.ends()
    assert story(call) == [("ACTION_FAILED", "Disconnected"), GONE]
    assert error(call.events[1]) == ("InvalidDigitsReceived", "Invalid digits received.")
    assert "ReceivedDigits" not in action_data(call.events[1])


def test_hanging_up_during_a_pause_is_told_as_hangup_alone(answered_by: AnsweredBy) -> None:
    pause = Pause(duration_in_milliseconds=10_000)
    call = answered_by(in_turn([Speak(text="One moment."), pause, Speak(text="Back.")])).dials()
    call.hears("One moment.")
    call.waits(3)
    call.hangs_up()
    call.ends()
    assert story(call) == [GONE]


def test_hanging_up_in_silence_is_told_as_hangup_alone(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hears("Hello.")
    call.waits(60)
    call.hangs_up()
    call.ends()
    assert story(call) == [("ACTION_SUCCESSFUL", "Connected"), GONE]


def test_hanging_up_just_when_a_prompt_ends_leaves_one_event_for_it(
    answered_by: AnsweredBy,
) -> None:
    hello = Speak(text="one two three four five six seven eight nine ten eleven")  # 4.0 s
    call = answered_by(in_turn([hello, Speak(text="Nobody hears this.")])).dials()
    call.waits(4.0)
    call.hangs_up()
    call.ends()
    assert story(call)[-1] == GONE
    assert types(call.events).count("HANGUP") == 1
    assert len(call.events) <= 3


def test_the_answer_to_an_event_of_a_caller_who_left_is_ignored(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Speak(text="Are you there?"))).dials()
    call.waits(0.2)
    call.hangs_up()
    call.ends()
    assert story(call) == [("ACTION_SUCCESSFUL", "Disconnected"), GONE]
    assert call.heard == 1
    assert "actions in the reply to ACTION_SUCCESSFUL are ignored" in call.ladder.render()
    assert "actions in the reply to HANGUP are ignored" in call.ladder.render()


def test_a_function_that_raises_when_told_of_the_end_changes_nothing(
    answered_by: AnsweredBy,
) -> None:
    call = answered_by(in_turn([Speak(text="Hello.")], [], RuntimeError("too late"))).dials()
    call.hears("Hello.")
    call.hangs_up()
    call.ends()
    assert types(call.events)[-1] == "HANGUP"
    assert "the call is dropped" not in call.ladder.render()


@pytest.mark.parametrize("code", [0, 200, 480, 486])
def test_the_application_hangs_up_with_a_code(answered_by: AnsweredBy, code: int) -> None:
    call = answered_by(in_turn([Speak(text="Bye."), Hangup(sip_response_code=code)])).dials()
    call.hears("Bye.")
    call.ends()
    assert story(call) == [GONE]
    assert parameters(call.events[-1]) == {
        "SipResponseCode": code,
        "CallId": legs(call.events[-1])[0]["CallId"],
        "ParticipantTag": "LEG-A",
    }
    assert type(parameters(call.events[-1])["SipResponseCode"]) is int


def test_what_stands_after_a_hangup_never_runs(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Speak(text="Bye."), Hangup(), Speak(text="Wait!"), PROMPT])).dials()
    call.hears("Bye.")
    call.ends()
    assert story(call) == [GONE]
    assert call.heard == 1


def test_a_hangup_of_a_leg_that_is_not_there_fails_and_the_call_goes_on(
    answered_by: AnsweredBy,
) -> None:
    there_is_no_b = Hangup(participant_tag="LEG-B")
    call = answered_by(in_turn([Speak(text="Hello."), there_is_no_b], [Speak(text="Hm.")])).dials()
    call.hears("Hello.")
    call.hears("Hm.")
    assert error(call.events[1]) == (
        "InvalidActionParameter",
        "CallId or ParticipantTag parameter for action is invalid.",
    )
    assert call.is_connected


def test_whom_we_called_hangs_up(answered_by: AnsweredBy) -> None:
    call = answered_by(
        in_turn([], [], [Speak(text="Your bicycle is ready to be fetched.")])
    ).rings()
    call.answers(after=3)
    call.waits(1)
    call.hangs_up()
    call.ends()
    assert story(call)[1:] == [
        ("CALL_ANSWERED", "Connected"),
        ("ACTION_SUCCESSFUL", "Disconnected"),
        GONE,
    ]


def test_the_application_hangs_up_on_whom_it_called(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([], [], [Hangup()])).rings()
    call.answers()
    call.ends()
    assert types(call.events) == ["NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED", "HANGUP"]


def test_nobody_hangs_up_twice(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Hangup()])).dials()
    call.ends()
    with pytest.raises(AssertionError, match="hangs up"):
        call.hangs_up()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]


@pytest.mark.parametrize(
    ("code", "is_noted"), [(0, False), (480, False), (486, False), (200, True)]
)
def test_a_response_code_that_is_not_documented_is_taken_with_a_note(
    answered_by: AnsweredBy, code: int, is_noted: bool
) -> None:
    hang_up = {"Type": "Hangup", "Parameters": {"SipResponseCode": str(code)}}
    call = answered_by(in_turn([Speak(text="Hello."), hang_up])).dials()
    call.hears("Hello.")
    call.ends()
    assert parameters(call.events[1])["SipResponseCode"] == code
    assert (f"SipResponseCode {code} is taken" in call.ladder.render()) is is_noted
