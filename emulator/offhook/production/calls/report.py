"""What became of a list: counts, pace, and when it will be done."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from offhook.handler.calling.call_record import OurCall

DONE: Final = ("ended", "cancelled", "refused", "unknown")
"""States of which nothing more comes by itself."""

RECENT: Final = timedelta(minutes=10)
"""The pace is that of so long."""


@dataclass
class Report:
    """What became of one batch of calls."""

    batch: str
    wanted: int | None
    """How many were put into the queue; `None` where nobody noted it."""
    outcomes: Counter[str] = field(default_factory=Counter[str])
    said: Counter[str] = field(default_factory=Counter[str])
    waits: Counter[str] = field(default_factory=Counter[str])
    done: int = 0
    dialled: int = 0
    """Also those that never will be."""
    known: int = 0
    per_minute: float = 0.0
    """Calls dialled, in the last ten minutes."""

    @property
    def left(self) -> int:
        """Calls of which more will come."""
        return max(self.wanted or 0, self.known) - self.done

    @property
    def waiting(self) -> int:
        """Calls that are still to be dialled."""
        return max(self.wanted or 0, self.known) - self.dialled

    def until(self, now: datetime) -> datetime | None:
        """When all are dialled at this pace; `None` where nothing goes on."""
        if not self.waiting or not self.per_minute:
            return None
        return now + timedelta(minutes=self.waiting / self.per_minute)

    def rows(self) -> Sequence[tuple[str, int]]:
        """The counts, the most frequent first."""
        unseen = max((self.wanted or 0) - self.known, 0)
        return [
            *self.outcomes.most_common(),
            *([("in the queue", unseen)] if unseen else []),
        ]

    def to_json(self) -> Mapping[str, object]:
        """All of the report as JSON."""
        return {
            "batch": self.batch,
            "wanted": self.wanted,
            "known": self.known,
            "done": self.done,
            "outcomes": dict(self.outcomes),
            "said": dict(self.said),
            "waits_for": dict(self.waits),
            "dialled_per_minute": round(self.per_minute, 1),
        }


def report_on(batch: str, calls: Iterable[OurCall], wanted: int | None, now: datetime) -> Report:
    """The report on the calls of a batch."""
    made = Report(batch, wanted)
    recent = 0
    for call in calls:
        made.known += 1
        made.outcomes[call.outcome] += 1
        made.done += call.state in DONE
        made.dialled += call.state not in ("reserved", "waiting")
        if call.said:
            made.said[call.said] += 1
        if call.waits_for:
            made.waits[call.waits_for] += 1
        recent += call.dialled_at is not None and now - call.dialled_at < RECENT
    made.per_minute = recent / (RECENT / timedelta(minutes=1))
    return made
