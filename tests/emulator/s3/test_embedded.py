"""A function uses S3 in a test, and the call hears what it put there; nobody else pays for it.

About `offhook.emulator.s3.file`.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from offhook.actions import Hangup, PlayAudio
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone
from tests.emulator.functions import AnsweredBy, Function, error, in_turn, reply

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB")
KEY = "made/hello.wav"


def s3() -> "S3Client":
    """As a handler makes it: it is told nothing."""
    return boto3.client("s3")  # pyright: ignore[reportUnknownMemberType] - an overload each


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


def puts_and_plays(
    body: bytes, bucket: str = "my-audio", content_type: str = "binary/octet-stream"
) -> Callable[..., object]:
    def function(event: Mapping[str, object], _context: object) -> object:
        if event["InvocationEventType"] != "NEW_INBOUND_CALL":
            return reply()
        s3().put_object(Bucket=bucket, Key=KEY, Body=body, ContentType=content_type)
        return reply(PlayAudio(audio_source=f"s3://{bucket}/{KEY}"), Hangup())

    return function


@pytest.mark.parametrize("bucket", ["prompts", "recordings", "my-audio"])
def test_what_the_function_puts_into_s3_is_heard(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], bucket: str
) -> None:
    body = a_wav("given.wav", seconds=1).read_bytes()
    phone = answered_by(puts_and_plays(body, bucket, "audio/wav"))
    call = phone.dials()
    call.hears(KEY)
    call.ends()
    assert phone.now == pytest.approx(1.0)
    assert "ContentType" not in str(call)


def test_audio_without_its_type_is_played_and_advised_of(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    call = answered_by(puts_and_plays(a_wav("given.wav").read_bytes())).dials()
    call.hears(KEY)
    assert f"s3://my-audio/{KEY} is binary/octet-stream" in str(call)
    assert 'put audio with ContentType="audio/wav"' in str(call)


def test_the_function_finds_there_what_is_in_the_folders(
    answered_by: AnsweredBy, a_wav: Callable[..., Path]
) -> None:
    a_wav("hello.wav")
    a_wav("other-bucket/deep/hello.wav")
    found: dict[str, str] = {}

    def function(_event: object, _context: object) -> object:
        for bucket, key in (("prompts", "hello.wav"), ("other-bucket", "deep/hello.wav")):
            found[f"{bucket}/{key}"] = s3().head_object(Bucket=bucket, Key=key)["ContentType"]
        return reply(Hangup())

    answered_by(function).dials().ends()
    assert found == {
        "prompts/hello.wav": "audio/wav",
        "other-bucket/deep/hello.wav": "audio/wav",
    }


def test_the_next_phone_finds_nothing_of_it(
    answered_by: AnsweredBy, a_wav: Callable[..., Path], prompts: Path
) -> None:
    body = a_wav("given.wav").read_bytes()
    play = PlayAudio(audio_source=f"s3://my-audio/{KEY}")
    with Phone(puts_and_plays(body), desk=Desk(prompts=prompts)) as phone:
        phone.dials().hears(KEY)
        assert [name for name in VARIABLES if name in os.environ] == [*VARIABLES]
    assert [name for name in VARIABLES if name in os.environ] == []

    def comes_and_plays(event: Mapping[str, object], _context: object) -> object:
        s3().list_buckets()
        return reply(play) if event["InvocationEventType"] == "NEW_INBOUND_CALL" else reply()

    functions: list[Function] = [comes_and_plays, in_turn([play])]
    for function in functions:
        call = answered_by(function).dials()
        call.waits(1)
        assert error(call.events[1])[1] == "Cannot access S3 bucket or audio file."


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_an_endpoint_that_somebody_set_is_where_it_goes(
    answered_by: AnsweredBy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    found: list[str | None] = []

    def function(_event: object, _context: object) -> object:
        found.append(s3().meta.endpoint_url)
        return reply()

    answered_by(function).dials().waits(0)
    assert found == ["http://127.0.0.1:9"]


def test_what_is_not_in_the_folders_may_be_at_that_endpoint(
    answered_by: AnsweredBy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    call = answered_by(in_turn([PlayAudio(audio_source="s3://prompts/a.wav")])).dials()
    call.waits(0)
    assert 'is read with s3 = { endpoint = "http://127.0.0.1:9" }' in str(call)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("(InvalidAccessKeyId) when calling the PutObject", 'as in Phone("app:handler")'),
        (
            "(ResourceNotFoundException) when calling the GetItem",
            "[tool.offhook.tables], as in orders",
        ),
    ],
)
def test_a_client_of_something_else_is_told_of(
    answered_by: AnsweredBy, said: str, hint: str
) -> None:
    call = answered_by(in_turn(RuntimeError(f"An error occurred {said} operation"))).dials()
    call.waits(0)
    assert hint in str(call)
    assert "\\n" not in str(call)


def test_a_test_s_own_mocks_are_not_in_the_way_of_it(answered_by: AnsweredBy) -> None:
    found: list[bytes] = []

    def function(_event: object, _context: object) -> object:
        found.append(s3().get_object(Bucket="theirs", Key="a")["Body"].read())
        return reply()

    from moto import mock_aws

    with mock_aws():
        s3().create_bucket(Bucket="theirs")
        s3().put_object(Bucket="theirs", Key="a", Body=b"mocked")
        phone = answered_by(function)
        phone.dials().waits(0)
        phone.close()
        s3().head_object(Bucket="theirs", Key="a")
    assert found == [b"mocked"]


def test_a_call_that_needs_no_s3_loads_none(tmp_path: Path) -> None:
    story = (
        "import sys\n"
        "from offhook.emulator.testing import Desk, Phone\n"
        "with Phone(lambda *_: {'SchemaVersion': '1.0', 'Actions': []}, desk=Desk()) as phone:\n"
        "    phone.dials().waits(1)\n"
        "print([name for name in ('moto', 'boto3', 'botocore', 'flask') if name in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", story],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
