"""Prompts come from S3 and recordings go there, through boto3, as the bucket's policy allows.

About `offhook.emulator.s3.door`, `offhook.emulator.s3.embedded`, `offhook.emulator.s3.mirror`,
`offhook.emulator.s3.objects`, `offhook.emulator.s3.opened`.
"""

import socket
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from offhook.actions import Hangup, Pause, PlayAudio, RecordAudio, StartCallRecording
from offhook.emulator.s3 import embedded
from offhook.emulator.service.config import S3, Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.service import Service
from offhook.emulator.testing import Phone
from tests.emulator.functions import action_data, error, in_turn, legs, reply
from tests.emulator.server.calls import desk, dials
from tests.emulator.server.conftest import OURS, Serves
from tests.patience import until

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


def buckets(service: Service) -> "S3Client":
    """boto3's client for the embedded S3."""
    assert service.s3 is not None
    return boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload per service
        "s3",
        endpoint_url=service.s3.endpoint,
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )


@pytest.mark.usefixtures("prompts")
def test_a_prompt_is_played_from_s3_while_the_policy_allows_it(serves: Serves) -> None:
    server = serves(in_turn([WELCOME, Hangup()], [WELCOME], [Hangup()]), s3=S3(endpoint="embedded"))
    s3 = buckets(server.service)
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
    s3 = buckets(server.service)
    key = "greetings/welcome.wav"
    match fault:
        case "no policy":
            s3.delete_bucket_policy(Bucket="prompts")
        case "a policy for others":
            s3.put_bucket_policy(Bucket="prompts", Policy='{"Statement": {"Effect": "Allow"}}')
        case "no object":
            s3.delete_object(Bucket="prompts", Key=key)
        case _:
            s3.put_object(Bucket="prompts", Key=key, Body=b"RIFF")
    s3.close()
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    found = error(call.told.events[1])
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
    s3 = buckets(server.service)
    if not is_allowed:
        s3.delete_bucket_policy(Bucket="recordings")
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    found = [
        item.get("Key", "") for item in s3.list_objects_v2(Bucket="recordings").get("Contents", [])
    ]
    s3.close()
    events = [event["InvocationEventType"] for event in call.told.events]
    assert events[1] == ("ACTION_SUCCESSFUL" if is_allowed else "ACTION_FAILED")
    assert [key.partition("/")[0] for key in found] == (["notes"] if is_allowed else [])


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_call_recording_starts_while_the_policy_allows_it(
    serves: Serves, is_allowed: bool
) -> None:
    def function(event: Mapping[str, object], _context: object) -> object:
        if event["InvocationEventType"] != "NEW_INBOUND_CALL":
            return reply(Hangup())
        leg, place = str(legs(event)[0]["CallId"]), "s3://talks"
        return reply(StartCallRecording(call_id=leg, track="BOTH", destination=place))

    server = serves(function, s3=S3(endpoint="embedded"))
    s3 = buckets(server.service)
    if not is_allowed:
        s3.create_bucket(Bucket="talks")
    else:
        s3.list_buckets()
    s3.close()
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    ladder = call.ladder.render()
    started = call.told.events[1]["InvocationEventType"] == "ACTION_SUCCESSFUL"
    assert started is is_allowed, ladder
    assert ("s3:PutObject and s3:PutObjectAcl on its objects" in ladder) is not is_allowed


