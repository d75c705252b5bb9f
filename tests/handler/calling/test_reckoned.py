"""What a call costs the ledger, as `offhook calls reckon` says it, against what is really consumed.

About `offhook.production.calls.reckoned` and `offhook.command.calls.reckon`.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from offhook.command.main import main
from offhook.handler.calling.caps import Cap
from offhook.handler.calling.ledger import Attempt, Ledger
from offhook.handler.calling.pace import Pace
from offhook.production.calls.reckoned import READS, WRITES
from tests.handler.calling.conftest import TABLE
from tests.schedules.dynamodb import PLACE

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


@pytest.mark.skipif(PLACE not in os.environ, reason="moto does not count: .ci/dynamodb-local does")
def test_a_call_consumes_what_is_reckoned(table: "DynamoDBClient") -> None:
    client = boto3.client("dynamodb")  # pyright: ignore[reportUnknownMemberType] - overloads
    units = {"write": 0.0, "read": 0.0}

    def ask(params: dict[str, object], **_said: object) -> None:
        params["ReturnConsumedCapacity"] = "INDEXES"

    def count(parsed: dict[str, object], model: object, **_said: object) -> None:
        found = cast(
            "list[dict[str, float]] | dict[str, float]", parsed.get("ConsumedCapacity", [])
        )
        for one in found if isinstance(found, list) else [found]:
            kind = "read" if getattr(model, "name", "") == "GetItem" else "write"
            units[kind] += one["CapacityUnits"]

    client.meta.events.register("before-parameter-build.dynamodb", ask)
    client.meta.events.register("after-call.dynamodb", count)
    book = Ledger(client, TABLE)
    consumed: dict[str, float] = {}

    def step(name: str, work: Callable[[], object]) -> object:
        before = units["write"]
        done = work()
        consumed[name] = units["write"] - before
        return done

    caps = [
        Cap(f"cap#{name}", 10, "", 60 if name == "to" else None) for name in ("to", "from", "all")
    ]
    attempt = step("reserve", lambda: book.reserve("a", "f", "application", "list"))
    assert isinstance(attempt, Attempt)
    step("pace", lambda: Pace(book.table, "start", 1, sleep=lambda _: None).wait(10))
    step("right to dial", lambda: book.dial(attempt, to="+15550100199", caps=caps, most_up=10))
    step("accept", lambda: book.accept("a", "t"))
    step("confirm", lambda: book.confirm("a", "t"))
    step("answered", lambda: book.answered("t"))
    step("ended", lambda: book.ended("t", 0))
    step("said", lambda: book.keep("t", "confirmed"))
    # DynamoDB takes two units for each item of a transaction, also for one that is looked at
    # (developer guide, transactions); DynamoDB Local one, and none for that.
    assert consumed == {**WRITES, "right to dial": (WRITES["right to dial"] - 1) / 2 - 2 + 1}
    assert units["read"] == READS


def test_a_million_calls_at_one_a_second_take_eleven_days(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["calls", "reckon", "1000000"]) == 0
    assert "| at 1 a second | 11.6 |" in capsys.readouterr().out
    assert main(["calls", "reckon", "1000000", "--hours", "13", "--price-minute", "0.01"]) == 0
    said = capsys.readouterr().out
    assert "| at 1 a second | 21.4 (the queue forgets after 14: split the list) |" in said
    assert "| calls of 0.5 minutes | 5,000.00 |" in said
