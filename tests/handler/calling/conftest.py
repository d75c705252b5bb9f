"""A line that calls out: the emulator's API, a ledger in moto's DynamoDB, a flow that answers."""

import json
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.httpsession import URLLib3Session

from offhook.actions import Pause, Speak
from offhook.command.serving.resources import LEDGER_SHAPE
from offhook.emulator.function.credentials import hold
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.s3 import embedded
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import Answers, FarEnd, Fault
from offhook.handler import (
    CallAnswered,
    CallUpdateRequested,
    NewInboundCall,
    NewOutboundCall,
    Reply,
    Router,
    follow,
    live,
)
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.dial_policy import DialPolicy, Hours
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.environment import configured, ledger
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import AskCall, StartCall, make
from tests.handler.calling.executions import Asks
from tests.patience import PATIENCE_SECONDS, until
from tests.schedules.dynamodb import PLACE

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.client import BaseClient
    from types_boto3_dynamodb.client import DynamoDBClient

OURS = "+15550100102"
THEIRS = "+15550100199"
TABLE = "calls"
ALL_DAY = Hours.parse("00:00-00:00")
OPEN = DialPolicy(
    destinations=("+1555010",),
    from_numbers=(OURS,),
    hours=ALL_DAY,
    time_zone="UTC",
    per_destination=1000,
)


@pytest.fixture(scope="session")
def aws() -> str:
    """DynamoDB and SQS, on this machine: moto's, as the desk has them."""
    return embedded.endpoint(0)


@pytest.fixture
def environment(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The variables of a function in Lambda, at the desk."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "desk")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "desk")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    places = {
        "AWS_ENDPOINT_URL_DYNAMODB": os.environ.get(PLACE, aws),
        "AWS_ENDPOINT_URL_SQS": aws,
    }
    for name, place in places.items():
        monkeypatch.setenv(name, place)
    # A desk of a test before, which is only now forgotten, would take back what it had there.
    give_back = hold("us-east-1", real_aws=False, stand_ins=places)
    monkeypatch.setenv("OFFHOOK_LEDGER", TABLE)
    monkeypatch.setattr("offhook.handler.calling.environment.LEDGER_SECONDS", PATIENCE_SECONDS)
    _forget()
    yield monkeypatch
    give_back()
    _forget()


def _forget() -> None:
    configured.cache_clear()
    ledger.cache_clear()


@pytest.fixture(scope="session")
def dynamodb(aws: str) -> "DynamoDBClient":
    """Who looks after tables: one for all tests."""
    return boto3.client(  # pyright: ignore[reportUnknownMemberType] - overloads
        "dynamodb",
        endpoint_url=os.environ.get(PLACE, aws),
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
    )


@pytest.fixture
def table(
    environment: pytest.MonkeyPatch, dynamodb: "DynamoDBClient"
) -> "Iterator[DynamoDBClient]":
    """The ledger's table, empty."""
    if not _is_emptied(TABLE):
        dynamodb.create_table(TableName=TABLE, **LEDGER_SHAPE)
    yield dynamodb
    if PLACE in os.environ:
        dynamodb.delete_table(TableName=TABLE)


def _is_emptied(table: str) -> bool:
    """Whether moto has it: to delete it and make it anew would take longer than most tests."""
    from moto.dynamodb.models import dynamodb_backends

    backends = (each for regions in dynamodb_backends.values() for each in regions.values())
    found: list[Any] = [each.tables[table] for each in backends if table in each.tables]
    for its in found:
        its.items.clear()
    return bool(found)


@contextmanager
def losing_an_answer(client: "BaseClient", operation: str) -> Generator[None]:
    """The server does what the first request of an operation asks; its answer is lost."""
    lost: list[str] = []

    def lose(request: "AWSPreparedRequest", event_name: str, **_said: object) -> None:
        if not lost and event_name.endswith(f".{operation}"):
            lost.append(operation)
            URLLib3Session().send(request)
            raise ConnectionClosedError(endpoint_url=request.url)

    client.meta.events.register("before-send", lose)
    yield
    client.meta.events.unregister("before-send", lose)
    assert lost


def said_by_aws(code: str, status: int) -> ClientError:
    """What boto3 raises for an answer with this code."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": "On purpose."},
            "ResponseMetadata": {
                "RequestId": "",
                "HostId": "",
                "HTTPStatusCode": status,
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            },
        },
        "Any",
    )


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = time.time()
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """What time it is, in seconds since 1970."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Time passes; the ledger's writers of other threads get a moment of real time."""
        with self._lock:
            self.at += seconds
            self.slept.append(seconds)
        time.sleep(0.01)


