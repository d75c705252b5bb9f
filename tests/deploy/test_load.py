"""Many environments at once, and many invocations of one."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

from offhook.emulator.invoke import post, read_event, running

EVENTS = sorted((Path(__file__).parents[2] / "events").rglob("*.json"))
ENVIRONMENTS = 50

GROWTH = """
import json, os, resource, sys
from flows.app import lambda_handler

def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

events = [json.load(open(path)) for path in sys.argv[1:]]

def rounds(count: int) -> None:
    for number in range(count):
        event = events[number % len(events)]
        event["CallDetails"]["TransactionId"] = f"call-{number}"
        lambda_handler(event, None)

rounds(10_000)
before = resident()
rounds(100_000)
print(resident() - before)
"""


def test_fifty_environments_answer_all_events_at_once() -> None:
    bodies = [read_event(path) for path in EVENTS]

    def play(port: int) -> list[object]:
        return [post(port, body) for body in bodies]

    with ExitStack() as stack:
        log = stack.enter_context(TemporaryFile())
        ports = [
            stack.enter_context(running("flows.app:lambda_handler", log.fileno()))
            for _ in range(ENVIRONMENTS)
        ]
        with ThreadPoolExecutor(ENVIRONMENTS) as pool:
            answered = list(pool.map(play, ports))
    assert len(answered) == ENVIRONMENTS
    for replies in answered:
        assert [cast("dict[str, str]", reply)["SchemaVersion"] for reply in replies] == (
            ["1.0"] * len(bodies)
        )


def test_memory_is_flat_over_a_hundred_thousand_invocations() -> None:
    grown = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GROWTH, *map(str, EVENTS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    assert json.loads(grown.stdout) < 2 * 1024 * 1024
