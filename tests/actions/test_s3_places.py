"""Where audio is and recordings go: `s3://bucket/key`, or a key in the default bucket.

About `offhook.actions.fields`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import (
    Action,
    CallAndBridge,
    PlayAudio,
    PlayAudioAndGetDigits,
    RecordAudio,
    StartCallRecording,
)
from tests.actions.examples import minimal, parameters_of, wire

LEG = "a1d4e6f2-3b57-4c08-9e1a-5f72b8c0d913"
PROMPTS = "OFFHOOK_PROMPTS_BUCKET"
RECORDINGS = "OFFHOOK_RECORDINGS_BUCKET"

BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True)
SAFE = "abcXYZ019!-_.*'()/"


def recording(place: str) -> RecordAudio:
    """A voicemail that goes to a place."""
    return RecordAudio(recording_destination=place, recording_terminators="#")


def call_recording(place: str) -> StartCallRecording:
    """A call recording that goes to a place."""
    return StartCallRecording(call_id=LEG, track="BOTH", destination=place)


@given(bucket=BUCKETS, key=st.text(min_size=1, max_size=300))
def test_a_place_is_a_bucket_and_a_key(bucket: str, key: str) -> None:
    played = PlayAudio(audio_source=f"s3://{bucket}/{key}")
    assert parameters_of(played) == {
        "AudioSource": {"Type": "S3", "BucketName": bucket, "Key": key}
    }
    assert Action.from_wire(played.to_wire()) == played


def test_a_key_alone_is_in_the_default_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    welcome = PlayAudio(audio_source="prompts/welcome.wav")
    monkeypatch.setenv(PROMPTS, "the-default")
    audio = {"Type": "S3", "BucketName": "the-default", "Key": "prompts/welcome.wav"}
    assert parameters_of(welcome) == {"AudioSource": audio}
    sent = Action.from_wire(welcome.to_wire())
    assert sent == PlayAudio(audio_source="s3://the-default/prompts/welcome.wav")
    assert sent.to_wire() == welcome.to_wire()


@pytest.mark.usefixtures("no_default_buckets")
def test_without_a_default_bucket_the_message_says_what_to_set() -> None:
    welcome = PlayAudio(audio_source="welcome.wav")
    with pytest.raises(ValueError, match=r"welcome\.wav") as refused:
        welcome.to_wire()
    assert "OFFHOOK_PROMPTS_BUCKET is not set" in str(refused.value)
    assert "write s3://bucket/welcome.wav" in str(refused.value)
    with pytest.raises(ValueError, match="OFFHOOK_RECORDINGS_BUCKET is not set"):
        recording("inbox/42").to_wire()
    with pytest.raises(ValueError, match="OFFHOOK_RECORDINGS_BUCKET is not set"):
        call_recording("").to_wire()


@pytest.fixture
def no_default_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without Offhook's settings."""
    monkeypatch.delenv(PROMPTS, raising=False)
    monkeypatch.delenv(RECORDINGS, raising=False)


def test_every_audio_of_an_action_is_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROMPTS, "the-default")
    asked = PlayAudioAndGetDigits(
        audio_source="s3://example-prompts/pin.wav",
        failure_audio_source="again.wav",
        repeat_duration_in_milliseconds=5000,
    )
    assert parameters_of(asked) == {
        "AudioSource": {"Type": "S3", "BucketName": "example-prompts", "Key": "pin.wav"},
        "FailureAudioSource": {"Type": "S3", "BucketName": "the-default", "Key": "again.wav"},
        "RepeatDurationInMilliseconds": 5000,
    }
    bridge = CallAndBridge(
        caller_id_number="+15550100100", uri="+15550100300", ringback_tone="ring.wav"
    )
    assert parameters_of(bridge)["RingbackTone"] == {
        "Type": "S3",
        "BucketName": "the-default",
        "Key": "ring.wav",
    }


@pytest.mark.parametrize(
    "place",
    [
        *("", "s3://", "s3://prompts", "s3://prompts/", "s3:///welcome.wav", "s3://UPPER/a.wav"),
        *("s3://ab/a.wav", "s3://-prompts/a.wav", "s3://my prompts/a.wav"),
        *("k" * 1025, "é" * 513, f"s3://prompts/{'k' * 1025}", f"s3://{'b' * 64}/a.wav"),
    ],
    ids=lambda place: f"{place[:20]} {len(place)}",
)
def test_anything_else_is_no_audio(place: str) -> None:
    with pytest.raises(ValidationError, match="audio_source"):
        PlayAudio(audio_source=place)


