"""What all schedules of a process share: the two servers, and the clients that the code makes."""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self, cast

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from offhook.command.serving.resources import LEDGER_SHAPE
from offhook.emulator.call.audio import Clip, speech
from offhook.handler.calling import environment
from offhook.handler.calling.ledger import Ledger
from tests.schedules.dynamodb import dynamodb
from tests.schedules.network import Network
from tests.schedules.service import Service

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

TABLE = f"calls-{os.getpid()}"


class World:
    """Made once in a process of its own, as it changes the environment."""

    def __init__(self) -> None:
        self.network: Network
        """Of the schedule that is played now."""
        at_once = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        # The stubs say that options are strings.
        self.session = URLLib3Session(timeout=20, socket_options=cast("list[str]", at_once))
        self.patch = pytest.MonkeyPatch()
        self.make_ledger: type[Ledger] = Ledger
        self._open = ExitStack()

    def __enter__(self) -> Self:
        logging.disable(logging.CRITICAL)
        self._open.callback(self.patch.undo)
        self._open.callback(self.session.close)
        place = self._open.enter_context(dynamodb())
        self.service = self._open.enter_context(Service())
        for name, value in {
            "AWS_ACCESS_KEY_ID": "desk",
            "AWS_SECRET_ACCESS_KEY": "desk",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_DYNAMODB": place,
            "AWS_ENDPOINT_URL_CHIME_SDK_VOICE": self.service.endpoint,
            "OFFHOOK_LEDGER": TABLE,
            "OFFHOOK_DEAD_LETTERS": "https://sqs.us-east-1.amazonaws.com/123456789012/dead",
        }.items():
            self.patch.setenv(name, value)
        # What our code makes of boto3 sends through here; what looks at the table does not.
        session = boto3.Session()
        self.table: DynamoDBClient = session.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "dynamodb"
        )
        self.table.create_table(
            TableName=TABLE,
            **LEDGER_SHAPE,
        )
        boto3.setup_default_session()
        default = cast("boto3.Session", boto3.DEFAULT_SESSION)
        default.events.register_last("before-send", cast("Callable[..., None]", self._carry))
        self.ledger, self.voice = environment.ledger().table.client, environment.client()
        # botocore pauses in virtual time, and counts no failures of earlier schedules.
        self.patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=self._sleep))
        self.patch.setattr("botocore.retries.quota.RetryQuota.acquire", _always)
        # The emulator is in real time, and what it speaks takes none.
        self.patch.setattr("offhook.emulator.call.behaviour.speech", _in_no_time)
        # Every look at the table takes real time.
        self.patch.setattr("offhook.handler.calling.dialler.ASK_SECONDS", 7.0)
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()
        logging.disable(logging.NOTSET)

    def _carry(self, request: AWSPreparedRequest, event_name: str, **_more: object) -> AWSResponse:
        _, service, operation = event_name.split(".")
        return self.network.carry(service, operation, request)

    def _sleep(self, seconds: float) -> None:
        self.network.schedule.sleep(seconds)


def _in_no_time(*said: str) -> Clip:
    return replace(speech(*said), seconds=0.0)


def _always(*_args: object) -> bool:
    return True
