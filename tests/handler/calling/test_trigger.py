"""The trigger, asked by a function URL, a queue, and directly."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import boto3
import pytest

from offhook.handler import trigger
from offhook.handler.calling.service_errors import DOCUMENTED, BadRequestException
from offhook.handler.errors import KeyTaken, NoSuchCall, NotConfigured, RequestInvalid
from tests.handler.calling.conftest import OURS, THEIRS, Line

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

CALL = {"to_phone_number": THEIRS, "from_phone_number": OURS}


class Context:
    """What Lambda says of an execution: here, how much time it has."""

    def __init__(self, seconds: float = 20) -> None:
        self._milliseconds = int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends it."""
        return self._milliseconds


@pytest.fixture
def url(line: Line, environment: pytest.MonkeyPatch) -> "Asks":
    """The trigger as a deployed one is: settings from the environment."""
    environment.setenv("AWS_ENDPOINT_URL_CHIME_SDK_VOICE", line.server.endpoint)
    environment.setenv("OFFHOOK_SIP_MEDIA_APPLICATION_ID", line.application)
    environment.setenv("OFFHOOK_DIAL_DESTINATIONS", "+1555010")
    environment.setenv("OFFHOOK_DIAL_FROM", OURS)
    environment.setenv("OFFHOOK_DIAL_HOURS", "00:00-00:00")
    environment.setenv("OFFHOOK_DIAL_TIME_ZONE", "UTC")
    environment.setenv("OFFHOOK_CALLS_PER_SECOND", "1000")
    environment.setenv("OFFHOOK_UPDATES_PER_SECOND", "1000")
    return Asks()


class Asks:
    """Somebody who may use the function URL."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.content_type = "application/json"

    def __call__(
        self, method: str, key: str, body: object = None, *, seconds: float = 20
    ) -> tuple[int, dict[str, object]]:
        """The status and the answer; the answer's headers are kept."""
        return self.path(method, f"/calls/{quote(key, safe='')}", body, seconds=seconds)

    def path(
        self, method: str, path: str, body: object = None, *, seconds: float = 20
    ) -> tuple[int, dict[str, object]]:
        """The same, for any path; a string is sent as it is."""
        said = body if isinstance(body, str | None) else json.dumps(body)
        event: dict[str, object] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": self.content_type},
            "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
            "body": said,
            "isBase64Encoded": False,
        }
        answer = trigger.lambda_handler(event, Context(seconds))
        self.headers = cast("dict[str, str]", answer["headers"])
        status = answer["statusCode"]
        assert isinstance(status, int)
        return status, cast("dict[str, object]", json.loads(str(answer["body"])))


def test_a_call_is_put_and_read(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL)
    assert status == 200
    assert told["transaction_id"] in line.server.exchange.service.calls
    assert url("PUT", "a-1", CALL)[1]["transaction_id"] == told["transaction_id"]
    assert line.placed == 1
    line.until("answered")
    status, told = url("GET", "a-1")
    assert (status, told["state"]) == (200, "answered")


def test_a_call_is_redirected_and_deleted(line: Line, url: Asks) -> None:
    url("PUT", "a-1", CALL)
    line.until("answered")
    assert url("PATCH", "a-1", {"arguments": {"name": "room 2"}})[0] == 200
    line.hears("update room 2")
    assert url("DELETE", "a-1")[0] == 200
    line.until("ended")
    status, told = url("PATCH", "a-1", {"arguments": {}})
    assert (status, told["error"]) == (404, "NoSuchCall")
    assert url("GET", "a-1")[1]["outcome"] == "cancelled"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/calls/none", None, 404, "NoSuchCall"),
        ("GET", "/", None, 404, "RequestInvalid"),
        ("POST", "/calls/a-1", "{}", 404, "RequestInvalid"),
        ("GET", "/calls/a%20b", None, 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", "{}", 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", "{", 400, "RequestInvalid"),
        ("PUT", "/calls/a-1", None, 400, "RequestInvalid"),
        ("PATCH", "/calls/a-1", '{"arguments": {"a": 1}}', 400, "RequestInvalid"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(
    line: Line, url: Asks, method: str, path: str, body: str | None, status: int, error: str
) -> None:
    answer = url.path(method, path, body)
    assert (answer[0], answer[1]["error"]) == (status, error)
    assert answer[1]["message"]
    assert line.placed == 0


def test_what_the_policy_forbids_is_forbidden(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL | {"to_phone_number": "+19005550143"})
    assert (status, told["error"]) == (403, "DialRefused")
    assert url("GET", "a-1")[1]["error"] == "DialRefused"
    assert line.placed == 0


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - {"NotFoundException"}))
def test_each_documented_error_has_its_status(line: Line, url: Asks, name: str) -> None:
    line.fails(name, times=None)
    status, told = url("PUT", "a-1", CALL, seconds=8.5)
    kind = DOCUMENTED[name]
    assert (status, told["error"]) == (
        (kind.status, name) if kind.is_refusal else (202, "Unsettled")
    )
    assert name in str(told["message"])
    assert ("Retry-After" in url.headers) is (kind.is_temporary or not kind.is_refusal)


