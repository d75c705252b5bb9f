"""The rate at which the account may call an API, shared by all executions of the trigger.

A token bucket of one item for each operation: it holds the moment at which the next request may be
sent. Whoever takes it moves it on by one interval, in one conditional write, and waits for it.
"""

from dataclasses import dataclass
from typing import Final

from offhook.handler.calling.table import HONEST_SECONDS, Sleep, Table, number
from offhook.handler.errors import Busy

LONGEST_WAIT_SECONDS: Final = 60
"""No request waits longer for its turn: its reservation would run out."""


@dataclass(frozen=True)
class Pace:
    """Requests of one operation, one after another."""

    table: Table
    operation: str
    per_second: float
    """The account's rate: 1 for calls and 5 for updates, unless raised."""
    sleep: Sleep

    def wait(self, patience_seconds: float) -> None:
        """Return when it is this request's turn. Raises `Busy` where that takes too long."""
        wait = self._turn(min(patience_seconds, LONGEST_WAIT_SECONDS)) - self.table.now()
        if wait > 0:
            self.sleep(wait)

    def _turn(self, patience: float) -> float:
        pk, interval = f"pace#{self.operation}", 1 / self.per_second
        while True:
            now = self.table.now()
            # A moment further ahead than any turn is of a clock that is wrong.
            furthest = now + LONGEST_WAIT_SECONDS + interval + HONEST_SECONDS
            is_mine, _ = self.table.update(
                pk,
                "attribute_not_exists(next_at) OR next_at <= :now OR next_at > :furthest",
                {"now": now, "furthest": furthest},
                next_at=now + interval,
            )
            if is_mine:
                return now
            is_mine, found = self.table.update(
                pk,
                "next_at > :now AND next_at <= :latest",
                {"now": now, "latest": now + patience},
                next_at=("ADD", interval),
            )
            next_at = number(found, "next_at") or 0
            if is_mine:
                return next_at - interval
            if now < next_at <= furthest:
                raise Busy(
                    "more is asked for than the service's rate allows",
                    retry_after_seconds=round(next_at - now + interval, 1),
                )
            # Nobody waits any more: take it at once.
