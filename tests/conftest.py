"""What holds for all stories."""

import faulthandler
import gc
import os
import time
from collections.abc import Iterator
from functools import cache

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from _pytest.runner import runtestprotocol
from hypothesis import settings

from offhook.emulator.function.credentials import hold
from tests.once import read_once

# How long an example takes says how busy the machine is, not whether the code is right. Each run of
# the tests tries others; `make check` tries more.
EXAMPLES = int(os.environ.get("EXAMPLES", "20"))
settings.register_profile("offhook", deadline=None, max_examples=EXAMPLES)
settings.load_profile("offhook")

read_once()

# Looking for garbage among all that is there takes longer than most tests, and finds little; while
# tests are collected, nothing.
gc.set_threshold(20_000, 20, 20)
if "PYTEST_XDIST_WORKER" in os.environ:
    gc.disable()


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are cores: tests wait for processes, sockets and real time."""
    return (os.cpu_count() or 1) * 2


def pytest_configure(config: pytest.Config) -> None:
    """One of several processes has a watch of its own."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.unregister(name="faulthandler")


@cache
def watch(config: pytest.Config, _minute: int) -> None:
    """What hangs says where, and ends, a minute later than pytest would have it at most: the timer
    is a thread, and to start one for each test costs as much as many a test."""
    if seconds := float(config.getini("faulthandler_timeout")):
        stderr = config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(seconds + 60, file=stderr, exit=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Of a test in one of several processes one thing is told, and what went wrong: to tell of its
    beginning, preparation, clearing up and end costs as much as many a test, and so do the words
    that it could have been chosen by."""
    if not hasattr(item.config, "workerinput"):
        return None
    watch(item.config, int(time.monotonic() // 60))
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            report.keywords = {}
            item.ihook.pytest_runtest_logreport(report=report)
    if nextitem is None:
        faulthandler.cancel_dump_traceback_later()
    return True


def pytest_collection_finish() -> None:
    """What is there when the tests begin stays there: no collection of garbage looks at it."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def swept() -> Iterator[None]:
    """What tests have left is found when they are over; the last is told what fails at that. pytest
    looks five times then, at what is left."""
    yield
    gc.collect()
    gc.freeze()


# Whoever runs the tests may have credentials, and may have asked for them elsewhere.
os.environ.pop("OFFHOOK_REAL_AWS", None)
hold("us-east-1", real_aws=False)
