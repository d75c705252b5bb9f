"""What `offhook local` prints for the AWS CLI, typed as it stands."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.clients.conftest import CLIENTS, ROOT
from tests.command.serving.conftest import Local, closed, opened


@pytest.fixture
def local() -> Iterator[Local]:
    """A desk of its own."""
    desk = opened()
    try:
        yield desk
    finally:
        closed(desk)


def test_a_call_goes_through_the_queue_and_what_is_refused_is_a_dead_letter(local: Local) -> None:
    typed = [line for line in local.commands if line.startswith("aws")]
    path = f"{CLIENTS / 'bin'}{os.pathsep}{os.environ['PATH']}"
    said = [
        subprocess.run(
            ["sh", "-c", line],
            cwd=ROOT,
            env={**local.environment, "PATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for line in typed
    ]
    assert len(said) == 4
    (letter,) = json.loads(said[2])["Messages"]
    assert letter["MessageAttributes"]["error"]["StringValue"] == "DialRefused"
    assert "call#appointment-4713" in {item["pk"]["S"] for item in json.loads(said[3])["Items"]}
