"""What became of a list: counts, pace, and when it will be done."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from offhook.handler.calling.call_record import OurCall

DONE: Final = ("ended", "cancelled", "refused", "unknown")
"""States of which nothing more comes by itself."""

MINUTE: Final = timedelta(minutes=1)
RECENT: Final = 10 * MINUTE
"""The pace is that of so long, or of the time since the first call of the list was dialled."""


CLOCK: Final = re.compile(r"^it is \d\d:\d\d where the callee is \(([^)]*)\), and ")
"""What time it was when somebody's hours had not begun, which differs from call to call."""


@dataclass
class Report:
    """What became of one batch of calls."""

    batch: str
    wanted: int | None
    """How many were put into the queue; `None` where nobody noted it."""
    outcomes: Counter[str] = field(default_factory=Counter[str])
    said: Counter[str] = field(default_factory=Counter[str])
    waits: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    """Why nothing was dialled: the error and what it said."""
    done: int = 0
    dialled: int = 0
    """Also those that never will be."""
    known: int = 0
    recent: int = 0
    """Calls dialled in the last `minutes`."""
    minutes: float = 0.0
    """Of which the pace is: 1 to 10."""
    not_before: datetime | None = None
    """Until when one of those that wait does so: its hours begin then, or its cap's day."""

    @property
    def per_minute(self) -> float:
        """Calls dialled in a minute."""
        return self.recent / self.minutes if self.minutes else 0.0

    @property
    def left(self) -> int:
        """Calls of which more will come."""
        return max(self.wanted or 0, self.known) - self.done

    @property
    def waiting(self) -> int:
        """Calls that are still to be dialled."""
        return max(self.wanted or 0, self.known) - self.dialled

    def until(self, now: datetime) -> datetime | None:
        """When all are dialled at this pace, and not before what waits longest may be; `None` where
        nothing goes on."""
        ends = [self.not_before] if self.not_before and self.not_before > now else []
        if self.waiting and self.per_minute:
            ends.append(now + self.waiting / self.per_minute * MINUTE)
        return max(ends, default=None)

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
            "not_before": self.not_before.isoformat() if self.not_before else None,
            "refused": dict(self.refused),
            "dialled_per_minute": round(self.per_minute, 1),
            "measured_over_minutes": round(self.minutes, 1),
        }


def report_on(batch: str, calls: Iterable[OurCall], wanted: int | None, now: datetime) -> Report:
    """The report on the calls of a batch."""
    made = Report(batch, wanted)
    first = now
    for call in calls:
        made.known += 1
        made.outcomes[call.outcome] += 1
        made.done += call.state in DONE
        made.dialled += call.state not in ("reserved", "waiting")
        if call.said:
            made.said[call.said] += 1
        if call.waits_for:
            made.waits[CLOCK.sub(r"in \1 ", call.waits_for)] += 1
            until = (made.not_before, call.waits_until)
            made.not_before = max(filter(None, until), default=None)
        if call.state == "refused":
            made.refused[f"{call.error}: {call.advice}" if call.advice else f"{call.error}"] += 1
        if call.dialled_at is not None:
            first = min(first, call.dialled_at)
            made.recent += now - call.dialled_at < RECENT
    made.minutes = min(max(now - first, MINUTE), RECENT) / MINUTE
    return made
