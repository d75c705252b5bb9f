"""What calling out is measured on: the emulator's API, and a DynamoDB and SQS on this machine.

They are the desk's, or those at the URL that `OFFHOOK_BENCHMARK_AWS` names. The desk's DynamoDB is
moto's, which copies its whole table for each transaction: what is measured on it is the price of
moto once there are many calls.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import boto3
from botocore.config import Config

from offhook.actions import Hangup
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.s3 import embedded
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import Answers
from offhook.handler import CallAnswered, DialPolicy, Reply, Router, follow
from offhook.handler.calling.dial_policy import Hours

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.client import ChimeSDKVoiceClient
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_sqs.client import SQSClient

OURS, THEIRS = "+15550100102", "+15550100199"
TABLE = f"calls-{os.getpid()}"
OPEN = DialPolicy(
    destinations=("+1555010",),
    from_numbers=(OURS,),
    hours=Hours.parse("00:00-00:00"),
    time_zone="UTC",
    per_destination=10**6,
    per_caller=10**6,
    per_day=10**6,
)


class Access(TypedDict):
    """What a client of the desk is made with."""

    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str


ACCESS: Access = {
    "region_name": "us-east-1",
    "aws_access_key_id": "desk",
    "aws_secret_access_key": "desk",
}


@dataclass(frozen=True)
class Measured:
    """The clients, and what the service does."""

    server: Server
    voice: "ChimeSDKVoiceClient"
    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"

    @property
    def application(self) -> str:
        """The id of the one application."""
        return next(iter(self.server.service.account.holdings.applications))


@contextmanager
def desk(*, follows: bool = False) -> Generator[Measured]:
    """Whoever is called answers at once, and is hung up. `follows`: the ledger hears of it."""
    router = Router()
    if follows:
        router.around()(follow)
    router.call_answered()(_goodbye)
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    here = Desk(sip_media_applications=(only,), quotas=Quotas(enforced=False))
    aws = os.environ.get("OFFHOOK_BENCHMARK_AWS") or embedded.endpoint(0)
    with Server(here, port=0, function=InProcess(router)) as server:
        server.service.default_far_end = Answers(after=0.005)
        once = Config(retries={"total_max_attempts": 1}, max_pool_connections=20)
        dynamodb = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "dynamodb", endpoint_url=aws, config=once, **ACCESS
        )
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        voice = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "chime-sdk-voice", endpoint_url=server.endpoint, config=once, **ACCESS
        )
        sqs = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "sqs", endpoint_url=aws, config=once, **ACCESS
        )
        yield Measured(server, voice, dynamodb, sqs)
        dynamodb.delete_table(TableName=TABLE)


def _goodbye(event: CallAnswered) -> Reply:
    return Hangup()
