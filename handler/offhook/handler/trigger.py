"""Starts and redirects calls when asked from outside: `lambda_handler` is what Lambda invokes.

Over the function URL it answers with a status and what is known; a message of SQS leaves the queue
when it is settled, else comes again; whoever invokes it gets the call, or an error's name.

What can never succeed does not circle in the queue: it goes to the dead letters at once, with the
reason. What may succeed later becomes visible again when it says. docs/calling-out.md.
"""

import json
import logging
import os
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from math import ceil
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast
from urllib.parse import unquote

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel

from offhook.handler import errors, log
from offhook.handler.calling import environment, requests
from offhook.handler.calling.call_record import CallList, OurCall
from offhook.handler.calling.requests import AnyCall, RedirectCall, read_request
from offhook.handler.calling.service_errors import of_the_ledger
from offhook.handler.errors import CallError
from offhook.handler.masking import masked_numbers

if TYPE_CHECKING:
    from types_boto3_sqs.client import SQSClient
    from types_boto3_sqs.type_defs import MessageAttributeValueTypeDef as Attribute

VERBS: Final = {"PUT": "start", "PATCH": "redirect", "DELETE": "cancel", "GET": "outcome"}
"""What the methods of HTTP ask for, at `/calls/{key}`."""

LISTS: Final = {"/calls": "list", "/live": "live"}
"""What GET asks for there."""

MARGIN_SECONDS: Final = 8.0
"""What a request may take after its turn has come: the service's answer, and the ledger's."""

UNSENDABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")
"""What SQS takes in no message (api/API_SendMessage)."""

OURS_TO_MEND: Final = (errors.LedgerFailed, errors.LedgerNewer, errors.NotConfigured)
"""What counts as `Failed`, as does every error that is none of ours."""

LARGEST_BYTES: Final = 1024 * 1024
"""A message with its attributes (api/API_SendMessage)."""

UNBURIED_SECONDS: Final = 900
"""What the dead letters do not take is tried again after so long: 1,000 times are 10 days."""

LONGEST_SECONDS: Final = 11 * 3600
"""A message can be hidden for twelve hours in all, which have begun when it is read."""

OFTEN: Final = 500
"""So often what waits is received before a new message takes its place: SQS buries after 1,000."""

logger = logging.getLogger("offhook")
log.for_cloudwatch()

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # what the first request needs is in the snapshot
    for needed in ("boto3", "phonenumbers.timezone"):
        with suppress(ModuleNotFoundError):
            import_module(needed)


class Failed(BaseModel):
    """Why a request was not done, as JSON."""

    error: str
    message: str
    retry_after_seconds: float | None = None
    """When to ask again, with the same key; not there where that is of no use."""


class Execution(Protocol):
    """What Lambda says of an execution, as far as it is asked here."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends it."""
        ...


Known: TypeAlias = OurCall | CallList

Asked: TypeAlias = Mapping[str, object]
"""An event, or a message of the queue."""


def lambda_handler(event: object, context: Execution) -> Mapping[str, object]:
    """Answer whoever asks. Raises `CallError` for those who ask directly."""
    asked = cast("Asked", event if hasattr(event, "keys") else {})
    if "Records" in asked:
        records = cast("list[Asked]", asked["Records"])
        back = [record["messageId"] for record in records if not _is_settled(record, context)]
        return {"batchItemFailures": [{"itemIdentifier": its_id} for its_id in back]}
    if "requestContext" in asked:
        return _of_the_url(asked, context)
    try:
        return _asked(lambda: read_request(event), context).model_dump(mode="json")
    except Exception as error:
        error.args = (masked_numbers(str(error)),)  # Lambda writes it to the log as it is
        raise


def _of_the_url(event: Asked, context: Execution) -> Mapping[str, object]:
    whose = ""
    try:
        whose = _whose(event)
        return _answer(200, _asked(lambda: _request_at(event, whose), context), whose)
    except CallError as error:
        name, wait = type(error).__name__, error.retry_after_seconds
        told = Failed(error=name, message=str(error), retry_after_seconds=wait)
        allow = "GET" if event["rawPath"] in LISTS else ", ".join(VERBS)
        return _answer(error.status, told, whose, {"Allow": allow} if error.status == 405 else {})
    except Exception:  # whatever was dialled is in the ledger: the same key may be asked for again
        said = "the request failed on our side: its log says why"
        return _answer(500, Failed(error="Failed", message=said), whose)


