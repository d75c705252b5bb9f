"""Very many calls wait in the queue, and the trigger starts them at the service's pace.

Time is scaled: a second of the clock that the trigger reads takes a part of a second here. Two
executions at a time take five messages each, as template.yaml says.
"""

import json
import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock
from typing import TYPE_CHECKING
from unittest.mock import patch

from benchmarks.desk import OPEN, OURS, TABLE, THEIRS, Measured, desk
from benchmarks.table import Row, Section
from benchmarks.turns import Effort
from offhook.emulator.function.event_source import record_of, taken_of
from offhook.emulator.function.function import Invoked
from offhook.handler import trigger
from offhook.handler.calling import environment
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import AskCall

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MESSAGES = 5_000
SCALE = 20.0
"""So much faster does time pass."""
BATCH, EXECUTIONS, SECONDS, CALLS_UP = 5, 2, 30.0, 10
"""As in calling-out.yaml: messages of a batch, executions at a time, the timeout of one; and the
quota of calls that are up."""
ARN = "arn:aws:sqs:us-east-1:123456789012:calls"


class Clock:
    """Time that passes faster."""

    def __init__(self) -> None:
        self._began = time.time()

    def __call__(self) -> float:
        """Seconds since 1970, as the trigger sees them."""
        return self._began + (time.time() - self._began) * SCALE

    def sleep(self, seconds: float) -> None:
        """Let so much of that time pass."""
        time.sleep(seconds / SCALE)


class Execution:
    """How much time the trigger has left."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._ends = clock, clock() + SECONDS

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends it."""
        return round((self._ends - self._clock()) * 1000)


class Drained:
    """What became of the messages."""

    def __init__(self, here: Measured, clock: Clock) -> None:
        self.back = 0
        """Messages that were given back, to come again."""
        self._here, self._clock = here, clock
        self._url = here.sqs.create_queue(QueueName="calls", Attributes={"VisibilityTimeout": "5"})[
            "QueueUrl"
        ]
        self._left: set[str] = set()
        self._lock, self._empty = Lock(), Event()

    def fill(self, number: int) -> None:
        """So many messages, each with a call of its own."""
        request = {"operation": "start", "to_phone_number": THEIRS, "from_phone_number": OURS}
        for first in range(0, number, 10):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(one), "MessageBody": json.dumps({**request, "key": f"call-{one}"})}
                for one in range(first, min(first + 10, number))
            ]
            sent = self._here.sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
            self._left |= {one["MessageId"] for one in sent["Successful"]}

    def drain(self) -> None:
        """One execution after another, until no message is left, or one has failed."""
        try:
            self._drain()
        finally:
            self._empty.set()

    def _drain(self) -> None:
        while not self._empty.is_set():
            found = self._here.sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=BATCH)
            messages = found.get("Messages", [])
            if not messages:
                time.sleep(0.05)
                continue
            records = [record_of(one, ARN, "us-east-1") for one in messages]
            answer = trigger.lambda_handler({"Records": records}, Execution(self._clock))
            taken = taken_of(Invoked(answer), [one.get("MessageId", "") for one in messages])
            for one in messages:
                if one.get("MessageId") in taken:
                    self._delete(one.get("ReceiptHandle", ""))
            with self._lock:
                self.back += len(messages) - len(taken)
                self._left -= taken
                if not self._left:
                    self._empty.set()

    def _delete(self, handle: str) -> None:
        with suppress(self._here.sqs.exceptions.ReceiptHandleIsInvalid):  # it has come again
            self._here.sqs.delete_message(QueueUrl=self._url, ReceiptHandle=handle)


def measure(effort: Effort) -> Section:
    """One queue, drained once."""
    number = 10 if effort.is_once else MESSAGES
    logging.getLogger("offhook").setLevel(logging.CRITICAL)
    over: list[float] = []
    with desk(follows=True) as here:
        clock = Clock()
        ledger = Ledger(here.dynamodb, TABLE, now=clock)
        mine = Calls(
            here.voice,
            ledger,
            OPEN,
            application=here.application,
            calls_per_second=1,
            calls_up=CALLS_UP,
            sleep=clock.sleep,
        )
        here.server.service.when_over.append(lambda _call: over.append(clock()))
        drained = Drained(here, clock)
        drained.fill(number)
        began = clock()
        with (
            patch.object(environment, "configured", lambda: mine),
            patch.object(environment, "ledger", lambda: ledger),
            patch.object(trigger, "_sqs", lambda: here.sqs),
            patch.dict("os.environ", {"OFFHOOK_LEDGER": TABLE}),
            ThreadPoolExecutor(EXECUTIONS) as executions,
        ):
            for work in [executions.submit(drained.drain) for _ in range(EXECUTIONS)]:
                work.result()
        took = clock() - began
        time.sleep(1)  # the last calls end
        states = Counter(mine.outcome(AskCall(key=f"call-{one}")).outcome for one in range(number))
    logging.getLogger("offhook").setLevel(logging.NOTSET)
    return Section(
        f"A queue of {number:,} calls at 1 a second, {SCALE:g} times as fast as the clock",
        [
            Row("calls placed, of messages", f"{len(over):,}", f"{number:,}", ""),
            Row("calls that the ledger has as completed", f"{states['completed']:,}", "", ""),
            Row("messages that came again", f"{drained.back:,}", "", ""),
            Row("calls a second of that clock", f"{number / took:.3g}", "", ""),
        ],
    )
