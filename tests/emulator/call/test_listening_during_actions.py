"""Keys are listened to while actions run: who gets a key, and what its reply does (D.6)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import Hangup, PlayAudio, RecordAudio, Speak, SpeakAndGetDigits
from offhook.emulator.testing import Answers, Bot
from tests.emulator.call.every_action import BOT, wire
from tests.emulator.call.listening import HELLO, listen, received
from tests.emulator.call.stories import BEN, BRIDGE, bridged, by_type
from tests.emulator.functions import AnsweredBy, in_turn, legs, parameters, types


def test_keys_that_an_action_collects_do_not_reach_the_listener(answered_by: AnsweredBy) -> None:
    ask = SpeakAndGetDigits(
        text="Your number?",
        failure_text="Sorry?",
        max_number_of_digits=2,
        repeat_duration_in_milliseconds=3_000,
    )
    call = answered_by(in_turn([listen(r"^\d+$"), ask])).dials()
    call.interrupts("12")
    call.waits(10)
    assert received(call) == []
    call.presses("34")
    call.waits(2)
    assert received(call) == ["34"]


def test_keys_that_a_bot_hears_do_not_reach_the_listener(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([listen(r"^\d+$"), wire("StartBotConversation")]))
    phone.bot(BOT, Bot(says=["How can I help you today?"], seconds=3))
    call = phone.dials()
    call.interrupts("12")
    call.waits(10)
    assert received(call) == []


def test_a_terminator_of_a_wav_is_not_for_the_listener_and_other_keys_are(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("welcome.wav", seconds=9)
    play = PlayAudio(audio_source="s3://prompts/welcome.wav", playback_terminators="#")
    phone = answered_by(in_turn([listen(r"^\d+$", between=500), play]))
    call = phone.dials()
    call.waits(1)
    call.presses("1")
    call.waits(1)
    assert received(call) == ["1"]
    assert "is cut" not in call.ladder.render()
    call.presses("#")
    assert "is cut" in call.ladder.render()
    call.waits(10)
    assert received(call) == ["1"]


def test_a_terminator_of_a_recording_is_not_for_the_listener_and_other_keys_are(
    answered_by: AnsweredBy,
) -> None:
    record = RecordAudio(recording_destination="s3://voicemail", recording_terminators="*")
    call = answered_by(in_turn([listen(r"^\d+$|\*", between=500), record])).dials()
    call.waits(1)
    call.presses("1")
    call.waits(1)
    call.presses("*")
    call.waits(10)
    assert received(call) == ["1"]
    assert types(call.events)[-1] == "ACTION_SUCCESSFUL"


@pytest.mark.parametrize(("setting", "seconds"), [("finish_then_replace", 4.0), ("replace", 2.0)])
def test_the_reply_comes_after_the_action_that_runs_or_at_once(
    answered_by: AnsweredBy, setting: str, seconds: float
) -> None:
    chosen = Speak(text="You pressed one.")
    phone = answered_by(
        in_turn(
            [listen("^1$"), wire("Speak"), Speak(text="Nobody hears this.")], [chosen], [Hangup()]
        ),
        reply_while_an_action_runs=setting,
    )
    call = phone.dials()
    call.waits(1)
    call.presses("1")
    call.hears("one two three")
    assert phone.now == pytest.approx(seconds)
    call.hears("You pressed one.")
    call.ends()
    assert types(call.events[1:]) == ["DIGITS_RECEIVED", "ACTION_SUCCESSFUL", "HANGUP"]


def test_a_reply_without_actions_lets_the_list_go_on(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([listen("^1$"), wire("Speak"), HELLO, Hangup()])).dials()
    call.waits(1)
    call.presses("1")
    call.hears("one two three")
    call.hears("Hello.")
    call.ends()
    assert types(call.events[1:]) == ["DIGITS_RECEIVED", "HANGUP"]


def test_an_action_that_was_last_ends_in_silence_when_its_list_is_replaced(
    answered_by: AnsweredBy,
) -> None:
    call = answered_by(in_turn([listen("^1$"), wire("Speak")], [HELLO], [Hangup()])).dials()
    call.waits(1)
    call.presses("1")
    call.hears("one two three")
    call.hears("Hello.")
    call.ends()
    assert types(call.events[1:]) == ["DIGITS_RECEIVED", "ACTION_SUCCESSFUL", "HANGUP"]
    assert parameters(call.events[2])["Text"] == "Hello."


@pytest.mark.parametrize(("setting", "ends"), [("told", ["ACTION_SUCCESSFUL"]), ("silent", [])])
def test_an_action_that_always_tells_does_so_when_its_list_is_replaced_or_not(
    answered_by: AnsweredBy, setting: str, ends: list[str]
) -> None:
    record = wire("RecordAudio", RecordingTerminators=["#"])
    call = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[listen("^1$"), record]],
                "DIGITS_RECEIVED": [[HELLO, Hangup()]],
            }
        ),
        success_of_a_replaced_action=setting,
    ).dials()
    call.waits(1)
    call.presses("1")
    call.hears("Hello.")
    call.ends()
    assert types(call.events[1:]) == ["DIGITS_RECEIVED", *ends, "HANGUP"]


def test_keys_on_a_leg_that_ends_are_forgotten(answered_by: AnsweredBy) -> None:
    ana, ben, _ = bridged(answered_by, [listen("^1$", between=1_000)])
    ana.presses("1")
    ana.waits(0.5)
    ana.hangs_up()
    ben.waits(10)
    assert received(ana) == []


def test_the_listener_stays_while_somebody_is_called_and_joins(answered_by: AnsweredBy) -> None:
    call, ben, _ = bridged(answered_by, [listen("^1$")], [])
    call.waits(1)
    ben.hangs_up()
    call.waits(1)
    call.presses("1")
    call.waits(2)
    assert received(call) == ["1"]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("finish_then_replace", ["ACTION_SUCCESSFUL", "ACTION_SUCCESSFUL"]),
        ("replace", ["ACTION_SUCCESSFUL"]),
    ],
)
def test_a_caller_who_presses_a_key_while_it_rings(
    answered_by: AnsweredBy, setting: str, told: list[str]
) -> None:
    phone = answered_by(
        by_type(
            {
                "NEW_INBOUND_CALL": [[HELLO, listen("^0$", between=500), BRIDGE]],
                "DIGITS_RECEIVED": [[Speak(text="We do not ring any longer.")]],
            }
        ),
        reply_while_an_action_runs=setting,
    )
    phone.at(BEN, Answers(after=5))
    call = phone.dials()
    call.hears("Hello.")
    call.waits(1)
    call.presses("0")
    call.hears("We do not ring any longer.")
    call.waits(10)
    assert types(call.events[1:]) == ["DIGITS_RECEIVED", *told]
    assert len(legs(call.events[-1])) == len(told)
