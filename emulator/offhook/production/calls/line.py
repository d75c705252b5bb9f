"""Where a line's queue and ledger are: named, or read from its stack."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.dialler import REQUEST_SECONDS, Calls
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import ListCalls, StartCall
from offhook.handler.calling.table import is_recent, number, text
from offhook.handler.errors import OffhookError
from offhook.production.way_in import session, why

QUEUE, LEDGER, LINE = "RequestQueueUrl", "LedgerTable", "Line"
"""Outputs of the stack of calling out and of the line's, which its parameter `Line` names."""

BROUGHT_AGAIN_SECONDS: Final = 180.0
"""The queue of templates/calling-out.yaml brings a message again after so long, unless told."""

GIVEN_UP: Final = (
    "whoever was about to dial it died, and the queue has not brought it again: ask again, with "
    "the same key"
)


class NotReached(OffhookError):
    """AWS, or what stands for it, did not do what it was asked."""


@dataclass(frozen=True)
class Line:
    """A line that calls out, and boto3's session for it."""

    session: Any
    queue: str
    ledger: str

    @property
    def where(self) -> str:
        """What is about to be used, for whoever looks."""
        queue = self.queue.rpartition("/")[2] or "(none)"
        return f"queue {queue}, ledger {self.ledger}, {self.place}"

    @property
    def place(self) -> str:
        """The region, or what stands for AWS."""
        return str(os.environ.get("AWS_ENDPOINT_URL") or self.session.region_name or "no region")

    def book(self) -> Ledger:
        """The ledger of the line, asked by its own session."""
        return Ledger(self.session.client("dynamodb"), self.ledger)

    def calls(self) -> Calls:
        """What redirects and ends its calls, as its trigger does: each request is sent once."""
        from botocore.config import Config

        once = Config(read_timeout=REQUEST_SECONDS, retries={"total_max_attempts": 1})
        voice = self.session.client("chime-sdk-voice", config=once)
        return Calls(voice, self.book(), DialPolicy())

    def want(self, batch: str, calls: int) -> None:
        """Note how many calls a batch has."""
        book = self.book()
        expires_at = float(round(book.now() + book.keep_seconds))
        book.table.update(f"batch#{batch}", calls=float(calls), expires_at=expires_at)

    def wanted(self, batch: str) -> int | None:
        """How many it has; `None` where nobody has noted it."""
        calls = number(self.book().table.get(f"batch#{batch}"), "calls")
        return None if calls is None else round(calls)

    def send(self, calls: Sequence[StartCall]) -> Iterator[int]:
        """Put requests into the queue, ten at a time: how many are there. Raises `NotReached`."""
        sqs = self.session.client("sqs")
        for first in range(0, len(calls), 10):
            entries = [
                {"Id": str(place), "MessageBody": call.model_dump_json(exclude_none=True)}
                for place, call in enumerate(calls[first : first + 10])
            ]
            answer = sqs.send_message_batch(QueueUrl=self.queue, Entries=entries)
            if failed := answer.get("Failed"):
                key = calls[first + int(failed[0]["Id"])].key
                raise NotReached(
                    f"the queue took {first} requests and not that of {key}: {failed[0]['Code']}. "
                    "Start the same list again: what is there is not dialled twice"
                )
            yield first + len(entries)

    def calls_of(self, batch: str) -> Iterator[OurCall]:
        """Each call of a batch that the trigger has seen; what is reserved, and by nobody any more,
        as refused with the error `GivenUp`."""
        book, more, seen = self.book(), None, set[str]()
        while True:
            page = book.listed(ListCalls(batch=batch, limit=1000, next=more))
            for call in page.calls:
                if call.key not in seen:  # of a key that was another's, and is ours now, the call
                    yield _unless_given_up(book, call)
                seen.add(call.key)
            if (more := page.next) is None:
                return


def _unless_given_up(book: Ledger, call: OurCall) -> OurCall:
    if call.state != "reserved":
        return call
    held = book.table.get(f"call#{call.key}")
    is_held = is_recent(number(held, "lease_until"), book.now(), BROUGHT_AGAIN_SECONDS)
    if is_held or text(held, "state") != "reserved":
        return call
    told = {"state": "refused", "error": "GivenUp", "advice": GIVEN_UP}
    return call.model_copy(update=told)


def line_of(
    *,
    stack: str | None,
    queue: str | None,
    ledger: str | None,
    profile: str | None,
    region: str | None,
) -> Line:
    """The line that is named; what is not named is the environment's. Raises `NotReached`,
    `NoWayIn`."""
    found = session("looking at a line", profile, region)
    told = _told(found, stack) if stack else {}
    if stack and (lacking := [name for name in (QUEUE, LEDGER) if name not in told]):
        raise NotReached(
            f"the stack {stack} has no output {' and no '.join(lacking)}: name the stack of "
            "templates/calling-out.yaml"
        )
    queue = queue or told.get(QUEUE) or os.environ.get("OFFHOOK_QUEUE", "")
    ledger = ledger or told.get(LEDGER) or os.environ.get("OFFHOOK_LEDGER", "")
    if not ledger:
        raise NotReached(
            "which line? Write --stack NAME (that of templates/calling-out.yaml), or --ledger "
            "TABLE, or set OFFHOOK_LEDGER and OFFHOOK_QUEUE as `make local` prints them"
        )
    return Line(found, queue, ledger)


def _told(session: Any, stack: str) -> dict[str, str]:
    """The outputs of a stack, and of the line's that it belongs to. Raises `NotReached`."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise NotReached(f"the line is not reached: {why(error)}") from None
    told = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    for each in found.get("Parameters", []):
        if each["ParameterKey"] == LINE:
            told = _told(session, each["ParameterValue"]) | told
    return told