@pytest.mark.parametrize("key", ["k" * 1024, "é" * 512], ids=len)
def test_a_key_has_up_to_1024_bytes(key: str) -> None:
    played = PlayAudio(audio_source=f"s3://prompts/{key}")
    assert parameters_of(played)["AudioSource"] == {
        "Type": "S3",
        "BucketName": "prompts",
        "Key": key,
    }


@pytest.mark.parametrize(
    "source",
    [
        "s3://example-prompts/welcome.wav",
        {"BucketName": "example-prompts", "Key": "welcome.wav"},
        {"Type": "FTP", "BucketName": "example-prompts", "Key": "welcome.wav"},
        {"Type": "S3", "Key": "prompts/welcome.wav"},
        {"Type": "S3", "BucketName": "", "Key": "prompts/welcome.wav"},
        {"Type": "S3", "BucketName": "example-prompts/inbox", "Key": "welcome.wav"},
        {"Type": "S3", "BucketName": "example-prompts"},
        {"Type": "S3", "BucketName": "example-prompts", "Key": ""},
        {"Type": "S3", "BucketName": "example-prompts", "Key": 5},
        {"Type": "S3", "BucketName": ["example-prompts"], "Key": "welcome.wav"},
        {},
        [],
    ],
    ids=str,
)
def test_on_the_wire_audio_is_an_object_that_is_whole(source: object) -> None:
    with pytest.raises(ValidationError, match="audio_source"):
        Action.from_wire(wire("PlayAudio", AudioSource=source))


@given(bucket=BUCKETS, prefix=st.text(SAFE, max_size=60))
def test_a_voicemail_goes_to_a_prefix(bucket: str, prefix: str) -> None:
    kept = recording(f"s3://{bucket}/{prefix}")
    destination = {"Type": "S3", "BucketName": bucket, **({"Prefix": prefix} if prefix else {})}
    assert parameters_of(kept)["RecordingDestination"] == destination
    assert Action.from_wire(kept.to_wire()).to_wire() == kept.to_wire()


def test_a_prefix_alone_is_in_the_default_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RECORDINGS, "the-default")
    assert parameters_of(recording("inbox/42"))["RecordingDestination"] == {
        "Type": "S3",
        "BucketName": "the-default",
        "Prefix": "inbox/42",
    }
    assert parameters_of(recording(""))["RecordingDestination"] == {
        "Type": "S3",
        "BucketName": "the-default",
    }
    assert parameters_of(call_recording("support"))["Destination"] == {
        "Type": "S3",
        "Location": "the-default/support",
    }
    assert parameters_of(call_recording(""))["Destination"] == {
        "Type": "S3",
        "Location": "the-default",
    }


def test_a_prefix_has_up_to_979_bytes_of_safe_characters() -> None:
    longest = "s3://recordings/" + "p" * 979
    assert recording(longest).recording_destination == longest
    for prefix in ("p" * 980, "a b", "é", "a&b", "a\n"):
        with pytest.raises(ValidationError, match="979 bytes"):
            recording(f"s3://recordings/{prefix}")


@pytest.mark.parametrize("place", ["s3://", "s3:///inbox", "s3://UPPER", "s3://ab"])
def test_a_recording_goes_to_a_bucket(place: str) -> None:
    for record in (recording, call_recording):
        with pytest.raises(ValidationError, match="names no bucket"):
            record(place)


@pytest.mark.parametrize("location", ["example-recordings", "example-recordings/support/english"])
def test_a_call_recording_goes_to_a_location(location: str) -> None:
    kept = call_recording(f"s3://{location}")
    assert parameters_of(kept)["Destination"] == {"Type": "S3", "Location": location}
    assert Action.from_wire(kept.to_wire()) == kept


@pytest.mark.parametrize(
    "destination",
    [{"Type": "S3"}, {"Type": "S3", "Location": ""}, {"Location": "recordings"}, "recordings"],
    ids=str,
)
def test_on_the_wire_a_destination_is_an_object_that_is_whole(destination: object) -> None:
    with pytest.raises(ValidationError, match="destination"):
        Action.from_wire(minimal("StartCallRecording", Destination=destination))
    with pytest.raises(ValidationError, match="recording_destination"):
        Action.from_wire(minimal("RecordAudio", RecordingDestination=destination))
