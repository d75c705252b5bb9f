"""Redirections that are sent once: an item for each that has an id.

    noted -> sent
      +----> refused (may be asked for again)

An id that was noted and not marked as sent is one of which nobody knows: it is not sent again, and
whoever asks for it is told so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from offhook.handler.calling.call_record import Item, number, old
from offhook.handler.errors import Unknown, Unsettled

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

SENDING_SECONDS: Final = 60
"""So long another execution may be sending it."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """The right to send a redirection, of one execution."""

    pk: str
    attempt: str


class Redirections:
    """In the ledger's table."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        keep_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """An id is remembered for `keep_seconds`."""
        self._client = client
        self._table = table
        self._keep_seconds = keep_seconds
        self._now = now

    def note(self, key: str, its_id: str) -> Noted | None:
        """The right to send it; `None` when it was sent. Raises `Unsettled`, `Unknown`."""
        now = self._now()
        noted = Noted(pk=f"redirection#{key}#{its_id}", attempt=uuid4().hex)
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": noted.pk},
                    "state": {"S": "noted"},
                    "attempt": {"S": noted.attempt},
                    "noted_at": number(now),
                    "expires_at": number(round(now + self._keep_seconds)),
                },
                ConditionExpression="attribute_not_exists(pk) OR #state = :refused",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":refused": {"S": "refused"}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            found = old(error)
        else:
            return noted
        return self._told_by(found, noted, now)

    def was_sent(self, noted: Noted) -> None:
        """The service has accepted it."""
        self._mark(noted, "sent")

    def was_refused(self, noted: Noted) -> None:
        """It was not sent, or refused for sure: it may be asked for again."""
        self._mark(noted, "refused")

    def _told_by(self, found: Item, noted: Noted, now: float) -> Noted | None:
        if found["attempt"].get("S") == noted.attempt:
            return noted  # DynamoDB took it, the answer was lost, and botocore asked again
        if found["state"].get("S") == "sent":
            return None
        if now < float(found["noted_at"].get("N", "0")) + SENDING_SECONDS:
            raise Unsettled("another execution is sending this redirection", retry_after_seconds=15)
        raise Unknown(
            "nobody knows whether this redirection was sent: it was begun, and nothing has told "
            "how it ended. It is not sent again; send it under another id if it may come twice"
        )

    def _mark(self, noted: Noted, state: str) -> None:
        self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": noted.pk}},
            UpdateExpression="SET #state = :state",
            ConditionExpression="attempt = :attempt",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":state": {"S": state}, ":attempt": {"S": noted.attempt}},
        )
