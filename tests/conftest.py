"""What holds for all stories."""

import gc
import os
from collections.abc import Iterator

import pytest
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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Of a test in one of several processes one thing is told, and what went wrong: to tell of its
    beginning, preparation, clearing up and end costs as much as many a test."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
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
