"""Many environments at once, and many invocations of one."""

import gc
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

from offhook.emulator.function.lambda_runtime import post, read_event, running
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone
from tests.handler.payloads import FILES

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
print(resident() - before, file=sys.stderr)
"""


def test_fifty_environments_answer_all_events_at_once() -> None:
    bodies = [read_event(path) for path in FILES]

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
    in_lambda = {"AWS_LAMBDA_FUNCTION_NAME": "calls", "POWERTOOLS_METRICS_NAMESPACE": "Offhook"}
    grown = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GROWTH, *map(str, FILES)],
        stdout=subprocess.DEVNULL,  # a line for each event, with its metrics
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **in_lambda},
    )
    assert int(grown.stderr) < 2 * 1024 * 1024


HANDLER = """
def lambda_handler(event, context):
    first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
    actions = [{"Type": "Speak", "Parameters": {"Text": "Hello."}}, {"Type": "Hangup"}]
    return {"SchemaVersion": "1.0", "Actions": actions if first else []}
"""


def left_behind() -> tuple[int, int, list[str]]:
    """Descriptors, threads and processes of this process."""
    gc.collect()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), children


def resident() -> int:
    """Bytes that this process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_ten_thousand_calls_through_a_process_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text(HANDLER)

    def play(phones: int) -> None:
        for _ in range(phones):
            with Phone(f"{tmp_path}/handler.py:lambda_handler", desk=Desk()) as phone:
                for _ in range(500):
                    call = phone.dials()
                    call.hears("Hello.")
                    call.ends()

    play(1)
    before = left_behind()
    play(9)
    memory = resident()
    play(11)
    assert left_behind() == before
    assert resident() - memory < 8 * 1024 * 1024  # calls that are kept are 80 MB
