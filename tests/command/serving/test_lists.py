"""A list of calls at the desk: started, stopped, let go, reported on.

About `offhook.command.calls.report`, `offhook.production.calls.report`.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command.serving.conftest import OURS, Local, closed, opened
from tests.patience import PATIENCE_SECONDS, until

pytestmark = pytest.mark.thorough  # tests/command/test_calls.py has its parts

Offhook = Callable[..., str]


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """A desk of its own: what waits stays in its queue for five minutes."""
    desk = opened()
    try:
        yield desk
    finally:
        closed(desk)


@pytest.fixture
def offhook(local: Local, tmp_path: Path) -> Offhook:
    """The command in a shell in which the exports of `offhook local` were typed."""

    def run(*typed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "offhook.command.main", "calls", *typed],
            cwd=tmp_path,
            env=local.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode in (0, 1, 2), done.stderr
        assert "queue offhook-calls, ledger offhook-ledger" in done.stderr
        return done.stdout if done.returncode < 2 else done.stderr

    return run


def test_a_list_is_dialled_once_and_reported_on(
    local: Local, offhook: Offhook, tmp_path: Path
) -> None:
    rows = [f"list-{n},+1555010017{n},{OURS},Ada,tomorrow at ten" for n in range(3)]
    file = tmp_path / "list.csv"
    file.write_text("\n".join(["key,number,from,argument.name,argument.when", *rows]))
    offhook("stop")
    started = offhook("start", str(file), "--batch", "monday")
    assert started == "In the queue: 3 calls. See: offhook calls report monday\n"

    def report() -> dict[str, Any]:
        told: dict[str, Any] = json.loads(offhook("report", "monday", "--json"))
        return told

    until(lambda: report()["outcomes"] == {"waiting": 3})
    assert "all dialling is stopped" in offhook("report", "monday")
    placed = len(local.calls())
    offhook("go")
    for key in range(3):  # what waits would come by itself, within five minutes
        local.asks("PUT", f"/calls/list-{key}", wanted(key))
    until(lambda: len(local.calls()) == placed + 3)
    again = offhook("start", str(file), "--batch", "monday")
    assert "In the queue once more, and what was dialled is not dialled again: 3 calls." in again
    for key in range(3):
        local.asks("DELETE", f"/calls/list-{key}")
    until(lambda: report()["done"] == 3)
    assert len(local.calls()) == placed + 3
    shown = offhook("report", "monday")
    assert "3 of 3 are over" in shown
    assert offhook("report", "monday", "--csv").startswith("key,state,")


def test_a_key_of_another_list_is_told_and_waited_for_no_longer(
    local: Local, offhook: Offhook, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"key,number,from\ntaken-1,+15550100178,{OURS}\n")
    offhook("start", str(file), "--batch", "march")
    until(lambda: "in the queue" not in offhook("report", "march"))
    file.write_text(f"key,number,from\ntaken-1,+15550100179,{OURS}\n")
    offhook("start", str(file), "--batch", "april")
    until(lambda: "1 of 1 are over" in offhook("report", "april"))
    assert "1 KeyTaken: the key is of another list" in offhook("report", "april")


def wanted(key: int) -> dict[str, object]:
    """The same call, asked for by HTTP."""
    return {
        "to_phone_number": f"+1555010017{key}",
        "from_phone_number": OURS,
        "arguments_map": {"name": "Ada", "when": "tomorrow at ten"},
        "batch": "monday",
    }


def test_a_list_that_nobody_started_is_none(offhook: Offhook) -> None:
    assert "no list was started as tuesday" in offhook("report", "tuesday")
