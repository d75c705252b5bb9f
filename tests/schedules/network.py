"""What lies between botocore and the services, and what goes wrong there.

Requests are real ones, sent over HTTP. botocore's `before-send` hook is where a request is about
to leave: here it waits, so that others run in between; it may never arrive, arrive late, be
refused on the way; its answer may be lost; and the execution may be killed before or after it.
"""

import io
import json
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from urllib3.response import HTTPResponse

from tests.schedules.schedule import Schedule

Reach: TypeAlias = Callable[[str, str, AWSPreparedRequest], AWSResponse]
"""Sends a request to an operation of a service, which does the work and answers."""

PATIENCE: Final = {"dynamodb": 1.0, "chime-sdk-voice": 5.0, "sqs": 5.0}
"""How long an answer is waited for, in seconds."""

REFUSALS: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {
    "dynamodb": (
        (400, "ProvisionedThroughputExceededException"),
        (400, "TransactionConflictException"),
        (500, "InternalServerError"),
    ),
    "chime-sdk-voice": (
        (429, "ThrottledClientException"),
        (429, "ThrottledClientException"),
        (400, "ResourceLimitExceededException"),
        (403, "ForbiddenException"),
        (500, "ServiceFailureException"),
        (503, "ServiceUnavailableException"),
    ),
    "sqs": ((500, "InternalError"),),
}
"""What a service answers that has done nothing."""

FAULTS: Final = (
    *("killed before", "killed after", "not connected", "no connection"),
    *("refused", "refused", "refused", "refused"),
    *("answer lost", "cut off", "failed after", "late"),
)


class Network:
    """The network of one schedule."""

    def __init__(self, schedule: Schedule, reach: Reach) -> None:
        self.schedule = schedule
        self.reach = reach
        dice = schedule.random
        self.trouble = {
            "dynamodb": dice.choice((0.0, 0.0, 0.03, 0.1, 0.25)),
            "chime-sdk-voice": dice.choice((0.0, 0.3, 0.6, 0.9)),
            "sqs": dice.choice((0.0, 0.3)),
        }
        """How likely something goes wrong with a request to a service."""
        self.slowness = dice.choice((0.0, 0.05, 0.2))
        """How likely something takes long: longer than leases, and than anybody waits."""
        self.kills = dice.random() < 0.4
        """Whether executions die."""
        self.ledger_was_hurt = False
        """Whether something went wrong with a request to DynamoDB."""
        self.doubtful = False
        """Whether a caller of the service's API cannot know what it did."""

    def calm(self) -> None:
        """From now on, all goes well."""
        self.trouble = dict.fromkeys(self.trouble, 0.0)
        self.slowness = 0.0

    def carry(self, service: str, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        """The answer to a request, or what botocore raises when there is none."""
        self.schedule.sleep(self.latency())
        if self.schedule.is_dead():
            raise self.schedule.die()
        fault = self._fault(service)
        self.schedule.say(f"{operation} {fault}")
        refusal = self._on_the_way(fault, service, operation, request)
        if refusal is not None:
            return refusal
        response = self.reach(service, operation, request)
        self.schedule.sleep(self.latency())
        match fault:
            case "killed after":
                raise self.schedule.die()
            case "answer lost":
                self.schedule.sleep(PATIENCE[service])
                raise ReadTimeoutError(endpoint_url=request.url)
            case "cut off":
                raise ConnectionClosedError(endpoint_url=request.url)
            case "failed after":
                failures = [each for each in REFUSALS[service] if each[0] >= 500]
                return refused(request, operation, *self.schedule.random.choice(failures))
            case _:
                return response

    def _fault(self, service: str) -> str:
        dice = self.schedule.random
        fault = dice.choice(FAULTS) if dice.random() < self.trouble[service] else ""
        if "killed" in fault and not self.kills:
            fault = "refused"
        self.ledger_was_hurt |= bool(fault) and service == "dynamodb"
        self.doubtful |= fault in ("answer lost", "cut off", "failed after", "late")
        return fault

    def _on_the_way(
        self, fault: str, service: str, operation: str, request: AWSPreparedRequest
    ) -> AWSResponse | None:
        """What keeps the request from its service; nothing, where it gets there."""
        schedule, reach = self.schedule, self.reach
        match fault:
            case "killed before":
                raise schedule.die()
            case "refused":
                status, code = schedule.random.choice(REFUSALS[service])
                schedule.say(f"  {code}")
                self.doubtful |= status >= 500
                return refused(request, operation, status, code)
            case "not connected":
                raise EndpointConnectionError(endpoint_url=request.url)
            case "no connection":
                schedule.sleep(1)
                raise ConnectTimeoutError(endpoint_url=request.url)
            case "late":
                after = schedule.random.choice((0.1, 3, 30, 150)) * schedule.random.random()
                name = f"late {operation}"
                schedule.start(name, lambda: reach(service, operation, request), after)
                schedule.sleep(PATIENCE[service])
                raise ReadTimeoutError(endpoint_url=request.url)
            case _:
                return None

    def latency(self) -> float:
        """How long something takes, in seconds."""
        roll = self.schedule.random.random()
        if roll < self.slowness:
            return self.schedule.random.choice((0.5, 5, 120, 300)) * self.schedule.random.random()
        return 0.001 + 0.05 * roll


def refused(request: AWSPreparedRequest, operation: str, status: int, code: str) -> AWSResponse:
    """A service's error."""
    if operation == "TransactWriteItems" and code == "TransactionConflictException":
        code = "TransactionCanceledException"
    body = {"__type": code, "message": "on purpose", "Message": "on purpose"}
    return answered(request, status, body, code)


def answered(
    request: AWSPreparedRequest, status: int, body: Mapping[str, object], error: str = ""
) -> AWSResponse:
    """An answer as botocore reads it."""
    headers = HTTPHeaders()
    if error:
        headers["x-amzn-errortype"] = error
    raw = HTTPResponse(io.BytesIO(json.dumps(body).encode()), preload_content=False)
    return AWSResponse(request.url, status, headers, raw)
