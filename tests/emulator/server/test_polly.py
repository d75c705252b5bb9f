"""Polly itself reads prompts aloud, for a profile that the configuration names and for no other.

About `offhook.emulator.server.voices`.
"""

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from offhook.actions import Pause, Speak
from offhook.emulator.call.audio import speech
from offhook.emulator.function import credentials
from offhook.emulator.media.pcm import tone
from offhook.emulator.media.voices import CannotSay
from offhook.emulator.server.polly import Polly
from offhook.emulator.server.voices import voices_of
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from tests.emulator.functions import in_turn
from tests.emulator.server.conftest import OURS, Serves
from tests.emulator.server.phone.test_line import lines

__all__ = ["lines"]

REGION = "eu-central-1"
SOUND = tone(300, 0.5)


class Service:
    """Where Polly is: says everything as half a second of a tone, or refuses."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.status = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(json.loads(body))
                service.keys.append(self.headers["Authorization"].split("Credential=")[1])
                refused = b'{"message": "You may not speak."}'
                answer = SOUND if service.status == 200 else refused
                self.send_response(service.status)
                if service.status != 200:
                    self.send_header("x-amzn-ErrorType", "AccessDeniedException")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *_args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def polly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A Polly that the profile `voice` leads to; that of `empty` has no credentials."""
    service = Service()
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(
        f"[profile voice]\nregion = eu-west-1\nendpoint_url = {service.url}\n[profile empty]\n"
    )
    (folder / "credentials").write_text(
        "[voice]\naws_access_key_id = AKIDVOICE\naws_secret_access_key = secret\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    with service.server:
        yield service
        service.server.shutdown()


def test_it_is_asked_as_the_action_has_it(polly: Service) -> None:
    clip = speech("<speak>Guten <break/> Tag</speak>", "ssml", 160, "Vicki", "de-DE", "neural")
    assert Polly("voice", REGION).says(clip) == SOUND
    assert polly.asked == [
        {
            "OutputFormat": "pcm",
            "SampleRate": "8000",
            "Text": "<speak>Guten <break/> Tag</speak>",
            "TextType": "ssml",
            "VoiceId": "Vicki",
            "Engine": "neural",
            "LanguageCode": "de-DE",
        }
    ]
    assert "/eu-west-1/polly/" in polly.keys[0]


def test_a_function_without_credentials_beside_it_changes_nothing(
    polly: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "voice")  # which the function must not find
    before = Polly("voice", REGION)
    give_back = credentials.hold("us-east-1", real_aws=False)
    try:
        for voice in (before, Polly("voice", REGION)):
            voice.says(speech("Hello.", "text", 160))
    finally:
        give_back()
    assert [key.partition("/")[0] for key in polly.keys] == ["AKIDVOICE", "AKIDVOICE"]


@pytest.mark.usefixtures("polly")
def test_a_profile_that_cannot_be_used_is_said_at_the_start(serves: Serves) -> None:
    with pytest.raises(ConfigError, match=r"polly = 'nobody': .*nobody.* could not be found"):
        serves(polly="nobody")
    with pytest.raises(ConfigError, match="polly = 'empty': the profile has no credentials"):
        Polly("empty", REGION)


def test_no_account_is_asked_unless_one_is_named(
    polly: Service, serves: Serves, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "voice")
    monkeypatch.setenv("AWS_ENDPOINT_URL_POLLY", polly.url)
    line = lines(serves(in_turn([Speak(text="Hello.")])))
    line.does("dial", To=OURS)
    line.hears("hears", Text="Hello.")
    assert polly.asked == []


def test_a_caller_hears_it_once_it_is_asked_and_never_again(
    polly: Service, serves: Serves, lines: Any
) -> None:
    again = [Speak(text="Hello."), Speak(text="Hello."), Pause(duration_in_milliseconds=9_000)]
    line = lines(serves(in_turn(again), polly="voice"))
    assert line.hears("desk")["Voice"] == "Amazon Polly"
    line.does("dial", To=OURS)
    for _ in "12":
        assert line.hears("hears", Text="Hello.")["Seconds"] == pytest.approx(0.5)
    line.hears("call", Next=[])
    assert b"".join(line.frames)[: len(SOUND)] == SOUND
    assert [each["VoiceId"] for each in polly.asked] == ["Joanna"]


def test_where_it_refuses_the_next_voice_speaks_and_says_why_once(
    polly: Service, serves: Serves, lines: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "offhook.media")
    polly.status = 403
    said = [Speak(text="One."), Speak(text="Two."), Pause(duration_in_milliseconds=9_000)]
    line = lines(serves(in_turn(said), polly="voice"))
    line.does("dial", To=OURS)
    line.hears("hears", Text="One.")
    line.hears("hears", Text="Two.")
    assert any(any(frame) for frame in line.frames)
    (told,) = (record.getMessage() for record in caplog.records)
    assert told.startswith("Amazon Polly does not speak, ")
    assert "You may not speak." in told
    assert len(polly.asked) == 2


def test_moto_which_checks_what_is_asked_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        profile = (
            f"aws_access_key_id = a\naws_secret_access_key = b\nendpoint_url = http://{host}:{port}"
        )
        (tmp_path / ".aws").mkdir()
        (tmp_path / ".aws" / "config").write_text(f"[profile moto]\n{profile}\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        voice = Polly("moto", REGION)
        assert len(voice.says(speech("Hello.", "text", 160))) % 2 == 0
        with pytest.raises(CannotSay, match="InvalidParameterValue"):
            voice.says(speech("Hello.", "text", 160, "Nobody"))
    finally:
        server.stop()


@pytest.mark.usefixtures("polly")
def test_the_configuration_names_the_profile() -> None:
    voice = voices_of(Desk(polly="voice")).voice
    assert voice is not None
    assert voice.name == "Amazon Polly"