def test_a_time_that_is_used_up_starts_nothing(line: Line, url: Asks) -> None:
    status, told = url("PUT", "a-1", CALL, seconds=7)
    assert (status, told["error"]) == (429, "Busy")
    assert line.placed == 0


def test_a_ledger_out_of_reach_dials_nothing(
    line: Line, url: Asks, environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    status, told = url("PUT", "a-1", CALL)
    assert (status, told["error"]) == (503, "LedgerFailed")
    assert line.placed == 0
    assert "the ledger failed (EndpointConnectionError)" in caplog.text


def test_no_phone_number_is_logged(line: Line, url: Asks, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="offhook")
    url("PUT", "a-15550100199", CALL)
    url("PUT", "a-2", CALL | {"to_phone_number": "+19005550143"})
    url("PUT", "a-3", CALL | {"to_phone_number": "nobody"})
    ours = [record.getMessage() for record in caplog.records if record.name == "offhook"]
    assert len(ours) >= 2
    assert not any("5550" in line for line in ours)


def test_asked_directly_it_returns_the_call_or_raises_by_name(line: Line, url: Asks) -> None:
    told = trigger.lambda_handler({"operation": "start", "key": "a-1", **CALL}, Context())
    assert told["transaction_id"] in line.server.exchange.service.calls
    json.dumps(told)
    with pytest.raises(NoSuchCall):
        trigger.lambda_handler({"operation": "outcome", "key": "none"}, Context())
    with pytest.raises(RequestInvalid, match="operation is missing"):
        trigger.lambda_handler({"key": "none"}, Context())
    line.fails("BadRequestException")
    with pytest.raises(BadRequestException):
        trigger.lambda_handler({"operation": "start", "key": "a-2", **CALL}, Context())


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]
)
def test_a_body_is_json_whatever_it_is_called(line: Line, url: Asks, content_type: str) -> None:
    url.content_type = content_type
    assert url("PUT", "a-1", CALL)[0] == 200


@pytest.mark.parametrize("body", ["to=1&from=2", "[" * 100_000, "\x00", '"text"', "[]", "1e999"])
def test_a_body_that_is_no_object_is_refused(line: Line, url: Asks, body: str) -> None:
    status, told = url("PUT", "a-1", body)
    assert (status, told["error"]) == (400, "RequestInvalid")


def test_what_lambda_logs_of_an_error_holds_no_phone_number(line: Line, url: Asks) -> None:
    request = {"operation": "start", "key": "call-15550100199", **CALL}
    trigger.lambda_handler(request, Context())
    with pytest.raises(KeyTaken) as caught:
        trigger.lambda_handler({**request, "to_phone_number": "+15550100177"}, Context())
    assert "5550" not in str(caught.value)
    assert "a new call needs a key of its own" in str(caught.value)


@pytest.mark.parametrize("event", ["start", 7, None, [], {}])
def test_asked_directly_for_nothing_it_says_so(event: object) -> None:
    with pytest.raises(RequestInvalid):
        trigger.lambda_handler(event, Context())


def test_without_a_ledger_nothing_is_started(
    line: Line, url: Asks, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("OFFHOOK_LEDGER")
    status, told = url("PUT", "a-1", CALL)
    assert (status, told["error"]) == (500, "NotConfigured")
    assert "OFFHOOK_LEDGER" in str(told["message"])
    with pytest.raises(NotConfigured):
        trigger.lambda_handler({"operation": "outcome", "key": "a-1"}, Context())


def test_without_a_region_it_says_which_variable(
    line: Line, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("AWS_DEFAULT_REGION")
    environment.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(NotConfigured, match="AWS_DEFAULT_REGION"):
        trigger.lambda_handler({"operation": "outcome", "key": "a-1"}, Context())


class Queue:
    """A queue whose messages the trigger takes, as Lambda hands them over."""

    def __init__(self, sqs: "SQSClient", environment: pytest.MonkeyPatch) -> None:
        self.sqs = sqs
        self.url = sqs.create_queue(QueueName="calls")["QueueUrl"]
        self.dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        environment.setenv("OFFHOOK_DEAD_LETTERS", self.dead)

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
                "attributes": {},
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
    return message.get("MessageAttributes", {})["error"].get("StringValue", "")


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
