"""Somebody calls one of our numbers: what answers, what rings on, what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.actions import Action, Hangup, Pause, PlayAudioAndGetDigits, Speak, SpeakAndGetDigits
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.service import UnknownNumber
from offhook.emulator.testing import Phone
from tests.emulator.functions import AnsweredBy, always, details, in_turn, legs, statuses, types


@pytest.mark.parametrize(
    "action",
    [
        Speak(text="Hello."),
        SpeakAndGetDigits(text="1?", failure_text="No.", repeat_duration_in_milliseconds=500),
        {
            "Type": "PlayAudio",
            "Parameters": {
                "AudioSource": {"Type": "S3", "BucketName": "prompts", "Key": "welcome.wav"}
            },
        },
        PlayAudioAndGetDigits(
            audio_source="s3://prompts/welcome.wav",
            failure_audio_source="s3://prompts/welcome.wav",
            repeat_duration_in_milliseconds=500,
        ),
    ],
    ids=["Speak", "SpeakAndGetDigits", "PlayAudio", "PlayAudioAndGetDigits"],
)
def test_the_first_thing_heard_answers_the_call(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], action: Action[object] | dict[str, object]
) -> None:
    a_wav("welcome.wav")
    call = answered_by(in_turn([action])).dials()
    call.waits(20)
    call.hangs_up()
    call.ends()
    assert next(statuses(call.events)) is None
    assert list(statuses(call.events))[1:] == ["Connected", "Disconnected"]


def test_a_call_that_is_only_paused_rings_until_it_is_given_up(answered_by: AnsweredBy) -> None:
    phone = answered_by(in_turn([Pause(duration_in_milliseconds=1_000)]))
    call = phone.dials()
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL", "HANGUP"]
    assert list(statuses(call.events)) == [None, None, "Disconnected"]
    assert call.ladder.entries[-1].time == 30


def test_a_caller_who_is_answered_is_not_given_up(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Pause(duration_in_milliseconds=29_000), Speak(text="Hi.")])).dials()
    call.hears("Hi.")
    call.waits(100)
    assert call.is_connected


def test_hanging_up_first_refuses_the_call_unanswered(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([Hangup(sip_response_code=486)])).dials()
    call.ends()
    assert types(call.events) == ["NEW_INBOUND_CALL", "HANGUP"]
    assert "is rejected with 486 by the application" in call.ladder.render()
    assert "answered" not in call.ladder.render()


def test_a_failure_before_anything_is_heard_leaves_the_call_ringing(
    answered_by: AnsweredBy,
) -> None:
    too_short = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": 1}}
    call = answered_by(in_turn([too_short], [Speak(text="Sorry.")])).dials()
    call.hears("Sorry.")
    call.hangs_up()
    call.ends()
    assert types(call.events)[1] == "ACTION_FAILED"
    assert "Status" not in legs(call.events[1])[0]


def test_whoever_calls_and_whenever_is_in_the_event(answered_by: AnsweredBy) -> None:
    call = answered_by(always(Hangup())).dials(from_="anonymous")
    call.ends()
    assert legs(call.events[0])[0]["From"] == "anonymous"


def test_a_number_that_is_not_ours_cannot_be_dialled(answered_by: AnsweredBy) -> None:
    with pytest.raises(UnknownNumber, match=r"\+15550199999 is not one of our numbers"):
        answered_by(always(Hangup())).dials("+15550199999")


def test_each_number_of_ours_has_its_own_application_and_sip_rule() -> None:
    apps = tuple(
        SipMediaApplication(name=name, numbers=numbers, function="not:used")
        for name, numbers in (
            ("day", ("+15550100101", "+15550100102")),
            ("night", ("+15550100103",)),
        )
    )
    with Phone(always(Hangup()), desk=Desk(sip_media_applications=apps)) as phone:
        calls = [phone.dials(number) for number in phone.service.numbers]
        for call in calls:
            call.ends()
    applications = [details(call.events[0])["SipMediaApplicationId"] for call in calls]
    rules = [details(call.events[0])["SipRuleId"] for call in calls]
    assert applications[0] == applications[1] != applications[2]
    assert len(set(rules)) == 3
