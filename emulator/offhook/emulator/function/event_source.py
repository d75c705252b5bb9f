"""A queue in front of a function, as Lambda's event source mapping puts it there.

It polls SQS and invokes the function with batches. Messages that the function took are deleted;
those that it reports as failed, and all of them where it failed altogether, are left, and become
visible again after the queue's own time (Lambda guide, "Using Lambda with Amazon SQS").
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from offhook.emulator.clock import in_thread
from offhook.emulator.function.function import Function, Invoked

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

log = logging.getLogger("offhook.queue")

BATCH: Final = 10
"""Messages in one invocation, at most: Lambda's default."""

POLL_SECONDS: Final = 1
"""How long one request waits for a message. At AWS it is up to 20: here the desk must close."""

PAUSE_SECONDS: Final = 1.0
"""How long nobody polls after the queue could not be reached."""


class EventSource:
    """One queue, one function, one batch at a time."""

    def __init__(
        self,
        client: "SQSClient",
        queue_url: str,
        queue_arn: str,
        region: str,
        *,
        batch: int = BATCH,
    ) -> None:
        """`batch`: so many messages in one invocation, 1 to 10."""
        self._client = client
        self._queue_url = queue_url
        self._queue_arn = queue_arn
        self._region = region
        self._batch = batch

    async def feed(self, function: Function) -> None:
        """Bring messages to the function, until cancelled."""
        while True:
            try:
                await self.bring(function)
            except (BotoCoreError, ClientError) as error:
                log.warning("the queue cannot be reached: %s", type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)

    async def bring(self, function: Function) -> None:
        """One batch, if there are messages."""
        messages = await in_thread(self._receive)
        if not messages:
            return
        records = [record_of(one, self._queue_arn, self._region) for one in messages]
        answer = await function.invoke({"Records": records})
        if answer.error:
            log.warning("the function failed, and all messages come again: %s", answer.error)
        taken = taken_of(answer, [one.get("MessageId", "") for one in messages])
        done = [one for one in messages if one.get("MessageId") in taken]
        if done:
            await in_thread(self._delete, done)

    def _receive(self) -> "list[MessageTypeDef]":
        return self._client.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=self._batch,
            WaitTimeSeconds=POLL_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])

    def _delete(self, messages: "list[MessageTypeDef]") -> None:
        self._client.delete_message_batch(
            QueueUrl=self._queue_url,
            Entries=[
                {"Id": str(place), "ReceiptHandle": message.get("ReceiptHandle", "")}
                for place, message in enumerate(messages)
            ],
        )


def record_of(message: "MessageTypeDef", queue_arn: str, region: str) -> dict[str, object]:
    """A message as the function sees it."""
    return {
        "messageId": message.get("MessageId", ""),
        "receiptHandle": message.get("ReceiptHandle", ""),
        "body": message.get("Body", ""),
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: {
                "stringValue": value.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value.get("DataType"),
            }
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def taken_of(answer: Invoked, ids: list[str]) -> set[str]:
    """The messages that are done with: none where the function failed, or what it reports cannot
    be understood (an id that is empty, missing, or of no message of the batch)."""
    if answer.error:
        return set()
    reply = answer.reply
    if reply is None:
        return set(ids)
    if not isinstance(reply, Mapping):
        return set()
    failures = cast("Mapping[str, object]", reply).get("batchItemFailures")
    if failures is None:
        return set(ids)
    if not isinstance(failures, list):
        return set()
    failed = {_identifier(failure) for failure in cast("list[object]", failures)}
    return set(ids) - failed if failed <= set(ids) else set()


def _identifier(failure: object) -> str:
    if not isinstance(failure, dict):
        return ""
    return str(cast("dict[str, object]", failure).get("itemIdentifier", ""))
