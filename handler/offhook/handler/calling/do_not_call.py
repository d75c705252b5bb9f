"""Who does not want to be called: items beside the ledger's calls, asked before one is dialled."""

from dataclasses import dataclass

from offhook.handler.calling.table import Table


@dataclass(frozen=True)
class DoNotCall:
    """The list, in the ledger's table."""

    table: Table

    def add(self, phone_number: str) -> None:
        """Never dial this number, until it is removed."""
        self.table.update(self.pk(phone_number), added_at=self.table.now())

    def remove(self, phone_number: str) -> None:
        """The number may be dialled again, as far as the policy allows it."""
        self.table.delete(self.pk(phone_number))

    @staticmethod
    def pk(phone_number: str) -> str:
        """Of the item that is there while the number is on the list."""
        return f"do-not-call#{phone_number}"