@pytest.mark.parametrize("endpoint", ["folders", "embedded"])
@pytest.mark.parametrize("bucket", ["recordings", "prompts", "any-bucket"])
def test_what_was_recorded_can_be_played(tmp_path: Path, endpoint: str, bucket: str) -> None:
    def function(event: object, _context: object) -> object:
        told = cast("Mapping[str, object]", event)
        if told["InvocationEventType"] == "NEW_INBOUND_CALL":
            record = RecordAudio(
                recording_destination=f"s3://{bucket}",
                duration_in_seconds=1,
                recording_terminators=["#"],
            )
            return reply(record)
        if told["InvocationEventType"] == "ACTION_SUCCESSFUL":
            recorded = cast("Mapping[str, str]", action_data(told)["RecordingDestination"])
            return reply(PlayAudio(audio_source=f"s3://{bucket}/{recorded['Key']}"), Hangup())
        return reply()

    here = Desk(
        prompts=tmp_path / "prompts",
        recordings=tmp_path / "recordings",
        s3=S3(endpoint=endpoint),
    )
    with Phone(function, desk=here) as phone:
        if endpoint == "embedded":
            s3 = buckets(phone.service)
            s3.list_buckets()
            s3.close()
        phone.dials().settles()
        (call,) = phone.service.placed()
    (played,) = call.legs[0].prompts
    assert played.clip.seconds == pytest.approx(1.0, abs=0.5)
    assert played.clip.advice == ""


def test_a_call_recording_has_the_documented_metadata(serves: Serves) -> None:
    def records(event: object, _context: object) -> object:
        told = cast("Mapping[str, object]", event)
        leg = str(legs(told)[0]["CallId"])
        start = StartCallRecording(call_id=leg, track="BOTH", destination="s3://recordings")
        return reply(start, Pause(duration_in_milliseconds=100), Hangup())

    server = serves(records, s3=S3(endpoint="embedded"))
    s3 = buckets(server.service)
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    (item,) = s3.list_objects_v2(Bucket="recordings").get("Contents", [])
    found = s3.head_object(Bucket="recordings", Key=item.get("Key", ""))["Metadata"]
    s3.close()
    assert found == {
        "transaction-id": call.transaction_id,
        "call-id": call.legs[0].call_id,
        "recording-duration": "0",
        "recording-audio-file-format": "wav",
    }


def test_a_file_that_comes_goes_or_changes_does_so_in_the_bucket(
    serves: Serves, prompts: Path
) -> None:
    server = serves(s3=S3(endpoint="embedded"), region="eu-central-1")
    s3 = buckets(server.service)
    opened = server.service.s3
    assert opened is not None
    (prompts / "new.wav").write_bytes(b"new")
    (prompts / "greetings" / "welcome.wav").unlink()
    opened.refresh()
    found = s3.list_objects_v2(Bucket="prompts").get("Contents", [])
    assert [item.get("Key") for item in found] == ["new.wav"]
    (prompts / "new.wav").write_bytes(b"newer")
    opened.refresh()
    assert s3.get_object(Bucket="prompts", Key="new.wav")["Body"].read() == b"newer"
    s3.close()


def test_without_s3_prompts_are_in_a_folder(serves: Serves) -> None:
    assert serves(s3=S3(endpoint="folders")).service.s3 is None


def test_any_endpoint_can_be_named(serves: Serves) -> None:
    server = serves(in_turn([WELCOME], [Hangup()]), s3=S3(endpoint="http://127.0.0.1:9"))
    call = dials(server, OURS)
    until(lambda: call.has_ended)
    assert error(call.told.events[1]) == NO_ACCESS


def test_an_s3_that_does_not_answer_keeps_nobody_else_waiting(
    serves: Serves, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "desk")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(10)
        port = silent.getsockname()[1]
        server = serves(in_turn([WELCOME], [Hangup()]), s3=S3(endpoint=f"http://127.0.0.1:{port}"))
        call = dials(server, OURS)
        asking, _ = silent.accept()
        with asking:
            status, about = desk(server, "GET", "")
            assert (status, about["ActiveCalls"], call.has_ended) == (200, 1, False)
    until(lambda: call.has_ended)
    assert error(call.told.events[1]) == NO_ACCESS


def test_without_moto_the_embedded_s3_says_what_to_install(
    serves: Serves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "is_installed", lambda: False)
    assert serves().service.s3 is None
    with pytest.raises(ConfigError, match=r'pip install "offhook\[serve\]"'):
        serves(s3=S3(endpoint="embedded"))
