"""A bucket is one place: what was recorded there, or put there, is played by the same key."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import boto3
import pytest

from offhook.actions import Hangup, PlayAudio, RecordAudio, Speak, StartCallRecording
from offhook.emulator.testing import PhoneCall
from tests.emulator.functions import AnsweredBy, Function, action_data, error, in_turn, legs, reply


def record(bucket: str) -> RecordAudio:
    return RecordAudio(
        recording_destination=f"s3://{bucket}/notes",
        recording_terminators=["#"],
        duration_in_seconds=2,
    )


def plays_what_it_records(bucket: str) -> Function:
    """As in AWS's lesson of PlayAudio: what was recorded is played, in later calls too."""
    kept: list[PlayAudio] = []

    def function(event: Mapping[str, object], _context: object) -> object:
        kind = event["InvocationEventType"]
        if kind == "NEW_INBOUND_CALL":
            return reply(kept[0], Hangup()) if kept else reply(record(bucket))
        if kind == "ACTION_SUCCESSFUL" and action_data(event)["Type"] == "RecordAudio":
            to = cast("Mapping[str, str]", action_data(event)["RecordingDestination"])
            kept.append(PlayAudio(audio_source=f"s3://{to['BucketName']}/{to['Key']}"))
            return reply(kept[0], Hangup())
        return reply()

    return function


def records(call: PhoneCall) -> None:
    call.waits(1)
    call.presses("#")
    call.waits(5)


def heard(call: PhoneCall) -> list[str]:
    """How long each wav was that was heard, in seconds."""
    return re.findall(r"hears ♪ \S+  \((.+) s\)", str(call))


@pytest.mark.parametrize("bucket", ["a-bucket", "recordings", "prompts"])
def test_what_was_recorded_is_played_in_this_call_and_in_the_next(
    answered_by: AnsweredBy, bucket: str, prompts: Path
) -> None:
    phone = answered_by(plays_what_it_records(bucket))
    first = phone.dials()
    records(first)
    assert heard(first) == ["1.0"]
    second = phone.dials()
    second.waits(2)
    assert heard(second) == ["1.0"]
    assert list(prompts.iterdir()) == []


@pytest.mark.parametrize(("bucket", "below"), [("recordings", "notes"), ("a-bucket", "a-bucket")])
def test_the_recordings_bucket_is_the_folder_itself(
    answered_by: AnsweredBy, bucket: str, below: str
) -> None:
    phone = answered_by(plays_what_it_records(bucket))
    records(phone.dials())
    buckets = phone.service.buckets
    assert [each.name for each in buckets.folder.iterdir()] == [below]
    assert bucket in {each.bucket for each in buckets.files()}


def test_of_recordings_the_oldest_are_forgotten(answered_by: AnsweredBy) -> None:
    buckets = answered_by(in_turn([])).service.buckets
    first, *rest = (buckets.write("a-bucket", f"{n}.wav", [bytes(2)]) for n in range(3))
    buckets.forget(but=2)
    assert buckets.written == rest
    assert not first.exists()
    assert all(path.exists() for path in rest)
    assert {each.key for each in buckets.files() if each.bucket == "a-bucket"} == {"1.wav", "2.wav"}


def test_what_was_written_last_is_what_a_key_has(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    phone = answered_by(
        in_turn(*[[PlayAudio(audio_source="s3://prompts/a.wav"), Hangup()], []] * 2)
    )
    prompt = a_wav("a.wav", seconds=1)
    recorded = phone.service.buckets.write("prompts", "a.wav", [bytes(32_000)])
    os.utime(prompt, (1, 1))
    call = phone.dials()
    call.waits(3)
    assert heard(call) == ["2.0"]
    os.utime(recorded, (0, 0))
    call = phone.dials()
    call.waits(3)
    assert heard(call) == ["1.0"]


def test_a_bucket_that_a_function_made_without_a_policy_takes_no_call_recording(
    answered_by: AnsweredBy,
) -> None:
    def function(event: Mapping[str, object], _context: object) -> object:
        if event["InvocationEventType"] != "NEW_INBOUND_CALL":
            return reply(Hangup())
        s3 = boto3.client("s3")  # pyright: ignore[reportUnknownMemberType] - an overload each
        s3.create_bucket(Bucket="talks")
        s3.close()
        leg = str(legs(event)[0]["CallId"])
        start = StartCallRecording(call_id=leg, track="BOTH", destination="s3://talks")
        return reply(Speak(text="Hello."), start)

    call = answered_by(function).dials()
    call.hears("Hello.")
    call.ends()
    assert error(call.events[1]) == ("SystemException", "System error while running an action.")
    assert "has to allow voiceconnector.chime.amazonaws.com s3:PutObject" in str(call)
