"""The rate at which the account may call an API, shared by all executions of the trigger.

A token bucket of one item for each operation: it holds the moment at which the next request may be
sent. Whoever takes that moment moves it on by one interval, in one conditional write, and waits
for it. When the next moment is further away than a request can wait, the request is turned away,
with the time after which to come back.
"""

from typing import Final

from offhook.handler.calling.table import HONEST_SECONDS, Sleep, Table, number
from offhook.handler.errors import Busy

LONGEST_WAIT_SECONDS: Final = 60
"""No request waits longer for its turn: its reservation would run out."""


class Pace:
    """Requests of one operation, one after another."""

    def __init__(self, table: Table, operation: str, per_second: float, *, sleep: Sleep) -> None:
        """`per_second` is the account's rate: 1 for calls and 5 for updates, unless raised."""
        self._table = table
        self._pk = f"pace#{operation}"
        self._interval = 1 / per_second
        self._sleep = sleep

    def wait(self, patience_seconds: float) -> None:
        """Return when it is this request's turn. Raises `Busy` where that takes too long."""
        wait = self._turn(min(patience_seconds, LONGEST_WAIT_SECONDS)) - self._table.now()
        if wait > 0:
            self._sleep(wait)

    def _turn(self, patience: float) -> float:
        while True:
            now = self._table.now()
            # A moment further ahead than any turn is of a clock that is wrong.
            furthest = now + LONGEST_WAIT_SECONDS + self._interval + HONEST_SECONDS
            is_mine, _ = self._table.update(
                self._pk,
                "attribute_not_exists(next_at) OR next_at <= :now OR next_at > :furthest",
                {"now": now, "furthest": furthest},
                next_at=now + self._interval,
            )
            if is_mine:
                return now
            is_mine, found = self._table.update(
                self._pk,
                "next_at > :now AND next_at <= :latest",
                {"now": now, "latest": now + patience},
                next_at=("ADD", self._interval),
            )
            next_at = number(found, "next_at") or 0
            if is_mine:
                return next_at - self._interval
            if now < next_at <= furthest:
                raise Busy(
                    "more is asked for than the service's rate allows",
                    retry_after_seconds=round(next_at - now + self._interval, 1),
                )
            # Nobody waits any more: take it at once.
