"""What a call counts against: items beside the ledger's calls.

They change in the same transaction that gives the right to dial, so that no number of executions
together goes over a limit.
"""

from dataclasses import dataclass
from typing import Final

from offhook.handler.calling.table import Table, Write

DAY_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Cap:
    """At most `limit` calls count against an item."""

    pk: str
    limit: int
    says: str
    """What the caller is told when it is reached."""
    within_seconds: float | None = None
    """For how long a call counts; `None` where the item is a new one every day (UTC)."""


UP: Final = "up"
"""The item that the calls that are up count against."""

TO: Final = "cap#to "
"""How the item begins that the calls to a number count against."""


@dataclass(frozen=True)
class Caps:
    """The counts, in the ledger's table."""

    table: Table

    def more(self, cap: Cap, key: str, dialled_at: float) -> Write:
        """One call more, if the cap allows it."""
        is_daily = cap.within_seconds is None
        return self.table.change(
            cap.pk,
            f"attribute_not_exists(calls) OR {'calls' if is_daily else 'size(calls)'} < :limit",
            {"limit": cap.limit},
            expires_at=round(dialled_at + 2 * DAY_SECONDS),
            calls=("ADD", 1 if is_daily else _member(key, dialled_at)),
        )

    def less(self, cap: Cap, key: str, dialled_at: float) -> Write:
        """The call does not count any more, also when it did not."""
        if cap.within_seconds is None:
            return self.table.change(cap.pk, calls=("ADD", -1))
        return self.table.change(cap.pk, calls=("DELETE", _member(key, dialled_at)))

    def leave(self, key: str, dialled_at: float) -> None:
        """The call is no longer up."""
        self.table.update(UP, calls=("DELETE", _member(key, dialled_at)))

    def members(self, pk: str) -> dict[str, float]:
        """What counts against an item, a moment and a key, and since when."""
        members = self.table.get(pk).get("calls", {}).get("SS", [])
        return {member: float(member.partition(" ")[0]) for member in members}

    def seconds_until_one_more(self, cap: Cap) -> float:
        """How long the cap allows no call: 0 where there were some that count no longer."""
        now = self.table.now()
        if cap.within_seconds is None:
            return DAY_SECONDS - now % DAY_SECONDS
        dialled_at, first = self.members(cap.pk), now - cap.within_seconds
        if old := frozenset(member for member, at in dialled_at.items() if at <= first):
            self.table.update(cap.pk, calls=("DELETE", old))
        if old or len(dialled_at) < cap.limit:
            return 0
        # A moment that lies ahead is another clock's: the call was no later than now.
        return min(*dialled_at.values(), now) - first


def _member(key: str, dialled_at: float) -> frozenset[str]:
    return frozenset({f"{dialled_at:.3f} {key}"})
