"""Which calls of a folder somebody means: by transaction, number, day, moment; the worst first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Final

from offhook.production.logs.ending import WORST, ending
from offhook.production.logs.recorded import RecordedCall
from offhook.production.logs.turns import findings

AROUND: Final = timedelta(minutes=5)
"""Calls are those of a moment that were up so long before or after it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; what is empty is not asked."""

    transactions: Sequence[str] = ()
    """Each the whole id, or its beginning."""
    number: str = ""
    """A number on any leg, as it stands in the folder."""
    day: str = ""
    """As in 2027-03-01, in UTC."""
    moment: datetime | None = None

    def of(self, calls: Iterable[RecordedCall]) -> Iterator[RecordedCall]:
        """Those that are meant."""
        return (call for call in calls if self._means(call))

    def _means(self, call: RecordedCall) -> bool:
        named = self.transactions
        return (
            (not named or any(call.transaction.startswith(name) for name in named))
            and (not self.day or call.day == self.day)
            and (not self.number or self.number in _numbers(call))
            and (self.moment is None or _was_up(call, self.moment))
        )


def worst(calls: Iterable[RecordedCall], count: int) -> list[RecordedCall]:
    """So many of them, the worst first: dropped, stranded, unknown; then by faults, then as they
    come."""
    return nsmallest(count, calls, key=_badness)


def _badness(call: RecordedCall) -> tuple[int, int]:
    faults = sum(one.weight == "fault" for one in findings(call))
    return WORST.index(ending(call).how), -faults


def _numbers(call: RecordedCall) -> set[str]:
    legs = (leg for each in call.exchanges for leg in each.told.participants)
    return {end for leg in legs for end in (leg.from_, leg.to)}


def _was_up(call: RecordedCall, moment: datetime) -> bool:
    times = [each.at for each in call.exchanges if each.at is not None]
    return bool(times) and times[0] - AROUND <= moment <= times[-1] + AROUND
