"""Who asks for calls: a queue that delivers at least once, clients that try again, programs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from offhook.handler import trigger
from offhook.handler.errors import CallError
from tests.schedules.schedule import Killed, Schedule

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

RECEIVES = 4
"""A message that was received so often goes to the dead letters."""
VISIBLE_AGAIN_SECONDS = 180.0
"""The queue's own time."""
TOMORROW_SECONDS = 3600.0
"""Who is told to come back later than this does not, within a schedule."""
TRIES = 3
"""So often a client asks again."""


@dataclass
class Context:
    """What Lambda tells an execution."""

    schedule: Schedule
    ends_at: float
    function_name = "trigger"
    memory_limit_in_mb = "512"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:trigger"
    aws_request_id = "11111111-2222-4333-8444-555555555555"

    def get_remaining_time_in_millis(self) -> int:
        """Until the execution's end."""
        return round((self.ends_at - self.schedule.now()) * 1000)


@dataclass
class Report:
    """What somebody was told in the end."""

    by: str
    operation: str
    key: str
    said: str
    """A status, `settled`, `dead letter`, `still in the queue`, or the name of an error."""
    state: str = ""
    """Of the call, where there was an answer that tells."""


class Asking:
    """Starts executions of the trigger, and writes down what everybody was told."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.reports: list[Report] = []
        self.askers: list[str] = []
        self.delays: list[float] = []
        """After how many seconds anybody was told to come back."""
        self._visible_at: dict[str, float] = {}

    def execute(self, event: Mapping[str, object]) -> Mapping[str, object]:
        """One execution of the trigger. Raises `Killed`, and what the handler raises."""
        patience = self.schedule.random.choice((12, 30, 60))
        context = Context(self.schedule, self.schedule.now() + patience)
        return trigger.lambda_handler(event, cast("LambdaContext", context))

    def ask(self, by: str, request: Mapping[str, object], after: float) -> None:
        """Somebody asks, by `queue`, `url` or `program`."""
        name = f"{by} {len(self.askers) + 1}"
        self.askers.append(name)
        run = {"queue": self._by_queue, "url": self._by_url, "program": self._by_program}[by]
        self.schedule.start(name, lambda: run(name, request), after)

    # A queue.

    def _by_queue(self, name: str, request: Mapping[str, object]) -> None:
        settled: list[bool] = []
        for receive in range(1, RECEIVES + 1):
            self._visible_at[name] = self.schedule.now() + VISIBLE_AGAIN_SECONDS
            twice = self.schedule.random.random() < 0.2
            for copy in "ab" if twice else "a":
                self.schedule.start(
                    f"{name}/{receive}{copy}", lambda: self._received(name, request, settled)
                )
            while not settled and (left := self._visible_at[name] - self.schedule.now()) > 0:
                if left > TOMORROW_SECONDS:
                    self._report(name, request, "still in the queue")
                    return
                self.schedule.sleep(min(left, 5))
            if settled:
                return
        self._report(name, request, "dead letter")

    def _received(self, name: str, request: Mapping[str, object], settled: list[bool]) -> None:
        record: dict[str, object] = {
            "messageId": name,
            "receiptHandle": name,
            "body": json.dumps(request),
            "attributes": {},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:requests",
            "awsRegion": "us-east-1",
        }
        answer = self.execute({"Records": [record]})
        if not answer["batchItemFailures"]:
            settled.append(True)
            self._report(name, request, "settled")

    def at_the_queue(self, operation: str, asked: Mapping[str, object]) -> Mapping[str, object]:
        """What SQS does, and answers."""
        if operation == "ChangeMessageVisibility":
            seconds = cast("float", asked["VisibilityTimeout"])
            self.delays.append(seconds)
            self._visible_at[cast("str", asked["ReceiptHandle"])] = self.schedule.now() + seconds
            return {}
        if operation == "SendMessage":
            request = cast("Mapping[str, object]", json.loads(cast("str", asked["MessageBody"])))
            attributes = cast("Mapping[str, Mapping[str, str]]", asked["MessageAttributes"])
            said = f"dead letter {attributes['error']['StringValue']}"
            self._report(self.schedule.actor.partition("/")[0], request, said)
            return {"MessageId": "1"}
        return {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/requests"}

    # A client of the function URL.

    def _by_url(self, name: str, request: Mapping[str, object]) -> None:
        said, state = 0, ""
        for _ in range(TRIES):
            try:
                said, state, again = self.request(request)
            except Killed:
                said, again = 502, 5.0
                self.schedule.revive()
            if again is None or again > TOMORROW_SECONDS:
                break
            self.schedule.sleep(again)
        self._report(name, request, str(said), state)

    def request(self, request: Mapping[str, object]) -> tuple[int, str, float | None]:
        """The status, the call's state, and after how many seconds to ask again, if at all."""
        method = {"start": "PUT", "cancel": "DELETE", "redirect": "PATCH", "outcome": "GET"}
        path = f"/calls/{request['key']}"
        verb = method[cast("str", request["operation"])]
        body = {name: request[name] for name in request.keys() - {"operation", "key"}}
        answer = self.execute(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": "",
                "headers": {"content-type": "application/json"},
                "requestContext": {"http": {"method": verb, "path": path}, "stage": "$default"},
                "body": json.dumps(body) if body else None,
                "isBase64Encoded": False,
            }
        )
        status = cast("int", answer["statusCode"])
        told = cast("Mapping[str, object]", json.loads(cast("str", answer["body"])))
        self.schedule.say(f"  {status} {told.get('state', told.get('error'))}")
        again = cast("float | None", told.get("retry_after_seconds"))
        self.delays.append(again or 0)
        return status, cast("str", told.get("state", "")), again

    # A program, or a state machine, which waits for the answer.

    def _by_program(self, name: str, request: Mapping[str, object]) -> None:
        said, state = "nothing", ""
        for _ in range(TRIES):
            again: float | None = 5.0
            try:
                known = self.execute(request)
                said, state, again = "known", cast("str", known["state"]), None
            except Killed:
                said = "Lambda.Unknown"
                self.schedule.revive()
            except CallError as error:
                said, again = type(error).__name__, error.retry_after_seconds
                self.delays.append(again or 0)
            except Exception as error:  # the ledger cannot be reached
                said = type(error).__name__
            if again is None or again > TOMORROW_SECONDS:
                break
            self.schedule.sleep(again)
        self._report(name, request, said, state)

    def _report(self, by: str, request: Mapping[str, object], said: str, state: str = "") -> None:
        operation, key = cast("str", request["operation"]), cast("str", request["key"])
        self.reports.append(Report(by, operation, key, said, state))
        self.schedule.say(f"{by} is told of {operation} {key}: {said} {state}")
