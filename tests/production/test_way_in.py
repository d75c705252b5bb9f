"""Every command that asks AWS says in a sentence why it was not answered, and what to do."""

import os
import socket
import wave
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from offhook.command.main import main
from tests.sampled import sampled

LEDGER = ("--ledger", "ledger")
COMMANDS = {
    "doctor": ["doctor", "+15550100100"],
    "prompts of a stack": ["prompts", "--seconds", "0", "--stack", "line"],
    "prompts of a bucket": ["prompts", "--seconds", "0", "--bucket", "ours"],
    "calls of a stack": ["calls", "report", "monday", "--stack", "line"],
    "calls of a ledger": ["calls", "report", "monday", *LEDGER],
    "a list": ["calls", "start", "list.csv", "--batch", "monday", "--queue", "queue", *LEDGER],
    "live": ["calls", "live", "+15550100100", *LEDGER],
    "redirect": ["calls", "redirect", "a-1", "to=desk", *LEDGER],
    "cancel": ["calls", "cancel", "a-1", *LEDGER],
    "stop": ["calls", "stop", *LEDGER],
}
THEIRS = ("An error occurred", "Could not connect", "Unable to locate", "boto", "Traceback", "{")


class Refuses(BaseHTTPRequestHandler):
    """What stands for AWS, and refuses everything, as each protocol does."""

    code = ""

    def _refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_json = "json" in self.headers.get("Content-Type", "")
        error = f"<Error><Code>{self.code}</Code><Message>No, you may not.</Message></Error>"
        body = error if self.headers.get("x-amz-content-sha256") else f"<E>{error}</E>"
        if is_json:
            body = f'{{"__type": "{self.code}", "message": "No, you may not."}}'
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode() if self.command != "HEAD" else b"")

    do_GET = do_PUT = do_POST = do_HEAD = _refuse  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def refusing(code: str) -> Generator[dict[str, str]]:
    kind = type("Refusing", (Refuses,), {"code": code})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
        server.shutdown()


@contextmanager
def nobody_there() -> Generator[dict[str, str]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    yield {"AWS_ENDPOINT_URL": address}


@contextmanager
def these(**variables: str) -> Generator[dict[str, str]]:
    yield variables


KEY = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
WRONG: dict[str, tuple[Callable[[], AbstractContextManager[dict[str, str]]], str]] = {
    "no credentials": (
        lambda: these(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""),
        "no credentials are found: write --profile NAME, or set AWS_PROFILE",
    ),
    "half a key": (lambda: these(AWS_SECRET_ACCESS_KEY=""), "the credentials lack"),
    "no such profile": (
        lambda: these(AWS_PROFILE="nobody"),
        "there is no profile nobody: `aws configure list-profiles` says which there are",
    ),
    "no region": (lambda: these(AWS_REGION=""), "write --region us-east-1, or set AWS_REGION"),
    "no name of a region": (lambda: these(AWS_REGION="us east"), "us east is no region: write"),
    "nobody there": (nobody_there, "nobody answers at http://127.0.0.1:"),
    "expired": (
        lambda: refusing("ExpiredToken"),
        "these credentials have expired: sign in again (`aws sso login`)",
    ),
    "an unknown key": (
        lambda: refusing("UnrecognizedClientException"),
        "AWS does not take these credentials (No, you may not)",
    ),
    "denied": (lambda: refusing("AccessDenied"), "--profile NAME"),
}
ELSEWHERE = {("denied", "doctor"): "sts:GetCallerIdentity is not allowed"}
"""What the doctor says in its own words."""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a desk, a prompt and a list; nothing of this machine's accounts."""
    (tmp_path / "line.py").write_text("def handler(event, context): ...")
    (tmp_path / "offhook.toml").write_text(
        '[[sip_media_applications]]\nnumbers = ["+15550100100"]\nfunction = "line:handler"\n'
    )
    (tmp_path / "list.csv").write_text("key,number,from\na-1,+15550100199,+15550100100\n")
    with wave.open(str(tmp_path / "hello.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0" * 800)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "hello.wav").rename(tmp_path / "prompts" / "hello.wav")
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    alone = {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }
    for name, value in {**alone, **KEY}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    ("command", "wrong"), sampled(((one, why) for one in COMMANDS for why in WRONG), quick=13)
)
def test_it_is_said_in_a_sentence(
    command: str, wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_so, says = WRONG[wrong]
    with is_so() as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
        code = main(COMMANDS[command])
    told = capsys.readouterr()
    said = told.err.splitlines()[-1]
    assert code == 2, told
    assert ELSEWHERE.get((wrong, command), says) in said
    assert not [each for each in THEIRS if each in told.out + told.err], told
