"""The Lambda function: takes requests from the queue, does them, answers.

What is not done is left in the queue, which shows it again when its visibility time-out is over.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypedDict, TypeVar
from urllib.error import HTTPError
from urllib.request import Request as Put
from urllib.request import urlopen

from offhook.provisioning.phone_numbers import PhoneNumbers
from offhook.provisioning.requests import Failed, Kind, NotYet, Request, Thing
from offhook.provisioning.service import PASSING, code, failed
from offhook.provisioning.sip_rules import SipRules

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 45 * 60
"""How long a request may take: CloudFormation itself waits for an hour."""
REASON: Final = 1_000
"""Characters of a reason: the whole answer may have 4,096 bytes."""

KINDS: Final[Mapping[str, Kind]] = {
    "Custom::PhoneNumber": PhoneNumbers(),
    "Custom::SipRule": SipRules(),
}


class Record(TypedDict):
    """What SQS hands over of a message."""

    messageId: str
    body: str
    attributes: Mapping[str, str]


def lambda_handler(
    event: Mapping[str, Sequence[Record]], _context: object
) -> dict[str, list[dict[str, str]]]:
    """Do the requests in the messages. Answers which are to stay in the queue."""
    left = [record["messageId"] for record in event["Records"] if not _is_done(record)]
    return {"batchItemFailures": [{"itemIdentifier": its_id} for its_id in left]}


def _is_done(record: Record) -> bool:
    sent = int(record["attributes"]["SentTimestamp"]) / 1000
    request = Request.read(json.loads(record["body"]), sent)
    what = f"{request.request_type} {request.resource_type} {request.logical_resource_id}"
    try:
        try:
            _answer(request, _done(request), "")
        except Failed as why:
            log.error("%s: %s", what, why)
            kind = KINDS.get(request.resource_type)
            name = request.name(kind.identity if kind else ())
            # By its name is found what a create has made that failed.
            _answer(request, Thing(request.physical_resource_id or name), str(why))
    except NotYet as why:
        log.warning("%s: %s", what, why)
        return False
    return True


def _done(request: Request) -> Thing:
    """What a request comes to. Raises `NotYet` and `Failed`."""
    kind = KINDS.get(request.resource_type)
    if kind is None:
        raise Failed(f"{request.resource_type} is none of {', '.join(KINDS)}")
    its_id = request.physical_resource_id

    def ensure() -> Thing:
        made = kind.ensure(request, request.name(kind.identity))
        if request.request_type == "Update":
            # What an update has made that failed, CloudFormation does not know: its roll-back does.
            former = request.former_name(kind.identity)
            for one in [one for one in kind.things() if one.name == former]:
                if one.id not in (its_id, made.id) and request.is_recent(one.created):
                    kind.remove(one, request)
        return made

    def remove() -> Thing:
        for one in [one for one in kind.things() if its_id in (one.id, one.name)]:
            kind.remove(one, request)
        return Thing(its_id)

    try:
        return _asked(remove if request.request_type == "Delete" else ensure)
    except NotYet as why:
        if request.waited < PATIENCE_SECONDS:
            raise
        minutes = PATIENCE_SECONDS // 60
        raise Failed(f"{why}; it was so for {minutes} minutes. Try again later") from None


def _asked(do: Callable[[], T]) -> T:
    """With boto3's errors as ours, and mistakes of our own as failures: the stack would wait."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return do()
    except (Failed, NotYet):
        raise
    except ClientError as error:
        raise (NotYet if code(error) in PASSING else Failed)(str(failed(error))) from None
    except BotoCoreError as error:
        raise NotYet(f"the service does not answer: {error}") from None
    except Exception as error:
        log.exception("a mistake of this function")
        raise Failed(f"{type(error).__name__}: {error}. The function's log says more") from None


def _answer(request: Request, thing: Thing, reason: str) -> None:
    """Tell CloudFormation that it is done, or why not. Raises `NotYet` when it does not arrive."""
    said = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": reason[:REASON],
        "PhysicalResourceId": thing.id,
        "StackId": request.stack_id,
        "RequestId": request.request_id,
        "LogicalResourceId": request.logical_resource_id,
        "Data": dict(thing.data),
    }
    # The URL is signed without a type.
    put = Put(request.response_url, json.dumps(said).encode(), {"Content-Type": ""}, method="PUT")
    try:
        with urlopen(put, timeout=5):
            return
    except HTTPError as error:
        if error.code >= 500:
            raise NotYet(f"the answer is not taken: {error}") from None
        log.error("nobody waits for the answer any more: %s", error)
    except OSError as error:
        raise NotYet(f"the answer does not arrive: {error}") from None
