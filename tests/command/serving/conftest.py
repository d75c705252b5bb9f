"""`offhook local` in a process of its own, as somebody types it, and what it prints."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from offhook.handler.calling.environment import configured, ledger
from tests.patience import PATIENCE_SECONDS, until

ROOT = Path(__file__).resolve().parents[3]
OURS = "+15550100102"
THEIRS = "+15550100199"


@dataclass(frozen=True, kw_only=True)
class Local:
    """The desk, and how to reach it."""

    process: subprocess.Popen[str]
    printed: str

    @property
    def commands(self) -> list[str]:
        """The lines that are to be typed."""
        return [line.strip() for line in self.printed.splitlines() if line.startswith("    ")]

    @property
    def variables(self) -> dict[str, str]:
        """What the printed exports set."""
        words = [word for line in self.commands for word in shlex.split(line)]
        return dict(word.split("=", 1) for word in words if re.match(r"[A-Z_0-9]+=", word))

    @property
    def environment(self) -> dict[str, str]:
        """A shell in which they were typed."""
        return {**without_settings(), **self.variables}

    @property
    def trigger(self) -> str:
        """Its URL."""
        return self._url("trigger is")

    @property
    def service(self) -> str:
        """The API's."""
        return self._url("the service")

    @property
    def aws(self) -> str:
        """Where its ledger and its queue are."""
        return self._url("its queue")

    def asks(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """What the trigger answers: status and body."""
        return http(method, f"{self.trigger}{path}", body)

    def starts(self, key: str, **more: object) -> tuple[int, Any]:
        """Ask for a Reminder call."""
        arguments = {"name": "Ada", "when": "tomorrow at ten"}
        fields = {"to_phone_number": THEIRS, "from_phone_number": OURS, "arguments_map": arguments}
        return self.asks("PUT", f"/calls/{key}", {**fields, **more})

    def ladder(self, transaction_id: str) -> str:
        """What happened in a call."""
        url = f"{self.service}/_offhook/calls/{transaction_id}/ladder"
        return str(urllib.request.urlopen(url, timeout=PATIENCE_SECONDS).read(), "utf-8")

    def calls(self) -> list[Mapping[str, Any]]:
        """All that the service has placed."""
        found: list[Mapping[str, Any]] = http("GET", f"{self.service}/_offhook/calls")[1]
        return found

    def comes_to(self, key: str, *outcomes: str) -> Mapping[str, Any]:
        """Wait until a call has one of these outcomes."""

        def known() -> Mapping[str, Any] | None:
            found: Mapping[str, Any] = self.asks("GET", f"/calls/{key}")[1]
            return found if found.get("outcome") in outcomes else None

        return until(known)

    def _url(self, where: str) -> str:
        found = re.search(rf"{where} at (http://[\d.]+:\d+)", self.printed)
        assert found is not None, self.printed
        return found[1]


def http(method: str, url: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def without_settings() -> dict[str, str]:
    """This process's variables, but for those that say where AWS is, and ours."""
    ours = ("AWS_", "OFFHOOK_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@contextmanager
def in_the_shell_of(local: Local) -> Generator[None]:
    """This process as that shell, where it had not asked for a ledger before."""
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - without_settings().keys():
            patch.delenv(name)
        for name, value in local.variables.items():
            patch.setenv(name, value)
        _forget()
        yield
    _forget()


def _forget() -> None:
    configured.cache_clear()
    ledger.cache_clear()


def opened(*arguments: str, port: int = 0) -> Local:
    """`offhook local`, as soon as it has said what to type."""
    command = [sys.executable, "-m", "offhook.command.main", "local", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--from", OURS, *arguments],
        cwd=ROOT,
        env={**without_settings(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    while "do_not_call" not in printed:
        line = process.stdout.readline()
        if not line:
            process.communicate()
            pytest.fail(f"offhook local has ended: {printed}", pytrace=False)
        printed += line
    return Local(process=process, printed=printed)


def closed(local: Local) -> str:
    """Ctrl-C; what it said last."""
    local.process.send_signal(signal.SIGINT)
    said, _ = local.process.communicate(timeout=PATIENCE_SECONDS)
    return said


@pytest.fixture(scope="session")
def local() -> Iterator[Local]:
    """One desk for all stories, which have keys of their own."""
    desk = opened(
        *("--argument", "name=Ada", "--argument", "when=tomorrow at ten"),
        *("--update", "when=tomorrow at noon"),
    )
    try:
        yield desk
    finally:
        closed(desk)
