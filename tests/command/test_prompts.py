"""`offhook prompts`, at a folder and an S3. About `offhook.production.prompts`."""

import logging
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs

import boto3
import pytest

from offhook.command.main import main

HANDLER = """
def handler(event, context):
    play = {"Type": "PlayAudio", "Parameters": {"AudioSource": {
        "Type": "S3", "BucketName": "prompts-of-ours", "Key": "welcome.wav"}}}
    first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    hangup = {"Type": "Hangup", "Parameters": {}}
    return {"SchemaVersion": "1.0", "Actions": [play if first else hangup]}
"""
BUCKET = "prompts-of-ours"


def record(path: Path, rate: int = 8000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\0" * 800)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "line.py").write_text(HANDLER)
    (tmp_path / "offhook.toml").write_text(
        '[[sip_media_applications]]\nnumbers = ["+15550100100"]\nfunction = "line:handler"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from moto.moto_server.threaded_moto_server import (  # pyright: ignore[reportMissingTypeStubs]
        ThreadedMotoServer,
    )

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        client: Any = cast("Any", boto3).client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client
        for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=each["Key"])
        client.delete_bucket(Bucket=BUCKET)
    finally:
        server.stop()


def test_what_the_flows_play_and_nobody_has_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prompts"]) == 1
    said = capsys.readouterr()
    assert f"s3://{BUCKET}/welcome.wav" in said.err
    record(project / "prompts" / BUCKET / "welcome.wav")
    assert main(["prompts"]) == 0
    assert "no call that was played missed a prompt" in capsys.readouterr().out


def test_what_the_service_refuses_is_said_before_it_is_uploaded(
    project: Path, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "prompts").mkdir()
    (project / "prompts" / "a menu.wav").write_bytes(b"ID3 this is an mp3")
    record(project / "prompts" / "hold.wav", rate=44100)
    assert main(["prompts", "--seconds", "0", "--bucket", BUCKET]) == 1
    said = capsys.readouterr()
    assert "menu.wav: it is no PCM wav" in said.err
    assert f"ffmpeg -i '{project / 'prompts' / 'a menu.wav'}' -ac 1" in said.err
    assert "nothing is uploaded" in said.err
    assert "hold.wav: advice: it has 44100 Hz; a telephone carries 8000" in said.out
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_they_are_uploaded_as_audio_once(
    project: Path, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    record(project / "prompts" / "welcome.wav")
    record(project / "prompts" / "en" / "menu.wav")
    uploading = ["prompts", "--seconds", "0", "--bucket", BUCKET]
    assert main(uploading) == 0
    assert "2 uploaded, 0 were there" in capsys.readouterr().out
    assert s3.head_object(Bucket=BUCKET, Key="en/menu.wav")["ContentType"] == "audio/wav"
    assert main(uploading) == 0
    assert "0 uploaded, 2 were there" in capsys.readouterr().out
    copied = {"Bucket": BUCKET, "Key": "welcome.wav"}
    s3.copy_object(
        **copied, CopySource=copied, MetadataDirective="REPLACE", ContentType="binary/octet-stream"
    )
    assert main(uploading) == 0
    assert "1 uploaded, 1 were there" in capsys.readouterr().out


class Stacks(BaseHTTPRequestHandler):
    """CloudFormation's DescribeStacks: moto has it only with more than a checkout installs."""

    OUTPUTS: ClassVar = {"line": "PromptsBucket", "other": "QueueUrl"}

    def do_POST(self) -> None:
        name = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["StackName"]
        output = self.OUTPUTS.get(name[0])
        error = "<Code>ValidationError</Code><Message>Stack does not exist</Message>"
        stack = (
            f"<StackName>{name[0]}</StackName><Outputs><member><OutputKey>{output}</OutputKey>"
            f"<OutputValue>{BUCKET}</OutputValue></member></Outputs>"
        )
        answer = (
            f"<DescribeStacksResponse><DescribeStacksResult><Stacks><member>{stack}</member>"
            "</Stacks></DescribeStacksResult></DescribeStacksResponse>"
            if output
            else f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
        ).encode()
        self.send_response(200 if output else 400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Stacks) as server:
        threading.Thread(target=server.serve_forever).start()
        there = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", there)
        yield
        server.shutdown()


@pytest.mark.usefixtures("s3", "stacks")
def test_a_stack_says_which_bucket(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(project / "prompts" / "welcome.wav")
    assert main(["prompts", "--seconds", "0", "--stack", "line"]) == 0
    assert f"s3://{BUCKET}/welcome.wav" in capsys.readouterr().out
    assert main(["prompts", "--seconds", "0", "--stack", "other"]) == 2
    assert "it has QueueUrl" in capsys.readouterr().err
    assert main(["prompts", "--seconds", "0", "--stack", "nobodys"]) == 2
    assert "the stack nobodys cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--bucket", "a-bucket-of-nobody"], "nothing more is put into a-bucket-of-nobody"),
        (
            ["--bucket", BUCKET, "--profile", "nobody"],
            "there is no profile nobody",
        ),
    ],
)
@pytest.mark.usefixtures("s3")
def test_what_cannot_be_uploaded_is_told_in_a_line(
    project: Path, capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    record(project / "prompts" / "welcome.wav")
    assert main(["prompts", "--seconds", "0", *typed]) == 2
    assert told in capsys.readouterr().err


def test_a_region_is_asked_for_before_the_calls_are_played(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(project / "none"))
    assert main(["prompts", "--bucket", BUCKET]) == 2
    told = capsys.readouterr()
    assert "no region is named: write --region us-east-1" in told.err
    assert told.out == ""
