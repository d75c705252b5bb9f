"""What a call counts against: items beside the ledger's calls.

They change in the same transaction that gives the right to dial, so that no number of executions
together goes over a limit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from offhook.handler.calling.call_record import Item, number

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

KEEP_CAPS_SECONDS: Final = 2 * 86_400
"""A day's count is of no use after it."""


@dataclass(frozen=True, kw_only=True)
class Cap:
    """At most `limit` calls count against a name, which is a new one every day."""

    name: str
    limit: int
    says: str
    """What the caller is told when it is reached."""


@dataclass(frozen=True)
class Caps:
    """The counts, in the ledger's table."""

    client: "DynamoDBClient"
    table: str

    def count(self, cap: Cap, by: int, now: float) -> "TransactWriteItemTypeDef":
        """One call more, if the cap allows it, or one less."""
        values: Item = {
            ":by": {"N": str(by)},
            ":expires_at": number(round(now + KEEP_CAPS_SECONDS)),
        }
        change: UpdateTypeDef = {
            "TableName": self.table,
            "Key": {"pk": {"S": f"cap#{cap.name}"}},
            "UpdateExpression": "SET expires_at = :expires_at ADD calls :by",
            "ExpressionAttributeValues": values,
        }
        if by > 0:
            change["ConditionExpression"] = "attribute_not_exists(calls) OR calls < :limit"
            values[":limit"] = {"N": str(cap.limit)}
        return {"Update": change}

    def join(self, key: str, dialled_at: float, most: int) -> "TransactWriteItemTypeDef":
        """One of at most `most` calls that are up."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": _UP,
                "UpdateExpression": "ADD calls :call",
                "ConditionExpression": "attribute_not_exists(calls) OR size(calls) < :most",
                "ExpressionAttributeValues": {
                    ":call": {"SS": [_member(key, dialled_at)]},
                    ":most": {"N": str(most)},
                },
            }
        }

    def leave(self, key: str, dialled_at: float) -> "UpdateTypeDef":
        """No longer one of the calls that are up; also when it was none."""
        return {
            "TableName": self.table,
            "Key": _UP,
            "UpdateExpression": "DELETE calls :call",
            "ExpressionAttributeValues": {":call": {"SS": [_member(key, dialled_at)]}},
        }

    def drop_older_than(self, moment: float) -> bool:
        """Calls dialled before no longer count as up: nobody told of their end. Whether any was."""
        found = self.client.get_item(TableName=self.table, Key=_UP, ConsistentRead=True)
        members = found.get("Item", {}).get("calls", {}).get("SS", [])
        old = [one for one in members if float(one.partition(" ")[0]) < moment]
        if old:
            self.client.update_item(
                TableName=self.table,
                Key=_UP,
                UpdateExpression="DELETE calls :old",
                ExpressionAttributeValues={":old": {"SS": old}},
            )
        return bool(old)


_UP: Final[Item] = {"pk": {"S": "up"}}


def _member(key: str, dialled_at: float) -> str:
    return f"{dialled_at:.3f} {key}"
