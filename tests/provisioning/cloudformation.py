"""CloudFormation as the function knows it: requests in a queue, each twice; answers at a URL."""

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal

from offhook.emulator.server.listening import Server
from offhook.provisioning.function import Record, lambda_handler
from offhook.provisioning.service import client

STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/front-desk/5c1f"
MOST_DELIVERIES = 12

RequestType = Literal["Create", "Update", "Delete"]
Properties = Mapping[str, object]


class Killed(BaseException):
    """The execution died: time-out, memory, a machine."""


@dataclass(frozen=True)
class Answer:
    """What CloudFormation was told."""

    status: str
    reason: str
    physical_id: str


@dataclass
class CloudFormation:
    """Sends requests as it does, and waits as the queue does."""

    server: Server
    url: str
    answers: list[Answer]
    refusals: list[int] = field(default_factory=list[int])
    """The status codes that the next answers get."""
    each: int = 2
    """How often each request comes."""
    heard: list[Answer] = field(default_factory=list[Answer])
    """The first answer to each request."""
    requests: int = 0
    waited: float = 0.0
    """Seconds since the request was sent, as its next delivery sees it."""

    def asks(
        self,
        what: RequestType,
        kind: str,
        properties: Properties,
        *,
        before: Properties | None = None,
        its_id: str = "",
        waited: float = 0.0,
    ) -> Answer:
        """What a request comes to, when all its deliveries are done."""
        self.requests += 1
        self.waited = waited
        said: dict[str, object] = {
            "RequestType": what,
            "ServiceToken": "arn:aws:sns:us-east-1:123456789012:front-desk-provisioning",
            "ResponseURL": self.url,
            "StackId": STACK,
            "RequestId": f"request-{self.requests}",
            "ResourceType": f"Custom::{kind}",
            "LogicalResourceId": "Number" if kind == "PhoneNumber" else kind,
            "ResourceProperties": {"ServiceToken": "arn", **properties},
        }
        if what != "Create":
            said["PhysicalResourceId"] = its_id
        if before is not None:
            said["OldResourceProperties"] = {"ServiceToken": "arn", **before}
        message: Record = {
            "messageId": f"message-{self.requests}",
            "body": json.dumps(said),
            "attributes": {},
        }
        told = len(self.answers)
        for _ in range(self.each):
            self._until_done(message)
        self.heard.append(self.answers[told])  # it listens once
        return self.heard[-1]

    def creates(self, kind: str, **properties: object) -> Answer:
        return self.asks("Create", kind, properties)

    def deletes(self, kind: str, its_id: str, **properties: object) -> Answer:
        return self.asks("Delete", kind, properties, its_id=its_id)

    def _until_done(self, message: Record) -> None:
        for _ in range(MOST_DELIVERIES):
            sent = {"SentTimestamp": str(int((time.time() - self.waited) * 1000))}
            # An execution that dies leaves its message in the queue, as one that says so does.
            with suppress(Killed):
                if not lambda_handler({"Records": [{**message, "attributes": sent}]}, None)[
                    "batchItemFailures"
                ]:
                    return
            self.a_minute_passes()
        raise AssertionError(f"never done: {message}")

    def a_minute_passes(self) -> None:
        """Orders that are under way are through."""
        for order in self.server.service.account.holdings.orders.values():
            order.created_timestamp -= timedelta(minutes=1)
        for number in self.server.service.account.holdings.numbers.values():
            number.acquired_timestamp = None

    @contextmanager
    def watched(self, look: Callable[[str, str], None]) -> Generator[None]:
        """`look("before", "CreateSipRule")` is called before each request, `"after"` after it."""
        events = client("us-east-1").meta.events

        def before(params: object, model: object, **_: object) -> None:
            del params
            look("before", str(getattr(model, "name", "")))

        def after(parsed: object, model: object, **_: object) -> None:
            del parsed
            look("after", str(getattr(model, "name", "")))

        events.register("before-call.chime-sdk-voice", before)
        events.register("after-call.chime-sdk-voice", after)
        try:
            yield
        finally:
            events.unregister("before-call.chime-sdk-voice", before)
            events.unregister("after-call.chime-sdk-voice", after)


@contextmanager
def cloudformation(server: Server) -> Generator[CloudFormation]:
    """With a place on loopback where answers are put."""
    answers: list[Answer] = []
    refusals: list[int] = []

    class Place(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = refusals.pop(0) if refusals else 200
            if status == 200:
                assert not self.headers["Content-Type"], "the URL is signed without a type"
                assert len(json.dumps(said)) <= 4096
                assert said["PhysicalResourceId"], "CloudFormation wants one in every answer"
                answers.append(Answer(said["Status"], said["Reason"], said["PhysicalResourceId"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    place = ThreadingHTTPServer(("127.0.0.1", 0), Place)
    thread = Thread(target=place.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{place.server_address[1]}/answer?signed"
        yield CloudFormation(server, url, answers, refusals)
    finally:
        place.shutdown()
        thread.join()
        place.server_close()
