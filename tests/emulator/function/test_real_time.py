"""Real time: a function that blocks holds up nobody, and nothing is left when the desk closes.

About `offhook.emulator.function.environments`.
"""

import asyncio
import gc
import os
import threading
import time
from pathlib import Path

import pytest

from offhook.emulator.function import invoker
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.invoker import Invoker
from offhook.emulator.service.config import Desk
from offhook.emulator.service.service import Service
from offhook.emulator.testing import Phone
from tests.emulator.function.conftest import (
    EVENT,
    Reached,
    Written,
    ask,
    is_running,
    needs_node,
)
from tests.patience import PATIENCE_SECONDS, until

SLOW_FIRST = """
    import os, pathlib, time

    def lambda_handler(event, context):
        mark = pathlib.Path("mark")
        if not mark.exists():
            mark.write_text("")
            time.sleep(600)
        return "second"
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second attempt comes soon, and has all the time that it needs."""
    monkeypatch.setattr(invoker, "RETRY_SECONDS", 0.3)
    monkeypatch.setattr(invoker, "GIVE_UP_SECONDS", PATIENCE_SECONDS)


def deliver(to: Invoker) -> object:
    async def run() -> object:
        answer = await to.invoke(EVENT, lambda _text: None)
        to.cancel()
        return answer.reply or answer.failure

    return asyncio.run(run())


def test_a_blocking_handler_of_this_process_cannot_hold_up_the_second_attempt() -> None:
    told: list[int] = []
    let_go = threading.Event()

    def function(_event: object, _context: object) -> object:
        told.append(1)
        if len(told) == 1:
            let_go.wait(PATIENCE_SECONDS)
        return "second"

    began = time.monotonic()
    assert deliver(Invoker(InProcess(function))) == "second"
    assert time.monotonic() - began >= 0.3
    let_go.set()


def test_the_second_attempt_gets_an_environment_of_its_own(
    reached: Reached, written: Written
) -> None:
    function = reached(f"{written('handler.py', SLOW_FIRST)}:lambda_handler")
    assert deliver(Invoker(function)) == "second"


def test_a_dead_one_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoker, "GIVE_UP_SECONDS", 0.5)
    let_go = threading.Event()
    dead = InProcess(lambda _event, _context: let_go.wait(PATIENCE_SECONDS))
    began = time.monotonic()
    assert deliver(Invoker(dead)) == "timed_out"
    assert time.monotonic() - began >= 0.5
    let_go.set()


def test_a_service_that_closes_leaves_no_process(written: Written) -> None:
    file = written(
        "handler.py",
        """
        import os, pathlib, time

        def lambda_handler(event, context):
            pathlib.Path("pid").write_text(str(os.getpid()))
            time.sleep(600)
        """,
    )

    async def run() -> None:
        desk = Desk().with_function(f"{file}:lambda_handler")
        service = Service(desk, asyncio.get_running_loop())
        service.call_in(None, "+15550100200")
        await asyncio.to_thread(until, lambda: pid.exists() and pid.read_text())
        service.close()
        await asyncio.sleep(0)

    pid = file.parent / "pid"
    asyncio.run(run())
    until(lambda: not is_running(int(pid.read_text())))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


on_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts in /proc")


@pytest.mark.thorough
@on_linux
def test_three_hundred_calls_leave_no_process_and_no_descriptor(written: Written) -> None:
    file = written(
        "handler.py",
        """
        def lambda_handler(event, context):
            first = event["InvocationEventType"] == "NEW_INBOUND_CALL"
            return {"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup"}] if first else []}
        """,
    )
    ask_once = f"{file}:lambda_handler"
    with Phone(ask_once, desk=Desk()) as phone:
        phone.dials().ends()
    gc.collect()
    before, threads = open_descriptors(), threading.active_count()
    for _ in range(6):
        with Phone(ask_once, desk=Desk()) as phone:
            for _ in range(50):
                phone.dials().ends()
    gc.collect()
    assert open_descriptors() <= before
    assert threading.active_count() <= threads
    assert not any(
        "python_runtime" in Path(f"/proc/{child}/cmdline").read_text() for child in children()
    )


@pytest.mark.thorough
@on_linux
@needs_node
def test_crash_after_crash_leaves_nothing(reached: Reached, written: Written) -> None:
    function = reached(f"{written('index.js', 'exports.handler = () => process.exit(1)')}:handler")
    ask(function)
    before = open_descriptors()
    for _ in range(10):
        assert "exit status 1" in ask(function).error
    assert open_descriptors() <= before + 1
