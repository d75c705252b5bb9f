"""Who does not want to be called: items beside the ledger's calls, asked before one is dialled."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from offhook.handler.calling.table import Table

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


@dataclass(frozen=True)
class DoNotCall:
    """The list, in the ledger's table."""

    table: Table

    def lacks(self, phone_number: str) -> "TransactWriteItemTypeDef":
        """The condition that the number is not on the list."""
        return self.table.is_not_there(_pk(phone_number))

    def add(self, phone_number: str) -> None:
        """Never dial this number, until it is removed."""
        self.table.update(_pk(phone_number), "SET added_at = :now", now=self.table.now())

    def remove(self, phone_number: str) -> None:
        """The number may be dialled again, as far as the policy allows it."""
        self.table.delete(_pk(phone_number))


def _pk(phone_number: str) -> str:
    return f"do-not-call#{phone_number}"