def _whose(event: Asked) -> str:
    """How the keys of who asks begin, a user or a role in all its sessions; empty where keys are
    shared. All whom nothing names are one."""
    if os.environ.get("OFFHOOK_KEYS") != "own":
        return ""
    context = cast("dict[str, dict[str, dict[str, str]]]", event["requestContext"])
    arn = context.get("authorizer", {}).get("iam", {}).get("userArn", "")
    asker = sha256(re.sub(r"(:assumed-role/[^/]+)/.*", r"\1", arn).encode()).digest()[:16]
    # No digits: the log would take them for a number.
    return "".join(chr(ord("a") + byte % 26) for byte in asker) + ":"


def _request_at(event: Asked, whose: str) -> AnyCall:
    """The request to a function URL. It leaves the path as it was sent, and many clients write %3A
    for a colon. A body is JSON, whatever its `Content-Type` says: curl calls everything a form."""
    if (said := os.environ.get("OFFHOOK_KEYS") or "shared") not in ("own", "shared"):
        raise errors.NotConfigured(f"OFFHOOK_KEYS is {said!r}: write own, or shared")
    http = cast("dict[str, dict[str, str]]", event["requestContext"])["http"]
    path, operation = cast("str", event["rawPath"]), VERBS.get(http["method"])
    folder, _, key = path.rpartition("/")
    if operation == "outcome" and path in LISTS:
        return read_request(event.get("queryStringParameters") or {}, operation=LISTS[path])
    if folder != "/calls" or not key or operation is None:
        said = "there are /calls/{key}, GET /calls and GET /live, and nothing else"
        nowhere = errors.RequestInvalid(said)
        nowhere.status = 405 if folder == "/calls" or path in LISTS else 404
        raise nowhere
    body = cast("str", event.get("body") or "{}")
    sent = b64decode(body) if event.get("isBase64Encoded") else body
    key = unquote(key)
    own = "" if key.startswith(requests.CAME_IN) else whose
    request = read_request(sent, operation=operation, key=f"{own}{key}")
    if isinstance(request, RedirectCall) and request.id is None:  # a client may send it again
        said = json.dumps(dict(request.arguments), sort_keys=True)
        return request.model_copy(update={"id": sha256(said.encode()).hexdigest()[:32]})
    return request


def _answer(
    status: int, told: Known | Failed, whose: str, more: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    headers = {"Content-Type": "application/json", **(more or {})}
    if isinstance(told, Failed) and told.retry_after_seconds is not None:
        headers["Retry-After"] = str(ceil(told.retry_after_seconds))
    if isinstance(told, CallList):
        told.calls = [call for call in told.calls if call.key.startswith((whose, requests.CAME_IN))]
    body = told.model_dump_json(exclude_none=isinstance(told, Failed))
    body = re.sub(f"(?<!@){whose}", "", body)  # behind an @, in `next`, it is to come back
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}


def _asked(read: Callable[[], AnyCall], context: Execution) -> Known:
    """What is known of the call afterwards. Whatever becomes of it: one line, and one metric."""
    operation, said = "unreadable", "a request"
    try:
        request = read()
        about = getattr(request, "key", None) or getattr(request, "batch", None)
        operation, said = request.operation, f"{request.operation} {about or 'calls'}"
        patience = context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
        known = _done(request, patience)
    except Exception as error:
        name = result = type(error).__name__
        level = logging.INFO if _waits(error) else logging.WARNING
        if isinstance(error, OURS_TO_MEND) or not isinstance(error, CallError):
            level, result = logging.ERROR, "Failed"
        _tell(level, operation, result, f"{said}: {name}: {error}")
        raise
    came = known.outcome if isinstance(known, OurCall) else f"{len(known.calls)} calls"
    _tell(logging.INFO, operation, "Done", f"{said}: {came}")
    return known


def _waits(error: Exception) -> bool:
    """Whether nothing is wrong: it is not the call's turn yet."""
    is_wrong = isinstance(error, (*OURS_TO_MEND, errors.Unsettled))
    return getattr(error, "retry_after_seconds", None) is not None and not is_wrong


