"""Timing on a busy machine: the contenders take turns, and are compared turn by turn.

What slows the machine down slows all of them down, so ratios hold where seconds drift.
"""

import gc
import timeit
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

Timed: TypeAlias = Callable[[], float]
"""Does its work some times, and says how many seconds one of them took."""

Times: TypeAlias = list[float]
"""Seconds of one run, a figure for each turn."""


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    turns: int = 41
    """Turns of what runs in this process."""
    processes: int = 25
    """Turns of what is a process of its own."""
    seconds: float = 0.02
    """How long each contender runs in one turn."""
    minutes: float = 0.25
    """How long calls in real time are up."""

    @property
    def is_once(self) -> bool:
        """Whether it is enough to see that it works."""
        return self.turns == 1


ONCE = Effort(turns=1, processes=1, seconds=0.0, minutes=0.05)
"""Enough to see that it works; the figures mean nothing."""


def take_turns(contenders: Mapping[str, Timed], turns: int) -> dict[str, Times]:
    """Time all of them, turn by turn, in the opposite order every other turn."""
    times: dict[str, Times] = {name: [] for name in contenders}
    row = list(contenders.items())
    for _ in range(turns):
        for name, timed in row:
            times[name].append(timed())
        row.reverse()
    return times


def in_process(work: Callable[[], object], effort: Effort) -> Timed:
    """Time a function that takes no arguments, often enough to fill its part of a turn."""
    timer = timeit.Timer(work, gc.enable)  # garbage is part of what it costs
    warm_up = 1 if effort.is_once else 10
    number = max(1, round(effort.seconds * warm_up / timer.timeit(warm_up)))
    return lambda: timer.timeit(number) / number


def ratio(ours: Times, theirs: Times) -> float:
    """How many times as long ours takes: the median of the turns."""
    return median(mine / yours for mine, yours in zip(ours, theirs, strict=True))
