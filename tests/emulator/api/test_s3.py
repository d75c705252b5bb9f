"""Prompts come from S3 and recordings go there, through boto3, as the bucket's policy allows."""

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from offhook.actions import Hangup, PlayAudio, RecordAudio
from offhook.emulator.config import S3, ConfigError
from offhook.emulator.serving import Server
from tests.emulator.api.calls import dials, until
from tests.emulator.api.conftest import OURS, Serves
from tests.emulator.functions import error, in_turn

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

WELCOME = PlayAudio(audio_source="s3://prompts/greetings/welcome.wav")
NO_ACCESS = ("InvalidAudioSource", "Cannot access S3 bucket or audio file.")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A folder with one prompt of a second."""
    folder = tmp_path / "prompts" / "greetings"
    folder.mkdir(parents=True)
    with wave.open(str(folder / "welcome.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(16_000))
    return tmp_path / "prompts"


def buckets(server: Server) -> "S3Client":
    """boto3's client for the embedded S3."""
    return boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload per service
        "s3",
        endpoint_url=server.exchange.s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )


@pytest.mark.usefixtures("prompts")
def test_a_prompt_is_played_from_s3_while_the_policy_allows_it(serves: Serves) -> None:
    server = serves(in_turn([WELCOME, Hangup()], [WELCOME], [Hangup()]), s3=S3(endpoint="embedded"))
    s3 = buckets(server)
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    assert [(p.clip.text, p.clip.seconds) for p in call.legs[0].prompts] == [
        ("greetings/welcome.wav", 1.0)
    ]
    s3.delete_bucket_policy(Bucket="prompts")
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    s3.close()


@pytest.mark.usefixtures("prompts")
@pytest.mark.parametrize("fault", ["no policy", "a policy for others", "no object", "no wav"])
def test_what_cannot_be_read_from_s3_fails_as_documented(serves: Serves, fault: str) -> None:
    server = serves(in_turn([WELCOME], [Hangup()]), s3=S3(endpoint="embedded"))
    s3 = buckets(server)
    place = {"Bucket": "prompts", "Key": "greetings/welcome.wav"}
    match fault:
        case "no policy":
            s3.delete_bucket_policy(Bucket="prompts")
        case "a policy for others":
            s3.put_bucket_policy(Bucket="prompts", Policy='{"Statement": {"Effect": "Allow"}}')
        case "no object":
            s3.delete_object(**place)  # type: ignore[arg-type]
        case _:
            s3.put_object(**place, Body=b"RIFF")  # type: ignore[arg-type]
    s3.close()
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    found = error(call.teller.events[1])
    assert found == NO_ACCESS if fault != "no wav" else found[0] == "InvalidAudioSource"


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_recording_is_delivered_to_s3_while_the_policy_allows_it(
    serves: Serves, is_allowed: bool
) -> None:
    record = RecordAudio(
        recording_destination="s3://recordings/notes",
        duration_in_seconds=1,
        recording_terminators=["#"],
    )
    server = serves(in_turn([record], [Hangup()]), s3=S3(endpoint="embedded"))
    s3 = buckets(server)
    if not is_allowed:
        s3.delete_bucket_policy(Bucket="recordings")
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    found = [
        item.get("Key", "") for item in s3.list_objects_v2(Bucket="recordings").get("Contents", [])
    ]
    s3.close()
    events = [event["InvocationEventType"] for event in call.teller.events]
    assert events[1] == ("ACTION_SUCCESSFUL" if is_allowed else "ACTION_FAILED")
    assert [key.partition("/")[0] for key in found] == (["notes"] if is_allowed else [])


def test_any_endpoint_can_be_named(serves: Serves) -> None:
    server = serves(in_turn([WELCOME], [Hangup()]), s3=S3(endpoint="http://127.0.0.1:9"))
    call = dials(server, OURS)
    until(lambda: call.has_ended, seconds=20)
    assert error(call.teller.events[1]) == NO_ACCESS


def test_without_moto_the_embedded_s3_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from offhook.emulator.s3.embedded import EmbeddedS3

    monkeypatch.setitem(__import__("sys").modules, "moto.server", None)
    with pytest.raises(ConfigError, match=r'pip install "offhook\[s3\]"'):
        EmbeddedS3()
