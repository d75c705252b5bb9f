"""What ships is fetched from where pip would fetch it: `ship.mk` tells uv what pip is told."""

import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = f"""
VENV = {ROOT}/.venv
ARTIFACTS_DIR = shipped
include {ROOT}/ship.mk
told:
\t@$(AS_PIP); env
ships:
\t$(call SHIP,offhook-that-nobody-has)
"""


class Index(BaseHTTPRequestHandler):
    """An index that has nothing."""

    asked: list[str]

    def do_GET(self) -> None:
        """Not found, and noted."""
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def index() -> Iterator[ThreadingHTTPServer]:
    """On loopback, with a list of what was asked."""
    Index.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def make(place: Path, target: str, conf: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """In a folder where pip has this configuration, and the environment says nothing of it."""
    (place / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    (place / "pip.conf").write_text(conf, encoding="utf-8")
    about = ("PIP_", "UV_", "SSL_", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(about)}
    return subprocess.run(
        ["make", "-s", target],
        cwd=place,
        env={**kept, "PIP_CONFIG_FILE": str(place / "pip.conf"), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def told(place: Path, conf: str, **variables: str) -> dict[str, str]:
    """What uv finds in its environment."""
    lines = make(place, "told", conf, **variables).stdout.splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith(("UV_", "SSL_")))


CONF = """
[global]
index-url = https://first.example/simple?a=b&c=
extra-index-url =
    https://second.example/simple
    https://third.example/simple
find-links = one two
trusted-host = first.example
cert = /tmp/ours.pem
"""


def test_uv_has_the_indexes_and_certificates_that_pip_has(tmp_path: Path) -> None:
    found = told(tmp_path, CONF)
    assert found["UV_DEFAULT_INDEX"] == "https://first.example/simple?a=b&c="
    assert found["UV_INDEX"].split() == [
        *("https://second.example/simple", "https://third.example/simple")
    ]
    assert found["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert found["UV_FIND_LINKS"] == "one,two"
    assert found["UV_INSECURE_HOST"] == "first.example"
    assert found["SSL_CERT_FILE"] == "/tmp/ours.pem"
    assert found["UV_SYSTEM_CERTS"] == "true"


def test_the_environment_beats_a_file_and_uv_s_own_beat_both(tmp_path: Path) -> None:
    said = {"PIP_INDEX_URL": "https://env.example/simple"}
    assert told(tmp_path, CONF, **said)["UV_DEFAULT_INDEX"] == said["PIP_INDEX_URL"]
    own = {"UV_DEFAULT_INDEX": "https://own.example/simple"}
    assert told(tmp_path, CONF, **said, **own)["UV_DEFAULT_INDEX"] == own["UV_DEFAULT_INDEX"]


def test_what_cannot_be_fetched_says_where_to_say_otherwise(
    tmp_path: Path, index: ThreadingHTTPServer
) -> None:
    conf = f"[global]\nindex-url = http://127.0.0.1:{index.server_address[1]}/simple\n"
    done = make(tmp_path, "ships", conf)
    assert done.returncode != 0
    assert "/simple/offhook-that-nobody-has/" in Index.asked
    assert done.stdout.startswith("Collecting what ships")
    assert "the indexes and certificates of pip config list; UV_DEFAULT_INDEX" in done.stderr
