"""Real time: a function that blocks holds up nobody, and nothing is left when the desk closes."""

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

SLOW_FIRST = """
    import os, pathlib, time

    def lambda_handler(event, context):
        mark = pathlib.Path("mark")
        if not mark.exists():
            mark.write_text("")
            time.sleep(0.6)
            return "late"
        return "second"
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's patience, a hundred times shorter."""
    monkeypatch.setattr(invoker, "RETRY_SECONDS", 0.3)
    monkeypatch.setattr(invoker, "GIVE_UP_SECONDS", 1.2)


def deliver(to: Invoker) -> tuple[object, float]:
    async def run() -> object:
        answer = await to.invoke(EVENT, lambda _text: None)
        to.cancel()
        return answer.reply or answer.failure

    began = time.monotonic()
    return asyncio.run(run()), time.monotonic() - began


@pytest.mark.usefixtures("quick")
def test_a_blocking_handler_of_this_process_cannot_hold_up_the_second_attempt() -> None:
    told: list[int] = []
    let_go = threading.Event()

    def function(_event: object, _context: object) -> object:
        told.append(1)
        if len(told) == 1:
            let_go.wait(10)
        return "second"

    reply, seconds = deliver(Invoker(InProcess(function)))
    let_go.set()
    assert reply == "second"
    assert 0.3 <= seconds < 1


@pytest.mark.usefixtures("quick")
def test_the_second_attempt_gets_an_environment_of_its_own(
    reached: Reached, written: Written
) -> None:
    function = reached(f"{written('handler.py', SLOW_FIRST)}:lambda_handler")
    reply, seconds = deliver(Invoker(function))
    assert reply == "second"
    assert 0.3 <= seconds < 0.9


@pytest.mark.usefixtures("quick")
def test_a_dead_one_is_given_up() -> None:
    let_go = threading.Event()
    reply, seconds = deliver(Invoker(InProcess(lambda _event, _context: let_go.wait(10))))
    let_go.set()
    assert reply == "timed_out"
    assert 1.2 <= seconds < 2


def test_a_service_that_closes_leaves_no_process(written: Written) -> None:
    file = written(
        "handler.py",
        """
        import os, pathlib, time

        def lambda_handler(event, context):
            pathlib.Path("pid").write_text(str(os.getpid()))
            time.sleep(60)
        """,
    )

    async def run() -> None:
        desk = Desk().with_function(f"{file}:lambda_handler")
        service = Service(desk, asyncio.get_running_loop())
        service.call_in(None, "+15550100200")
        await asyncio.to_thread(wait_for, file.parent / "pid")
        service.close()
        await asyncio.sleep(0)

    asyncio.run(run())
    pid = int((file.parent / "pid").read_text())
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(pid)


def wait_for(file: Path) -> None:
    """Until something is written there."""
    while not file.exists() or not file.read_text():
        time.sleep(0.01)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


on_linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts in /proc")


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


@on_linux
@needs_node
def test_crash_after_crash_leaves_nothing(reached: Reached, written: Written) -> None:
    function = reached(f"{written('index.js', 'exports.handler = () => process.exit(1)')}:handler")
    ask(function)
    before = open_descriptors()
    for _ in range(10):
        assert "exit status 1" in ask(function).error
    assert open_descriptors() <= before + 1
