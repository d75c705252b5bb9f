"""Starts and redirects calls when asked from outside: `lambda_handler` is what Lambda invokes.

| asked by | how | answered by |
|---|---|---|
| function URL (IAM) | `PUT`, `PATCH`, `DELETE`, `GET /calls/{key}` | a status, and what is known |
| SQS | a message with `operation` | it leaves the queue when settled, else comes again |
| Scheduler, Step Functions, `aws lambda invoke` | the same object | the call, or an error's name |

What can never succeed does not circle in the queue: it goes to the dead letters at once, with the
reason. What may succeed later becomes visible again when it says. docs/calling-out.md.
"""

import json
import logging
import os
import re
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from math import ceil
from typing import TYPE_CHECKING, Annotated, Final, Protocol, cast
from urllib.parse import unquote

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType] - half typed
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import BaseModel, BeforeValidator, ConfigDict

from offhook.handler import calls, log
from offhook.handler.calling.call_record import OurCall, Standing
from offhook.handler.calling.requests import (
    AskCall,
    CancelCall,
    Key,
    NewCall,
    RedirectCall,
    Redirection,
    StartCall,
    faulty,
    make,
    read_request,
)
from offhook.handler.errors import Busy, CallError, RequestInvalid

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from types_boto3_sqs.client import SQSClient

MARGIN_SECONDS: Final = 8.0
"""What a request may take after its turn has come: the service's answer, and the ledger's."""

UNSENDABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")
"""What SQS takes in no message (api/API_SendMessage)."""

LONGEST_SECONDS: Final = 11 * 3600
"""A message can be hidden for twelve hours in all, which have begun when it is read."""

NUMBERS: Final = re.compile(r"\+?\d{7,}")
"""What may be a phone number in a line of the log."""

logger = logging.getLogger("offhook")
log.for_cloudwatch()

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # what the first request needs is in the snapshot
    for needed in ("boto3", "phonenumbers.timezone"):
        with suppress(ModuleNotFoundError):
            import_module(needed)


class Known(BaseModel):
    """What is known of a call. Times are seconds since 1970."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    state: Standing
    outcome: str
    """`completed`, `cancelled`, `busy`, `no answer`, `rejected`, `not answered`; the state until
    it ends."""
    transaction_id: str | None
    dialled_at: float | None
    answered_at: float | None
    ended_at: float | None
    sip_response_code: int | None
    error: str | None
    """Why nothing was dialled."""
    is_cancelled: bool


class Failed(BaseModel):
    """Why not."""

    error: str
    message: str
    retry_after_seconds: float | None = None
    """When to ask again, with the same key; not there where that is of no use."""


class Execution(Protocol):
    """What Lambda says of an execution, as far as it is asked here."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends it."""
        ...


AnyCall = StartCall | RedirectCall | CancelCall | AskCall
app = LambdaFunctionUrlResolver(enable_validation=True)

# A function URL leaves the path as it was sent, and many clients write %3A for a colon.
CallKey = Annotated[
    Key, BeforeValidator(unquote), Path(description="What makes two requests the same request.")
]


@app.put("/calls/<key>")
def start(key: CallKey, call: NewCall) -> Known:
    """Start a call; with a key that has one already, tell of that one."""
    return _asked(make(StartCall, {**_fields(call), "key": key}), _patience(app.lambda_context))


@app.patch("/calls/<key>")  # pyright: ignore[reportUnknownMemberType] - half typed
def redirect(key: CallKey, redirection: Redirection) -> Known:
    """Tell the call's flow something: it gets CALL_UPDATE_REQUESTED."""
    fields = {**_fields(redirection), "key": key}
    return _asked(make(RedirectCall, fields), _patience(app.lambda_context))


@app.delete("/calls/<key>")
def cancel(key: CallKey) -> Known:
    """Do not start the call, or end it."""
    return _asked(make(CancelCall, {"key": key}), _patience(app.lambda_context))


@app.get("/calls/<key>")
def outcome(key: CallKey) -> Known:
    """What is known of the call."""
    return _asked(make(AskCall, {"key": key}), _patience(app.lambda_context))


def _failed(error: CallError) -> "Response[str]":
    told = Failed(
        error=type(error).__name__,
        message=str(error),
        retry_after_seconds=error.retry_after_seconds,
    )
    return _told(told, error.status)


def _told(told: Failed, status: int) -> "Response[str]":
    headers: dict[str, str | list[str]] = {}
    if told.retry_after_seconds is not None:
        headers["Retry-After"] = str(ceil(told.retry_after_seconds))
    return Response(
        status_code=status,
        content_type="application/json",
        body=told.model_dump_json(exclude_none=True),
        headers=headers,
    )


def _invalid(error: RequestValidationError) -> "Response[str]":
    return _failed(faulty(error.errors()))


def _broken(error: Exception) -> "Response[str]":
    if isinstance(error, ServiceError):  # the resolver's own: no such path, no JSON
        told = Failed(error="RequestInvalid", message="there is /calls/{key}, and nothing else")
        return _told(told, error.status_code)
    # Ours to mend. Whatever was dialled is in the ledger, so the same key may be asked again.
    logger.error("the request failed: %s", _masked(f"{type(error).__name__}: {error}"))
    told = Failed(error="Failed", message="the request failed on our side: its log says why")
    return _told(told, 500)


