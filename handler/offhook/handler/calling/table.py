"""The ledger's table: how its items are read and changed, whatever they remember.

Every item says which format it has. Those of the version before have none: what they hold is read
as it is, and what they lack has a default. An item of a later format is not guessed at.
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

from offhook.handler.errors import Busy, LedgerNewer

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

Item: TypeAlias = "dict[str, AttributeValueTypeDef]"
"""An item of the table."""

Value: TypeAlias = str | bool | float | frozenset[str]
"""What an item may hold. Times are seconds since 1970, and have three decimals."""

Sleep: TypeAlias = Callable[[float], object]
"""How to wait for so many seconds."""

T = TypeVar("T")

FORMAT: Final = 1
"""Of the items that are written here."""

HONEST_SECONDS: Final = 300
"""So much two clocks may differ: AWS answers no request that is signed by one that is further off.
A moment that is further ahead was set by none that is right, and nobody waits for it."""

CONFLICTS: Final = 8
"""So often a write is tried because another execution was at the same item."""

JITTER: Final = random.SystemRandom()
"""Of the machine's: a snapshot holds the state of `random`, the same for all that start from it."""

MOMENTARY: Final = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
"""Why DynamoDB cancels a transaction that may go through later (api/API_TransactWriteItems)."""


class Table:
    """Its methods raise botocore's exceptions where DynamoDB cannot be reached, and `LedgerNewer`
    for an item of a later format."""

    def __init__(
        self,
        client: "DynamoDBClient",
        name: str,
        *,
        now: Callable[[], float] = time.time,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.client = client
        self.now = now
        self.sleep = sleep
        self._name = name

    def get(self, pk: str) -> Item:
        """The item; empty where there is none."""
        found = self.client.get_item(TableName=self._name, Key=_key(pk), ConsistentRead=True)
        return _readable(found.get("Item", {}))

    def update(
        self, pk: str, expression: str, condition: str = "", **values: Value
    ) -> tuple[bool, Item]:
        """Whether the condition held and the item was changed, and the item as it is now."""
        change = self.change(pk, expression, condition, **values)
        change["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            found = self._in_turn(lambda: self.client.update_item(**change, ReturnValues="ALL_NEW"))
        except self.client.exceptions.ConditionalCheckFailedException as error:
            response = cast("dict[str, Item]", cast("object", error.response))
            return False, _readable(response.get("Item", {}))
        return True, _readable(found.get("Attributes", {}))

    def page(
        self, batch: str, since: float, until: float, limit: int, after: Item
    ) -> tuple[list[Item], Item]:
        """Items of a batch, by when they were asked for; and after which the next page begins."""
        values: dict[str, Value] = {":batch": batch, ":since": since, ":until": until}
        asked: QueryInputTypeDef = {
            "TableName": self._name,
            "IndexName": "batch",
            "KeyConditionExpression": "#batch = :batch AND asked_at BETWEEN :since AND :until",
            "ExpressionAttributeNames": {"#batch": "batch"},
            "ExpressionAttributeValues": {name: _attribute(values[name]) for name in values},
            "Limit": limit,
        }
        if after:
            asked["ExclusiveStartKey"] = after
        found = self.client.query(**asked)
        return [_readable(item) for item in found["Items"]], found.get("LastEvaluatedKey", {})

    def delete(self, pk: str) -> None:
        """There is no such item any more."""
        self._in_turn(lambda: self.client.delete_item(TableName=self._name, Key=_key(pk)))

    def change(
        self, pk: str, expression: str, condition: str = "", **values: Value
    ) -> "UpdateTypeDef":
        """A change for `transact`: `#name` stands for an attribute, `:name` for one of `values`."""
        if expression.startswith("SET "):
            its_format = r", #format = if_not_exists(#format, :format)\1"
            expression = re.sub(r"( ADD | REMOVE |$)", its_format, expression, count=1)
            values["format"] = FORMAT
        made: UpdateTypeDef = {
            "TableName": self._name,
            "Key": _key(pk),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": {f":{name}": _attribute(values[name]) for name in values},
        }
        if names := set(re.findall(r"#(\w+)", expression + condition)):
            made["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
        if condition:
            made["ConditionExpression"] = condition
        return made

    def is_not_there(self, pk: str) -> "TransactWriteItemTypeDef":
        """A condition for `transact`."""
        return {
            "ConditionCheck": {
                "TableName": self._name,
                "Key": _key(pk),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def transact(self, changes: "Sequence[TransactWriteItemTypeDef]") -> list[int]:
        """Make all changes or none. The places of those whose conditions do not hold; none where
        all are made. Raises `Busy` where others are in the way for too long."""
        for tries in range(CONFLICTS):
            try:
                self.client.transact_write_items(TransactItems=changes)
            except self.client.exceptions.TransactionCanceledException as error:
                if failed := _failed(error):
                    return failed
            else:
                return []
            self._pause(tries)
        raise Busy("too many calls are started at once", retry_after_seconds=5)

    def _in_turn(self, write: Callable[[], T]) -> T:
        """Write, and again while a transaction of another execution has the item: DynamoDB refuses
        a plain write in that moment, and botocore does not ask again."""
        for tries in range(CONFLICTS - 1):
            try:
                return write()
            except self.client.exceptions.TransactionConflictException:
                self._pause(tries)
        return write()

    def _pause(self, tries: int) -> None:
        """After a conflict: 10 to 640 ms, of which half is chance."""
        self.sleep(0.02 * float(2 ** min(tries, 5)) * JITTER.uniform(0.5, 1))


def text(item: Item, name: str) -> str | None:
    """A string of an item."""
    return item.get(name, {}).get("S")


def number(item: Item, name: str) -> float | None:
    """A number of an item."""
    found = item.get(name, {}).get("N")
    return None if found is None else float(found)


def is_recent(moment: float | None, now: float, seconds: float) -> bool:
    """Whether it is at most so long ago. None that an honest clock could not have set is."""
    return moment is not None and moment - HONEST_SECONDS < now < moment + seconds


def _key(pk: str) -> Item:
    return {"pk": {"S": pk}}


def _readable(item: Item) -> Item:
    its_format = number(item, "format") or 0
    if its_format > FORMAT:
        raise LedgerNewer(
            f"the ledger holds an item of format {its_format:g}, and this version reads {FORMAT}: "
            "a later version wrote it, which must be deployed here as well",
            retry_after_seconds=60,
        )
    return item


def _attribute(value: Value) -> "AttributeValueTypeDef":
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case frozenset():
            return {"SS": sorted(value)}
        case _:
            return {"N": f"{value:.3f}".removesuffix(".000")}


def _failed(error: "ClientError") -> list[int]:
    """The places of the conditions that failed; none where others were in the way for a moment.

    Raises `error` where it is none of both.
    """
    response = cast("dict[str, list[dict[str, str]]]", cast("object", error.response))
    codes = [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
    if not codes or set(codes) - MOMENTARY - {"None", "ConditionalCheckFailed"}:
        raise error
    return [place for place, code in enumerate(codes) if code == "ConditionalCheckFailed"]
