"""A function of somebody else finds the tables that it was written for, and what is in them.

About `offhook.emulator.s3.table` as well.
"""

import logging
from collections.abc import Mapping
from decimal import Decimal

import boto3
import pytest

from offhook.actions import Hangup, Speak
from offhook.emulator.s3.table import Table
from offhook.emulator.service.config import Desk
from offhook.emulator.testing import Phone
from tests.emulator.functions import reply

ORDERS = Table(
    key=("shop", "number:N"),
    indexes={"by_state": ("state",)},
    items=(
        {"shop": "bicycles", "number": 7, "state": "ready", "price": 99.5, "parts": ["bell"]},
        {"shop": "bicycles", "number": 8, "state": "late"},
    ),
)


def reads(event: Mapping[str, object], _context: object) -> object:
    """Say what is ready, and what was made while calls came."""
    if event["InvocationEventType"] != "NEW_INBOUND_CALL":
        return reply()
    table = boto3.resource("dynamodb").Table("orders")  # pyright: ignore[reportUnknownMemberType]
    asked = {":ready": "ready"}
    found = table.query(
        IndexName="by_state",
        KeyConditionExpression="#state = :ready",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=asked,
    )["Items"]
    table.put_item(Item={"shop": "bicycles", "number": table.item_count + 9, "state": "ready"})
    assert found[0]["price"] == Decimal("99.5")
    assert found[0]["parts"] == ["bell"]
    return reply(Speak(text=f"{len(found)} ready."), Hangup())


def test_tables_are_there_with_their_items_and_indexes() -> None:
    desk = Desk(tables={"orders": ORDERS})
    for _ in range(2):  # the next desk begins anew
        with Phone(reads, desk=desk) as phone:
            call = phone.dials()
            call.hears("1 ready.")
            call.ends()


def test_they_are_where_the_function_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with Phone(reads, desk=Desk(tables={"orders": ORDERS})) as phone:
        phone.dials().hears("1 ready.")


def test_an_item_that_is_none_of_the_table_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    wrong = Table(key=("id",), items=({"name": "Ada"},))
    with (
        caplog.at_level(logging.WARNING),
        Phone(reads, desk=Desk(tables={"orders": ORDERS, "people": wrong})) as phone,
    ):
        phone.dials().hears("1 ready.")
    assert "the table people is not as it is described" in caplog.text