app.exception_handler(CallError)(_failed)
app.exception_handler(RequestValidationError)(_invalid)
app.exception_handler([NotFoundError, ServiceError, Exception])(_broken)


def lambda_handler(event: object, context: "Execution") -> Mapping[str, object]:
    """Answer whoever asks. Raises `CallError` for those who ask directly."""
    asked = _object(event)
    if "Records" in asked:
        return _of_the_queue(asked, context)
    if "requestContext" in asked:
        return _of_the_url(asked, context)
    try:
        return _asked(read_request(event), _patience(context)).model_dump(mode="json")
    except CallError as error:
        error.args = (_masked(str(error)),)  # Lambda writes it to the log as it is
        raise


def _object(event: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", event)) if isinstance(event, Mapping) else {}


def _of_the_url(event: dict[str, object], context: "Execution") -> Mapping[str, object]:
    """A body is JSON, whatever its `Content-Type` says: curl calls everything a form."""
    body = event.get("body")
    try:
        if isinstance(body, str) and body:
            json.loads(b64decode(body) if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError):
        told = Failed(error="RequestInvalid", message="the body is no JSON object: send one")
        return {
            "statusCode": RequestInvalid.status,
            "headers": {"Content-Type": "application/json"},
            "body": told.model_dump_json(exclude_none=True),
        }
    headers = {
        name: value
        for name, value in cast("Mapping[str, str]", event.get("headers") or {}).items()
        if name.lower() != "content-type"
    }
    event["headers"] = {**headers, "content-type": "application/json"}
    return app.resolve(event, cast("LambdaContext", context))


def _asked(request: AnyCall, patience_seconds: float) -> Known:
    """What is known of the call afterwards. Raises `CallError`."""
    result = "Failed"
    try:
        known = Known.model_validate(_done(request, patience_seconds))
        result = "Done"
    except CallError as error:
        result = type(error).__name__
        logger.warning("%s %s: %s", request.operation, _masked(request.key), _masked(str(error)))
        raise
    finally:
        _count(request.operation, result)
    logger.info("%s %s: %s", request.operation, _masked(request.key), known.outcome)
    return known


def _done(request: AnyCall, patience_seconds: float) -> OurCall:
    if patience_seconds <= 0:
        raise Busy("the time of this execution is used up", retry_after_seconds=1)
    desk = calls.configured()
    match request:
        case StartCall():
            return desk.start(request, patience_seconds=patience_seconds)
        case RedirectCall():
            return desk.redirect(request, patience_seconds=patience_seconds)
        case CancelCall():
            return desk.cancel(request, patience_seconds=patience_seconds)
        case AskCall():
            return desk.outcome(request)


def _of_the_queue(event: dict[str, object], context: "Execution") -> Mapping[str, object]:
    """Partial batch failures: each message stands for itself."""

    def handle(record: SQSRecord) -> None:
        try:
            _asked(_request_of(record), _patience(context))
        except CallError as error:
            if error.retry_after_seconds is not None:
                _later(record, error.retry_after_seconds)
                raise
            _bury(record, error)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, handle, processor, cast("LambdaContext", context))


def _request_of(record: SQSRecord) -> AnyCall:
    """The request in a message; a redirection without an id has the message's."""
    request = read_request(record.body)
    if isinstance(request, RedirectCall) and request.id is None:
        return request.model_copy(update={"id": record.message_id})
    return request


def _later(record: SQSRecord, seconds: float) -> None:
    """Let the message be seen again when it says; failing that, after the queue's own time."""
    try:
        _sqs().change_message_visibility(
            QueueUrl=_queue_url(record.event_source_arn),
            ReceiptHandle=record.receipt_handle,
            VisibilityTimeout=min(ceil(seconds), LONGEST_SECONDS),
        )
    except Exception as error:
        logger.warning("the message comes again at the queue's own time: %s", type(error).__name__)


def _bury(record: SQSRecord, error: CallError) -> None:
    """To the dead letters, with the reason. Raises `error` where there is no such queue."""
    queue = os.environ.get("OFFHOOK_DEAD_LETTERS", "")
    if not queue:
        raise error
    said = UNSENDABLE.sub(" ", str(error))[:1000]
    reason = {"error": type(error).__name__, "message": said}
    _sqs().send_message(
        QueueUrl=queue,
        MessageBody=record.body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in reason.items()
        },
    )


@cache
def _sqs() -> "SQSClient":
    import boto3

    return boto3.client("sqs")  # pyright: ignore[reportUnknownMemberType] - an overload each


@cache
def _queue_url(arn: str) -> str:
    """arn:aws:sqs:REGION:ACCOUNT:NAME names the queue."""
    *_, account, name = arn.split(":")
    return _sqs().get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]


def _patience(context: "Execution") -> float:
    """How long a request may wait, in seconds, so that the execution still sees its end."""
    return context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS


def _fields(model: BaseModel) -> dict[str, object]:
    return {name: getattr(model, name) for name in type(model).model_fields}


def _masked(text: str) -> str:
    return NUMBERS.sub("***", text)


def _count(operation: str, result: str) -> None:
    """One of `Requests`, by operation and result, where metrics are on."""
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "")
    if not namespace:
        return
    with single_metric("Requests", MetricUnit.Count, 1, namespace=namespace) as metric:
        metric.add_dimension("operation", operation)
        metric.add_dimension("result", result)
