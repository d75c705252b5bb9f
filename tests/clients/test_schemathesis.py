"""schemathesis asks whatever the OpenAPI documents allow, and what they do not: the desk by hand,
and the trigger of `offhook local`, answer as their documents say."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from offhook.emulator.server.listening import Server
from tests.clients.conftest import CLIENTS
from tests.command.serving.conftest import Local, closed, opened

PROGRAM = CLIENTS / "bin" / "schemathesis"
pytestmark = pytest.mark.skipif(
    not PROGRAM.is_file(), reason="not run: schemathesis is not installed: `make clients`"
)
OPTIONS = (
    *("--phases", "coverage,fuzzing", "--max-examples", "20", "--generation-deterministic"),
    # What is right in form may still name a call that there is not, or a number of others.
    *("--exclude-checks", "positive_data_acceptance"),
    # The door looks at this before anybody looks at the method.
    *("--header", "Content-Type: application/json"),
    *("--request-timeout", "20", "--warnings", "off", "--no-color"),
)

Asks: TypeAlias = Callable[[str, str], None]
"""By the document's URL, at another; what it finds wrong is a failure."""


@pytest.fixture
def asks(tmp_path: Path) -> Asks:
    def run(document: str, at: str) -> None:
        done = subprocess.run(
            [PROGRAM, "run", document, "--url", at, *OPTIONS],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name[:4] != "PYTH"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or "Test cases:" not in done.stdout:
            pytest.fail(done.stdout + done.stderr, pytrace=False)

    return run


@pytest.fixture
def local() -> Iterator[Local]:
    """A desk of its own."""
    desk = opened()
    try:
        yield desk
    finally:
        closed(desk)


def test_the_desk_by_hand_answers_as_its_document_says(server: Server, asks: Asks) -> None:
    asks(f"{server.endpoint}/_offhook/documents/desk.json", server.endpoint)


def test_the_trigger_answers_as_its_document_says(local: Local, asks: Asks) -> None:
    asks(f"{local.service}/_offhook/documents/trigger.json", local.trigger)
