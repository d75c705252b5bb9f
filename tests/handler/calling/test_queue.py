"""The trigger, asked by a queue: each message stands for itself, and none is lost."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from offhook.handler import calls, trigger
from offhook.handler.trigger import LARGEST_BYTES
from tests.handler.calling.conftest import OURS, THEIRS, Line
from tests.handler.calling.executions import Asks, Context, metrics

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

CALL = {"to_phone_number": THEIRS, "from_phone_number": OURS}


class Queue:
    """A queue whose messages the trigger takes, as Lambda hands them over."""

    def __init__(self, sqs: "SQSClient", environment: pytest.MonkeyPatch) -> None:
        self.sqs = sqs
        self.url = sqs.create_queue(QueueName="calls")["QueueUrl"]
        self.dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        environment.setenv("OFFHOOK_DEAD_LETTERS", self.dead)
        self.received = 1
        """How often Lambda says that each was received."""

    def puts(self, *bodies: object) -> None:
        """Messages; a string is sent as it is."""
        for body in bodies:
            said = body if isinstance(body, str) else json.dumps(body)
            self.sqs.send_message(QueueUrl=self.url, MessageBody=said)

    def is_taken(self, *, twice: bool = False, seconds: float = 20) -> int:
        """The trigger takes what is there; how many it gave back. What it did not is deleted."""
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        messages = found.get("Messages", [])
        records: list[dict[str, object]] = [
            {
                "messageId": message.get("MessageId"),
                "receiptHandle": message.get("ReceiptHandle", ""),
                "body": message.get("Body"),
                "attributes": {"ApproximateReceiveCount": str(self.received)},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:calls",
                "awsRegion": "us-east-1",
            }
            for message in messages
        ]
        answer = trigger.lambda_handler({"Records": records}, Context(seconds))
        if twice:
            answer = trigger.lambda_handler({"Records": records}, Context(seconds))
        failures = cast("list[dict[str, str]]", answer["batchItemFailures"])
        back = {failure["itemIdentifier"] for failure in failures}
        for message in messages:
            if message.get("MessageId") not in back:
                handle = message.get("ReceiptHandle", "")
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=handle)
        return len(back)

    def dead_letters(self) -> list[tuple[str, str]]:
        """The body and the reason of each."""
        found = self.sqs.receive_message(
            QueueUrl=self.dead, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return [
            (message.get("Body", ""), _reason(message)) for message in found.get("Messages", [])
        ]


def _reason(message: "MessageTypeDef") -> str:
    attributes = message.get("MessageAttributes", {})
    return attributes["error"].get("StringValue", "") if attributes else ""


@pytest.fixture
def queue(url: Asks, environment: pytest.MonkeyPatch) -> Iterator[Queue]:
    """A queue, empty."""
    queue = Queue(
        boto3.client("sqs"),  # pyright: ignore[reportUnknownMemberType] - an overload each
        environment,
    )
    yield queue
    for address in (queue.url, queue.dead):
        queue.sqs.delete_queue(QueueUrl=address)


def starts(key: str, **more: object) -> dict[str, object]:
    """The message that starts a call."""
    return {"operation": "start", "key": key, **CALL, **more}


def test_a_message_starts_a_call_also_when_it_comes_twice(line: Line, queue: Queue) -> None:
    queue.puts(starts("a-1"), starts("a-1"), starts("a-2"))
    assert queue.is_taken(twice=True) == 0
    assert line.placed == 2
    assert queue.dead_letters() == []


def test_each_message_stands_for_itself(line: Line, queue: Queue) -> None:
    line.fails("ServiceFailureException")
    queue.puts("{", starts("a-1"), starts("a-2", to_phone_number="+19005550143"), starts("a-3"))
    assert queue.is_taken(seconds=9) == 1  # nobody knows yet
    assert line.placed == 1
    assert sorted(reason for _, reason in queue.dead_letters()) == ["DialRefused", "RequestInvalid"]


def test_a_reason_with_control_characters_reaches_the_dead_letters(
    line: Line, queue: Queue
) -> None:
    queue.puts('{"operation": "a\\u0001b"}')
    assert queue.is_taken() == 0
    assert [reason for _, reason in queue.dead_letters()] == ["RequestInvalid"]


def test_a_letter_that_is_as_large_as_can_be_is_buried_without_its_reason(
    line: Line, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.puts("{" + "x" * (LARGEST_BYTES - 1), "{" + "x" * (LARGEST_BYTES - 60))
    assert queue.is_taken() == 0
    assert sorted(reason for _, reason in queue.dead_letters()) == ["", "RequestInvalid"]
    assert caplog.text.count("it is no JSON") == 2


def test_what_the_dead_letters_refuse_comes_again_and_is_told(
    line: Line,
    queue: Queue,
    environment: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv("POWERTOOLS_METRICS_NAMESPACE", "Offhook")
    environment.setenv("OFFHOOK_DEAD_LETTERS", f"{queue.dead}-gone")
    queue.puts("{", starts("a-1"))
    assert queue.is_taken() == 1
    assert line.placed == 1
    assert caplog.text.count("the dead letters do not take") == 1
    assert metrics(capsys) == [
        ("unreadable", "RequestInvalid"),
        ("bury", "Failed"),
        ("start", "Done"),
    ]
    assert queue.is_taken() == 0  # for a quarter of an hour


def test_a_message_at_night_waits_for_the_morning(
    line: Line, queue: Queue, environment: pytest.MonkeyPatch
) -> None:
    hour = datetime.now(UTC).hour
    environment.setenv("OFFHOOK_DIAL_HOURS", f"{(hour + 3) % 24:02}:00-{(hour + 4) % 24:02}:00")
    queue.puts(starts("a-1"))
    assert queue.is_taken() == 1
    assert queue.dead_letters() == []
    assert line.placed == 0


def test_a_redirection_that_comes_twice_is_sent_once(line: Line, queue: Queue) -> None:
    queue.puts(starts("a-1"))
    queue.is_taken()
    line.until("answered")
    queue.puts({"operation": "redirect", "key": "a-1", "arguments": {"name": "x"}})
    assert queue.is_taken(twice=True) == 0
    queue.puts({"operation": "redirect", "key": "a-1", "arguments": {"name": "y"}})
    queue.is_taken()
    line.hears("update y")
    assert line.told.count("update x") == 1


def test_what_comes_too_fast_goes_back_and_comes_again(
    line: Line, queue: Queue, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("OFFHOOK_CALLS_PER_SECOND", "0.1")
    queue.puts(starts("a-1"), starts("a-2"))
    assert queue.is_taken(seconds=9) == 1
    assert line.placed == 1
    assert queue.dead_letters() == []


def test_a_batch_that_all_goes_back_is_no_error(line: Line, queue: Queue) -> None:
    queue.puts(starts("a-1"), starts("a-2"))
    assert queue.is_taken(seconds=7) == 2
    assert line.placed == 0


def test_one_switch_stops_all_and_nothing_is_lost(
    line: Line, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    calls.stop()
    queue.puts({"operation": "start", "key": "a-1", **CALL})
    with caplog.at_level(logging.INFO, "offhook"):
        assert queue.is_taken() == 1
    assert {record.levelno for record in caplog.records} == {logging.INFO}
    assert line.placed == 0
    waiting = calls.outcome("a-1")
    assert (waiting.state, waiting.waits_for) == (
        "waiting",
        "all dialling is stopped, until `calls.go`",
    )
    calls.go()
    started = calls.start(key="a-1", to_phone_number=THEIRS, from_phone_number=OURS)
    assert started.state not in ("waiting", "refused")


def test_what_has_waited_long_is_a_new_message_before_sqs_buries_it(
    line: Line, queue: Queue
) -> None:
    calls.stop()
    queue.puts({"operation": "start", "key": "a-1", **CALL})
    queue.received = trigger.OFTEN
    assert queue.is_taken() == 0  # it leaves the queue: a copy, which is seen later, is there
    shown = queue.sqs.get_queue_attributes(
        QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert shown["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "1"
    assert queue.dead_letters() == []
    assert line.placed == 0