@of_the_ledger()
def _done(request: AnyCall, patience_seconds: float) -> Known:
    if patience_seconds <= 0:
        raise errors.Busy("the time of this execution is used up", retry_after_seconds=1)
    desk = environment.configured()
    match request:
        case requests.StartCall():
            return desk.start(request, patience_seconds=patience_seconds)
        case RedirectCall():
            return desk.redirect(request, patience_seconds=patience_seconds)
        case requests.CancelCall():
            return desk.cancel(request, patience_seconds=patience_seconds)
        case requests.AskCall():
            return desk.outcome(request)
        case requests.ListCalls():
            return environment.ledger().listed(request)
        case requests.LiveCalls():
            return environment.ledger().live(request.number)


def _is_settled(record: Asked, context: Execution) -> bool:
    """Whether a message may leave the queue; else it comes again."""
    try:
        _asked(lambda: _request_of(record), context)
    except CallError as error:
        if error.retry_after_seconds is None:
            return _is_buried(record, error)
        received = cast("dict[str, str]", record.get("attributes", {}))
        if _waits(error) and int(received.get("ApproximateReceiveCount", 0)) >= OFTEN:
            own = _queue_url(str(record["eventSourceARN"]))
            return _is_sent(record, own, min(ceil(error.retry_after_seconds), 900))
        _later(record, error.retry_after_seconds)
        return False
    except Exception:
        return False
    return True


def _request_of(record: Asked) -> AnyCall:
    """The request in a message; a redirection without an id has the message's."""
    request = read_request(record["body"])
    if isinstance(request, RedirectCall) and request.id is None:
        return request.model_copy(update={"id": record["messageId"]})
    return request


def _later(record: Asked, seconds: float) -> None:
    """Let the message be seen again when it says; failing that, after the queue's own time."""
    try:
        _sqs().change_message_visibility(
            QueueUrl=_queue_url(str(record["eventSourceARN"])),
            ReceiptHandle=str(record["receiptHandle"]),
            VisibilityTimeout=min(ceil(seconds), LONGEST_SECONDS),
        )
    except Exception as error:
        logger.warning("the message comes again at the queue's own time: %s", type(error).__name__)


def _is_buried(record: Asked, error: CallError) -> bool:
    """Whether it is among the dead letters, with as much of the reason as there is room for."""
    queue = os.environ.get("OFFHOOK_DEAD_LETTERS", "")
    if not queue:
        return False
    room = LARGEST_BYTES - len(str(record["body"]).encode())
    said = {"error": type(error).__name__, "message": UNSENDABLE.sub(" ", str(error))[:1000]}
    attributes: dict[str, Attribute] = {}
    for name, value in said.items():
        room -= len(f"{name}String{value}".encode())
        if value and room >= 0:
            attributes[name] = {"DataType": "String", "StringValue": value}
    return _is_sent(record, queue, 0, **attributes)


def _is_sent(record: Asked, queue: str, delay: int = 0, **attributes: "Attribute") -> bool:
    """Whether a copy of the message is in a queue; else the message comes again."""
    try:
        _sqs().send_message(
            QueueUrl=queue,
            MessageBody=str(record["body"]),
            MessageAttributes=attributes,
            DelaySeconds=delay,
        )
    except Exception as refused:
        name = "queue does" if delay else "dead letters do"
        why = f"the {name} not take {record['messageId']}: {type(refused).__name__}"
        _tell(logging.ERROR, "bury", "Failed", f"{why}: {refused}")
        _later(record, UNBURIED_SECONDS)
        return False
    return True


@cache
def _sqs() -> "SQSClient":
    import boto3

    return boto3.client("sqs")  # pyright: ignore[reportUnknownMemberType] - an overload each


@cache
def _queue_url(arn: str) -> str:
    """arn:aws:sqs:REGION:ACCOUNT:NAME names the queue."""
    *_, account, name = arn.split(":")
    return _sqs().get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]


def _tell(level: int, operation: str, result: str, line: str) -> None:
    """In the log and, where metrics are on, as one of `Requests`, by operation and result."""
    logger.log(level, "%s", masked_numbers(line))
    if namespace := os.environ.get("POWERTOOLS_METRICS_NAMESPACE"):
        with single_metric("Requests", MetricUnit.Count, 1, namespace=namespace) as metric:
            metric.add_dimension("operation", operation)
            metric.add_dimension("result", result)
