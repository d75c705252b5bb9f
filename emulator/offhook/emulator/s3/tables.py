"""Makes the tables that a desk begins with, through boto3."""

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, cast

import boto3
from boto3.dynamodb.types import TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from offhook.emulator.function.credentials import KEY
from offhook.emulator.s3.embedded import OURS
from offhook.emulator.s3.table import Table

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.literals import KeyTypeType, ScalarAttributeTypeType
    from types_boto3_dynamodb.type_defs import (
        GlobalSecondaryIndexUnionTypeDef,
        KeySchemaElementTypeDef,
    )

log = logging.getLogger("offhook.s3")


def make_tables(endpoint: str, region: str, tables: Mapping[str, Table]) -> None:
    """Make those that are not there, and put their items. What cannot be, is logged."""
    session = boto3.Session(
        aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=_region() or region
    )
    client: DynamoDBClient = session.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
        "dynamodb", endpoint_url=endpoint, config=Config(user_agent_extra=OURS)
    )
    for name, table in tables.items():
        try:
            _make(client, name, table)
        except (BotoCoreError, ClientError, TypeError) as error:
            log.warning("the table %s is not as it is described: %s", name, error)
    client.close()


def _region() -> str:
    """Where functions look, when somebody has set it."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""


def _make(client: "DynamoDBClient", name: str, table: Table) -> None:
    keys = [table.key, *table.indexes.values()]
    types = dict(_typed(attribute) for key in keys for attribute in key)
    with suppress(client.exceptions.ResourceInUseException):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": each, "AttributeType": kind} for each, kind in types.items()
            ],
            KeySchema=_schema(table.key),
            **_indexes(table),
        )
    serialize = TypeSerializer().serialize
    for item in table.items:
        written = {each: serialize(_number(value)) for each, value in item.items()}
        client.put_item(TableName=name, Item=written)


class _Indexes(TypedDict, total=False):
    GlobalSecondaryIndexes: "list[GlobalSecondaryIndexUnionTypeDef]"


def _indexes(table: Table) -> _Indexes:
    if not table.indexes:
        return {}  # an empty list is refused
    return {
        "GlobalSecondaryIndexes": [
            {"IndexName": name, "KeySchema": _schema(key), "Projection": {"ProjectionType": "ALL"}}
            for name, key in table.indexes.items()
        ]
    }


def _schema(key: Sequence[str]) -> "list[KeySchemaElementTypeDef]":
    kinds: tuple[KeyTypeType, ...] = ("HASH", "RANGE")
    names = [_typed(attribute)[0] for attribute in key]
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def _typed(attribute: str) -> "tuple[str, ScalarAttributeTypeType]":
    name, _, kind = attribute.partition(":")
    return name, cast("ScalarAttributeTypeType", kind or "S")


def _number(value: object) -> object:
    """DynamoDB's numbers are decimal, and boto3 takes no others."""
    return Decimal(str(value)) if isinstance(value, float) else value
