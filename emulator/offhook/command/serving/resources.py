"""The ledger and the queues, in the embedded AWS, and the variables that lead there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from offhook.emulator.function.credentials import KEY
from offhook.emulator.service.config import Desk

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeDefinitionTypeDef,
        GlobalSecondaryIndexTypeDef,
        KeySchemaElementTypeDef,
    )
    from types_boto3_sqs.client import SQSClient


class LedgerShape(TypedDict):
    """What CreateTable is told of it."""

    KeySchema: "list[KeySchemaElementTypeDef]"
    AttributeDefinitions: "list[AttributeDefinitionTypeDef]"
    GlobalSecondaryIndexes: "list[GlobalSecondaryIndexTypeDef]"
    BillingMode: Literal["PAY_PER_REQUEST"]


LEDGER: Final = "offhook-ledger"
LEDGER_SHAPE: Final[LedgerShape] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "batch", "AttributeType": "S"},
        {"AttributeName": "asked_at", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "batch",
            "KeySchema": [
                {"AttributeName": "batch", "KeyType": "HASH"},
                {"AttributeName": "asked_at", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
"""As in template.yaml: by key, and by batch and the moment of the first request."""

QUEUE: Final = "offhook-calls"
DEAD_LETTERS: Final = "offhook-calls-dead"

RECEIVES: Final = 1000
"""So often a message may be received before it goes to the dead letters, as in calling-out.yaml."""

VISIBILITY_SECONDS: Final = 180
"""A message is seen again after so long, unless the trigger says when, as in calling-out.yaml."""

BATCH: Final = 5
"""Messages in one invocation of the trigger, at most, as in calling-out.yaml."""

CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": KEY}
"""For a shell: functions have the desk's anyway."""


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What was made at the desk's AWS: clients and names."""

    sqs: "SQSClient"
    queue_url: str
    queue_arn: str
    dead_letters_url: str


def make(endpoint: str, desk: Desk) -> Resources:
    """Make them in the AWS behind an endpoint."""
    import boto3

    session = boto3.Session(
        aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=desk.region
    )
    dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=endpoint)  # pyright: ignore[reportUnknownMemberType] - an overload each
    sqs: SQSClient = session.client("sqs", endpoint_url=endpoint)  # pyright: ignore[reportUnknownMemberType] - an overload each
    dynamodb.create_table(
        TableName=LEDGER,
        **LEDGER_SHAPE,
    )
    dead = sqs.create_queue(QueueName=DEAD_LETTERS)["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(sqs, dead), "maxReceiveCount": RECEIVES}
    queue = sqs.create_queue(
        QueueName=QUEUE,
        Attributes={
            "RedrivePolicy": json.dumps(redrive),
            "VisibilityTimeout": str(VISIBILITY_SECONDS),
        },
    )["QueueUrl"]
    return Resources(sqs=sqs, queue_url=queue, queue_arn=_arn(sqs, queue), dead_letters_url=dead)


def _arn(sqs: "SQSClient", queue_url: str) -> str:
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return found["Attributes"]["QueueArn"]


def where(
    desk: Desk, application: str, *, service: str, aws: str, made: Resources
) -> Mapping[str, str]:
    """The variables that say where everything is. They beat the environment's, also where real
    credentials are let in."""
    return {
        "AWS_DEFAULT_REGION": desk.region,
        "AWS_REGION": desk.region,
        "AWS_ENDPOINT_URL_CHIME_SDK_VOICE": service,
        "AWS_ENDPOINT_URL_DYNAMODB": aws,
        "AWS_ENDPOINT_URL_S3": aws,
        "AWS_ENDPOINT_URL_SQS": aws,
        "OFFHOOK_LEDGER": LEDGER,
        "OFFHOOK_QUEUE": made.queue_url,
        "OFFHOOK_DEAD_LETTERS": made.dead_letters_url,
        "OFFHOOK_SIP_MEDIA_APPLICATION_ID": application,
    }


def policy(desk: Desk) -> Mapping[str, str]:
    """What may be dialled at the desk, and how fast, where the environment does not say."""
    quotas = desk.quotas
    return {
        "OFFHOOK_DIAL_DESTINATIONS": "+1555010",
        "OFFHOOK_DIAL_FROM": ",".join(desk.numbers),
        "OFFHOOK_DIAL_HOURS": "00:00-00:00",
        "OFFHOOK_DIAL_TIME_ZONE": "UTC",
        "OFFHOOK_DIAL_PER_DESTINATION": "100",
        "OFFHOOK_CALLS_PER_SECOND": f"{quotas.create_calls_per_second:g}",
        "OFFHOOK_UPDATES_PER_SECOND": f"{quotas.update_calls_per_second:g}",
        "OFFHOOK_CALLS_UP": f"{quotas.active_calls}",
    }
