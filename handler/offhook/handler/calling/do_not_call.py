"""Who does not want to be called: items beside the ledger's calls, asked before one is dialled."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from offhook.handler.calling.call_record import Item

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True)
class DoNotCall:
    """The list, in the ledger's table."""

    client: "DynamoDBClient"
    table: str

    def lacks(self, phone_number: str) -> "TransactWriteItemTypeDef":
        """The condition that the number is not on the list."""
        return {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": _unwanted(phone_number),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def add(self, phone_number: str) -> None:
        """Never dial this number, until it is removed."""
        self.client.put_item(TableName=self.table, Item=_unwanted(phone_number))

    def remove(self, phone_number: str) -> None:
        """The number may be dialled again, as far as the policy allows it."""
        self.client.delete_item(TableName=self.table, Key=_unwanted(phone_number))


def _unwanted(phone_number: str) -> Item:
    return {"pk": {"S": f"do-not-call#{phone_number}"}}
