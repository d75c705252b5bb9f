"""The Lambda function: takes requests from the queue, does them, answers, or leaves them there."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict
from urllib.error import HTTPError
from urllib.request import Request as Put
from urllib.request import urlopen

from offhook.provisioning import phone_numbers, sip_rules
from offhook.provisioning.requests import Failed, Kind, NotYet, Request
from offhook.provisioning.service import refused

log = logging.getLogger(__name__)

REASON: Final = 1_000
"""Characters of a reason, of one byte each: the whole answer may have 4,096."""

KINDS: Final[Mapping[str, Kind]] = {
    "Custom::PhoneNumber": phone_numbers.KIND,
    "Custom::SipRule": sip_rules.KIND,
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
    request = Request(json.loads(record["body"]), int(record["attributes"]["SentTimestamp"]) / 1000)
    what = f"{request.said['RequestType']} {request.said['LogicalResourceId']}"
    try:
        its_id, reason = _done(request)
        if reason:
            log.error("%s: %s", what, reason)
        _answer(request, its_id, reason)
    except NotYet as why:
        log.warning("%s: %s", what, why)
        return False
    return True


def _done(request: Request) -> tuple[str, str]:
    """The id of what a request comes to, and why it fails, if it does. Raises `NotYet`."""
    from botocore.exceptions import BotoCoreError, ClientError

    kind = KINDS.get(request.said["ResourceType"])
    try:
        if kind is None and request.said["RequestType"] == "Delete":
            return request.its_id, ""  # nothing was ever made of it, and a stack can go
        if kind is None:
            raise Failed(f"{request.said['ResourceType']} is none of {', '.join(KINDS)}")
        return (_remove if request.said["RequestType"] == "Delete" else _ensure)(request, kind), ""
    except (Failed, NotYet) as error:
        why = error
    except ClientError as error:
        why = refused(error)
    except BotoCoreError as error:
        why = NotYet(f"the service does not answer: {error}")
    except Exception as error:  # the stack would wait for an hour
        log.exception("a mistake of this function")
        why = Failed(f"{type(error).__name__}: {error}. The function's log says more")
    if isinstance(why, NotYet):
        if time.time() - request.sent < why.seconds:
            raise why
        why = Failed(f"{why}; it was so for {why.seconds // 60} minutes. Try again later")
    # By its name is found what a create has made that failed.
    return request.its_id or (request.name(kind) if kind else request.prefix), str(why)


def _ensure(request: Request, kind: Kind) -> str:
    made = kind.ensure(request, request.name(kind))
    if request.said["RequestType"] == "Update":
        # What an update has made that failed, CloudFormation does not know: its roll-back does.
        former = request.name(kind, former=True)
        for one in kind.things():
            is_its = one.name.startswith(former) and request.is_recent(one)
            if is_its and one.id not in (request.its_id, made):
                kind.remove(one, request)
    return made


def _remove(request: Request, kind: Kind) -> str:
    for one in kind.things():
        if request.its_id in (one.id, one.name):
            kind.remove(one, request)
    return request.its_id


def _answer(request: Request, its_id: str, reason: str) -> None:
    """Tell CloudFormation that it is done, or why not. Raises `NotYet` when it does not arrive."""
    said = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": reason.encode("ascii", "backslashreplace").decode()[:REASON],
        "PhysicalResourceId": its_id,
        **{key: request.said[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    # The URL is signed without a type.
    body, url = json.dumps(said).encode(), request.said["ResponseURL"]
    try:
        with urlopen(Put(url, body, {"Content-Type": ""}, method="PUT"), timeout=5):
            return
    except OSError as error:
        if not isinstance(error, HTTPError) or error.code >= 500:
            raise NotYet(f"the answer does not arrive: {error}") from None
        log.error("nobody waits for the answer any more: %s", error)
