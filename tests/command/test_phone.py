"""`offhook phone`: one address, a page there, and an end in which every call has ended.

About `offhook.command.serving.page`.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from offhook.command.serving.page import has_desktop
from offhook.emulator.ports.port import listen
from tests.command.conftest import Run
from tests.patience import until

LOUD = """
def handler(event, context):
    print("It says", event["InvocationEventType"])
    return {"SchemaVersion": "1.0", "Actions": []}
"""


@contextmanager
def phone(folder: Path, *arguments: str) -> Generator[str]:
    """The command, as somebody types it: what it printed first, and all is well in the end."""
    command = [sys.executable, "-m", "offhook.command.main", "phone", "--no-open", "--port", "0"]
    with subprocess.Popen(
        [*command, *arguments], cwd=folder, text=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("Every call has ended.\n")
        assert process.wait() == 0


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What one says of whose calls the two tests below are about."""
    folder = tmp_path_factory.mktemp("loud")
    (folder / "loud.py").write_text(LOUD)
    with phone(folder, "--handler", "loud:handler", "--at", "2027-03-06T22:30") as said:
        yield said


def test_one_address_is_printed_and_a_page_is_there(printed: str) -> None:
    found = re.fullmatch(
        r"A phone is at (http://127\.0\.0\.1:\d+/_offhook/phone/)#at=2027-03-06T22:30 "
        r"\(Ctrl-C ends it\)\n",
        printed,
    )
    assert found is not None, printed
    with urlopen(found[1]) as page:
        assert b"<title>Offhook: a phone</title>" in page.read()
        policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_what_a_function_writes_stands_in_the_ladder(printed: str) -> None:
    desk = printed.split()[4].partition("phone/")[0]
    asked = Request(f"{desk}calls", b"{}", {"Content-Type": "application/json"})
    urlopen(asked).close()

    def ladder() -> str | None:
        with urlopen(f"{desk}calls/latest/ladder") as answered:
            text = answered.read().decode()
        return text if "NEW_INBOUND_CALL 1" in text else None

    assert "| It says NEW_INBOUND_CALL" in until(ladder)


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        code, _, complained = run("phone", "--no-open", "--port", str(port))
    assert code == 2
    assert f"port {port} is taken: stop what listens there, or choose another" in complained


@pytest.mark.parametrize("port", ["80x", "-5", "99999", "8 0", "٤٠٦٠"])
def test_what_is_no_port_is_said_in_a_sentence(run: Run, port: str) -> None:
    code, _, complained = run("phone", "--no-open", f"--port={port}")
    assert code == 2
    assert f"{port!r} is no port: write 1 to 65535, or 0 for any that is free" in complained


def test_without_its_extra_it_says_what_to_install(folder: Path, tmp_path: Path) -> None:
    with without("starlette", folder, tmp_path) as (process, said):
        assert process.wait() == 2
    assert said.startswith("offhook: a phone needs starlette")
    assert 'pip install "offhook[serve]"' in said


def test_without_a_voice_it_says_so_and_goes_on(folder: Path, tmp_path: Path) -> None:
    with without("espeakng_loader", folder, tmp_path) as (process, said):
        assert 'words are a soft tone: pip install "offhook[speech]"' in said
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0


@contextmanager
def without(package: str, folder: Path, made: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The command where a package is not installed, and what it complains of first."""
    (made / "sitecustomize.py").write_text(f"import sys; sys.modules[{package!r}] = None")
    path = os.pathsep.join([str(made), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-m", "offhook.command.main", "phone", "--no-open", "--port", "0"],
        cwd=folder,
        text=True,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stderr is not None
        yield process, process.stderr.readline()


@pytest.mark.parametrize(
    ("environment", "platform", "is_there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "1"}, "darwin", False),
    ],
)
def test_a_browser_is_opened_where_somebody_sees_it(
    environment: dict[str, str], platform: str, is_there: bool
) -> None:
    assert has_desktop(environment, platform) is is_there