class Line:
    """Somebody who starts calls, and what the service has heard of them."""

    def __init__(self, server: Server, table: "DynamoDBClient") -> None:
        self.server = server
        self.clock = Clock()
        self.told: list[str] = []
        """The events that the flow got, and what it was told."""
        self.table = table
        self.ledger = Ledger(table, TABLE, now=self.clock)
        self.application = next(iter(server.service.account.holdings.applications))
        self.voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - overloads
            "chime-sdk-voice",
            endpoint_url=server.endpoint,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE_SECONDS),
        )

    def caller(
        self,
        policy: DialPolicy = OPEN,
        *,
        sleep: Callable[[float], object] | None = None,
        **settings: float,
    ) -> Calls:
        """A `Calls` whose pauses take no time."""
        return Calls(
            self.voice,
            self.ledger,
            policy,
            application=self.application,
            calls_per_second=settings.get("calls_per_second", 1000),
            updates_per_second=settings.get("updates_per_second", 1000),
            calls_up=int(settings.get("calls_up", 100)),
            sleep=sleep or self.clock.sleep,
        )

    def starts(
        self, key: str = "a-1", *, by: Calls | None = None, patience: float = 10, **more: object
    ) -> OurCall:
        """Start a call, as a program would."""
        fields = {"to_phone_number": THEIRS, "from_phone_number": OURS, **more}
        asked = make(StartCall, {"key": key, **fields})
        return (by or self.caller()).start(asked, patience_seconds=patience)

    def fails(self, error: str, *, operation: str = "Create", times: int | None = 1) -> None:
        """The service answers the next requests with this error."""
        name = f"{operation}SipMediaApplicationCall"
        self.server.service.faults.put(Fault(name, error, times))

    def answers_with(self, far_end: FarEnd) -> None:
        """Who is called behaves like this."""
        self.server.service.default_far_end = far_end

    def comes_in(self, number: str) -> str:
        """Somebody calls us: the call's id, when the flow has been told."""
        before = self.told.count(f"comes in {number}")
        its_id = http("POST", f"{self.server.endpoint}/_offhook/calls", From=number, To=OURS)
        until(lambda: self.told.count(f"comes in {number}") > before)
        return its_id

    def hangs_up(self) -> None:
        """Everybody who was called hangs up."""
        service = self.server.service
        for call in list(service.calls.values()):
            for leg in list(call.legs):
                self.server.loop.call_soon_threadsafe(call.person_hangs_up, leg)

    def hears(self, told: str) -> None:
        """Wait until the flow has been told this."""
        until(lambda: told in self.told)

    @property
    def placed(self) -> int:
        """How many calls the service has placed."""
        service = self.server.service
        return len(service.calls) + len(service.ended)

    def until(self, state: str, key: str = "a-1") -> OurCall:
        """What is known, as soon as the call has got so far."""
        asks = self.caller()

        def known() -> OurCall | None:
            call = asks.outcome(AskCall(key=key))
            return call if call.state == state else None

        return until(known)


def http(method: str, url: str, **said: str) -> str:
    """The id of the call in what the desk answers."""
    headers = {"Content-Type": "application/json"}
    request = Request(url, json.dumps(said).encode(), headers, method=method)
    with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return str(json.loads(answer.read())["TransactionId"])


@pytest.fixture
def line(table: "DynamoDBClient", tmp_path: Path) -> Iterator[Line]:
    """A line whose flow notes what it is told, and keeps who answers on the phone."""
    told: list[str] = []
    router = Router()
    router.around()(follow)
    router.around()(live)

    @router.new_inbound_call()
    def keeps(event: NewInboundCall) -> Reply:
        told.append(f"comes in {event.other_party}")
        return [Speak(text="Hi."), Pause(duration_in_milliseconds=20_000)]

    @router.new_outbound_call()
    def noted(event: NewOutboundCall) -> Reply:
        told.append(f"new {event.arguments.get('name', '')}".strip())
        return None

    @router.call_answered()
    def stays(event: CallAnswered) -> Reply:
        told.append("answered")
        return Pause(duration_in_milliseconds=20_000)

    @router.call_update_requested()
    def updated(event: CallUpdateRequested) -> Reply:
        told.append(f"update {event.arguments.get('name', '')}".strip())
        return None

    desk = Desk.model_validate(
        {
            "recordings": tmp_path / "recordings",
            "prompts": tmp_path / "prompts",
            "sip_media_applications": (
                SipMediaApplication(numbers=(OURS,), function="nobody:asks"),
            ),
            "quotas": Quotas(enforced=False),
            "s3": {"endpoint": "folders"},  # what it leaves, is emptied: the table outlives it
        }
    )
    with Server(desk, port=0, function=InProcess(router)) as server:
        server.service.default_far_end = Answers(after=0.01)
        line = Line(server, table)
        line.told = told
        yield line


@pytest.fixture
def url(line: Line, environment: pytest.MonkeyPatch) -> Asks:
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
