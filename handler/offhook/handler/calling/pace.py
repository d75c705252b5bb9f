"""The rate at which the account may call an API, shared by all executions of the trigger.

A token bucket of one item for each operation: it holds the moment at which the next request may be
sent. Whoever takes that moment moves it on by one interval, in one conditional write, and waits
for it. When the next moment is further away than a request can wait, the request is turned away,
with the time after which to come back.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from offhook.handler.calling.call_record import Item, number, old
from offhook.handler.errors import Busy

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


class Pace:
    """Requests of one operation, one after another."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        operation: str,
        per_second: float,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """`per_second` is the account's rate: 1 for calls and 5 for updates, unless raised."""
        self._client = client
        self._table = table
        self._key: Item = {"pk": {"S": f"pace#{operation}"}}
        self._interval = 1 / per_second
        self._now = now
        self._sleep = sleep

    def wait(self, patience_seconds: float) -> None:
        """Return when it is this request's turn. Raises `Busy` where that takes too long."""
        wait = self._turn(patience_seconds) - self._now()
        if wait > 0:
            self._sleep(wait)

    def _turn(self, patience: float) -> float:
        while True:
            now = self._now()
            turn = self._take_at_once(now)
            if turn is None:
                turn, is_mine = self._queue_up(now, patience)
                if not is_mine and turn > now:
                    raise Busy(
                        "more is asked for than the service's rate allows",
                        retry_after_seconds=round(turn - now + self._interval, 1),
                    )
                if not is_mine:
                    continue  # nobody waits any more: take it at once
            return turn

    def _take_at_once(self, now: float) -> float | None:
        try:
            self._update(
                "SET next_at = :after",
                "attribute_not_exists(next_at) OR next_at <= :now",
                {":after": number(now + self._interval), ":now": number(now)},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return now

    def _queue_up(self, now: float, patience: float) -> tuple[float, bool]:
        """The turn that was taken, or the next one that is free; and which of both it is."""
        try:
            found = self._update(
                "SET next_at = next_at + :interval",
                "next_at > :now AND next_at <= :latest",
                {
                    ":interval": number(self._interval),
                    ":now": number(now),
                    ":latest": number(now + patience),
                },
            )
            return float(found["next_at"].get("N", "0")), True
        except self._client.exceptions.ConditionalCheckFailedException as error:
            return float(old(error)["next_at"].get("N", "0")), False

    def _update(self, change: str, condition: str, values: Item) -> Item:
        answer = self._client.update_item(
            TableName=self._table,
            Key=self._key,
            UpdateExpression=change,
            ConditionExpression=condition,
            ExpressionAttributeValues=values,
            ReturnValues="UPDATED_OLD",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return answer.get("Attributes", {})
