"""Many executions share one rate, and nobody waits longer than it can."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhook.handler.calling.pace import Pace
from offhook.handler.calling.table import Table
from offhook.handler.errors import Busy
from tests.handler.calling.conftest import TABLE, Line

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


class Waiters:
    """A clock that stands still, and who was told to wait how long."""

    def __init__(self, table: "DynamoDBClient", name: str) -> None:
        self.now = 1_000_000.0
        self.waits: list[float] = []
        self._table, self._name = table, name
        self._lock = threading.Lock()

    def one(self, per_second: float, patience: float) -> None:
        """One more request. Raises `Busy`."""
        waited: list[float] = []
        table = Table(self._table, TABLE, now=lambda: self.now)
        pace = Pace(table, self._name, per_second, sleep=waited.append)
        pace.wait(patience)
        with self._lock:
            self.waits.append(sum(waited))


def test_ten_at_once_are_sent_one_interval_apart(table: "DynamoDBClient") -> None:
    waiters = Waiters(table, "ten")
    with ThreadPoolExecutor(10) as executions:
        begun = [executions.submit(waiters.one, 1, 60) for _ in range(10)]
    assert [one.exception() for one in begun] == [None] * 10
    assert sorted(waiters.waits) == [pytest.approx(turn, abs=0.01) for turn in range(10)]


def test_whoever_would_wait_too_long_is_told_when_to_come_back(table: "DynamoDBClient") -> None:
    waiters = Waiters(table, "full")
    for _ in range(4):
        waiters.one(2, 5)
    with pytest.raises(Busy) as caught:
        waiters.one(2, 1)
    assert caught.value.retry_after_seconds == pytest.approx(2.5)
    waiters.now += 2
    waiters.one(2, 1)  # the time has come


def test_what_nobody_used_is_not_saved_up(table: "DynamoDBClient") -> None:
    waiters = Waiters(table, "idle")
    waiters.one(1, 60)
    waiters.now += 3600
    for _ in range(3):
        waiters.one(1, 60)
    assert waiters.waits == [0, 0, pytest.approx(1, abs=0.01), pytest.approx(2, abs=0.01)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0.01, 4)), min_size=1, max_size=12),
    st.sampled_from([0.5, 1.0, 5.0]),
)
def test_no_two_requests_are_closer_than_the_rate_allows(
    table: "DynamoDBClient", requests: list[tuple[float, float]], per_second: float
) -> None:
    waiters = Waiters(table, f"any {uuid4()}")
    sent: list[float] = []
    for pause, patience in requests:
        waiters.now += pause
        try:
            waiters.one(per_second, patience)
        except Busy:
            continue
        sent.append(waiters.now + waiters.waits[-1])
        assert waiters.waits[-1] <= patience + 0.01
    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert all(gap >= 1 / per_second - 0.01 for gap in gaps)


def test_a_queue_that_asks_for_more_is_held_back(line: Line) -> None:
    caller = line.caller(calls_per_second=0.01)
    line.starts("first", by=caller)
    with pytest.raises(Busy, match="more is asked for than the service's rate allows") as caught:
        line.starts("second", by=caller)
    assert (caught.value.retry_after_seconds or 0) > 10
    line.clock.at += 200
    line.starts("second", by=caller)
    assert line.placed == 2
