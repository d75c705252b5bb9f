"""Redirections that are sent once: an item for each that has an id.

    noted -> sent
      +----> refused (may be asked for again)

An id that was noted and not marked as sent is one of which nobody knows: it is not sent again, and
whoever asks for it is told so.
"""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import uuid4

from offhook.handler.calling.ledger import Attempt
from offhook.handler.calling.table import Table, is_recent, number, text
from offhook.handler.errors import Unknown, Unsettled

SENDING_SECONDS: Final = 60
"""So long another execution may be sending it."""


@dataclass(frozen=True, kw_only=True)
class Redirections:
    """In the ledger's table. An id is remembered for `keep_seconds`."""

    table: Table
    keep_seconds: float

    def note(self, key: str, its_id: str) -> Attempt | None:
        """The right to send it; `None` when it was sent. Raises `Unsettled`, `Unknown`."""
        now = self.table.now()
        noted = Attempt(key=f"redirection#{key}#{its_id}", id=uuid4().hex)
        is_mine, found = self.table.update(
            noted.key,
            "attribute_not_exists(pk) OR #state = :refused",
            {"refused": "refused"},
            state="noted",
            attempt=noted.id,
            noted_at=now,
            expires_at=round(now + self.keep_seconds),
        )
        if is_mine or text(found, "attempt") == noted.id:
            return noted  # or DynamoDB took it, the answer was lost, and botocore asked again
        if text(found, "state") == "sent":
            return None
        if is_recent(number(found, "noted_at"), now, SENDING_SECONDS):
            raise Unsettled("another execution is sending this redirection", retry_after_seconds=15)
        raise Unknown(
            "nobody knows whether this redirection was sent: it was begun, and nothing has told "
            "how it ended. It is not sent again; send it under another id if it may come twice"
        )

    def mark(self, noted: Attempt, state: Literal["sent", "refused"]) -> None:
        """The service has accepted it; or it was not sent, or refused for sure."""
        self.table.update(noted.key, "attempt = :mine", {"mine": noted.id}, state=state)
