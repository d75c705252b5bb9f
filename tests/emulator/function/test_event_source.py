"""A queue in front of a function: what it is told, and which messages come again."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from offhook.emulator.function import event_source
from offhook.emulator.function.event_source import EventSource, taken_of
from offhook.emulator.function.function import Invoked
from tests.patience import until

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient

ARN = "arn:aws:sqs:us-east-1:123456789012:calls"


class Answers:
    """A function of Python, and the events that it got."""

    def __init__(self, answer: Callable[[list[str]], Invoked]) -> None:
        self.records: list[dict[str, Any]] = []
        self._answer = answer

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Invoked by the ids of the messages."""
        records: list[dict[str, Any]] = json.loads(json.dumps(event))["Records"]
        self.records += records
        return self._answer([record["messageId"] for record in records])

    def close(self) -> None:
        """Nothing was started."""


@pytest.fixture
def sqs() -> "Iterator[SQSClient]":
    """moto's, on this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
        "sqs",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )
    server.stop()


@pytest.fixture
def queue(sqs: "SQSClient") -> Iterator[str]:
    """A queue with two messages, which come again at once."""
    url = sqs.create_queue(QueueName="calls", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="one")
    sqs.send_message(
        QueueUrl=url,
        MessageBody="two",
        MessageAttributes={"who": {"DataType": "String", "StringValue": "me"}},
    )
    yield url
    sqs.delete_queue(QueueUrl=url)


def brings(sqs: "SQSClient", queue: str, function: Answers) -> None:
    """One batch."""
    asyncio.run(EventSource(sqs, queue, ARN, "us-east-1").bring(function))


def left(sqs: "SQSClient", queue: str) -> list[str]:
    """The bodies that are still in the queue."""
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return sorted(one.get("Body", "") for one in found)


def failed(*ids: object) -> Invoked:
    """What a function reports."""
    return Invoked(reply={"batchItemFailures": [{"itemIdentifier": one} for one in ids]})


def test_the_function_is_told_all_of_a_message(sqs: "SQSClient", queue: str) -> None:
    function = Answers(lambda _ids: failed())
    brings(sqs, queue, function)
    two = next(record for record in function.records if record["body"] == "two")
    assert set(two) == {
        *("messageId", "receiptHandle", "body", "attributes", "messageAttributes"),
        *("md5OfBody", "eventSource", "eventSourceARN", "awsRegion"),
    }
    assert (two["eventSource"], two["eventSourceARN"]) == ("aws:sqs", ARN)
    assert two["attributes"]["ApproximateReceiveCount"] == "1"
    assert two["messageAttributes"]["who"] == {
        "stringValue": "me",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }


def test_what_was_taken_is_gone_and_what_failed_comes_again(sqs: "SQSClient", queue: str) -> None:
    function = Answers(lambda ids: failed(ids[0]))
    brings(sqs, queue, function)
    assert left(sqs, queue) == [function.records[0]["body"]]


def test_when_the_function_fails_all_of_them_come_again(sqs: "SQSClient", queue: str) -> None:
    brings(sqs, queue, Answers(lambda _ids: Invoked(error="ValueError: no")))
    assert left(sqs, queue) == ["one", "two"]


NONE: set[str] = set()


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (Invoked(reply=None), {"a", "b"}),
        (Invoked(reply={}), {"a", "b"}),
        (Invoked(reply={"batchItemFailures": None}), {"a", "b"}),
        (failed(), {"a", "b"}),
        (failed("a"), {"b"}),
        (failed("a", "b"), NONE),
        (failed(""), NONE),
        (failed("of another batch"), NONE),
        (failed("a", None), NONE),
        (Invoked(reply={"batchItemFailures": [{"messageId": "a"}]}), NONE),
        (Invoked(reply={"batchItemFailures": ["a"]}), NONE),
        (Invoked(reply={"batchItemFailures": "a"}), NONE),
        (Invoked(reply="done"), NONE),
        (Invoked(error="ValueError: no"), NONE),
    ],
)
def test_which_messages_are_done_with(answer: Invoked, taken: set[str]) -> None:
    assert taken_of(answer, ["a", "b"]) == taken


def test_a_queue_that_cannot_be_reached_is_asked_again(
    sqs: "SQSClient", caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_source, "PAUSE_SECONDS", 0.05)

    async def feeds() -> None:
        source = EventSource(sqs, f"{sqs.meta.endpoint_url}/123456789012/gone", ARN, "us-east-1")
        feeding = asyncio.create_task(source.feed(Answers(lambda _ids: failed())))
        await asyncio.to_thread(until, lambda: caplog.text.count(said) >= 2)
        feeding.cancel()

    said = "the queue cannot be reached: QueueDoesNotExist"
    asyncio.run(feeds())
