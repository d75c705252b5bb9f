"""Paths that are still to be played, in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import heappop, heappush

from offhook.emulator.call.deeds import Aside, Deed
from offhook.emulator.explore.explored import Arrow
from offhook.emulator.explore.walk import Ground, Walk


@dataclass(frozen=True, slots=True)
class Planned:
    """A path to be played."""

    length: int
    """How much happens on it; a disturbance is one thing more."""
    deed: Deed
    """What happens last on it."""
    before: Arrow | None
    """It begins with the path of that arrow."""
    like: Arrow | None = None
    """Where the same led to with nothing by the way."""

    def walk(self, ground: Ground) -> Walk:
        """The path to here, to be played."""
        if self.before is None:
            return Walk(ground, (), self.deed)
        first, *rest = self.before.way
        return Walk(ground, (*(arrow.deed for arrow in rest), self.deed), first.deed)


@dataclass(order=True, slots=True)
class Next:
    """Paths that differ in what happens last alone: where many are left, they are few. The shortest
    come first, then those that least disturb."""

    length: int
    disturbances: int
    number: int
    """In the order in which they were thought of."""
    deeds: Sequence[Deed] = field(compare=False)
    """What happens last: each of them, on one path."""
    before: Arrow | None = field(compare=False)
    like: Arrow | None = field(compare=False, default=None)
    asides: Sequence[Aside] = field(compare=False, default=())
    """Where there are any, each of them by the way of the one deed, on one path."""
    taken: int = field(compare=False, default=0)
    """So many of its paths were played."""

    @property
    def left(self) -> int:
        """How many were not."""
        return len(self.asides or self.deeds) - self.taken

    def take(self) -> Planned:
        """The next of them."""
        planned = self.first
        self.taken += 1
        return planned

    @property
    def first(self) -> Planned:
        """The next of them, which is left."""
        at = self.taken
        if self.asides:
            (deed,) = self.deeds
            deed = replace(deed, asides=(*deed.asides, self.asides[at]))
        else:
            deed = self.deeds[at]
        return Planned(self.length, deed, self.before, self.like)


class Queue:
    """All that are left. Those of one `Next` follow one another: what comes of them is longer."""

    def __init__(self, first: Iterable[Next]) -> None:
        self._queue: list[Next] = []
        self._left = 0
        for each in first:
            self.put(each)

    def __len__(self) -> int:
        """How many paths."""
        return self._left

    def put(self, more: Next) -> None:
        """Some more; at least one."""
        heappush(self._queue, more)
        self._left += more.left

    @property
    def first(self) -> Planned | None:
        """The one that is to be played next."""
        return self._queue[0].first if self._queue else None

    def take(self) -> Planned:
        """The one that is to be played now."""
        first = self._queue[0]
        path = first.take()
        if not first.left:
            heappop(self._queue)
        self._left -= 1
        return path


@lru_cache
def by_disturbances(deeds: Sequence[Deed]) -> Sequence[tuple[int, Sequence[Deed]]]:
    """Those that disturb as much, together."""
    groups: dict[int, list[Deed]] = {}
    for deed in deeds:
        groups.setdefault(len(deed.disturbances), []).append(deed)
    return [(more, tuple(group)) for more, group in groups.items()]
