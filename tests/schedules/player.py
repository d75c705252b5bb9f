"""Plays schedules, in processes of their own. To read what happens in one of them:

python -m tests.schedules.player 124
"""

import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final

from tests.schedules.broken import BROKEN
from tests.schedules.story import Story
from tests.schedules.verdict import play
from tests.schedules.world import World

ENOUGH: Final = 3
"""So many schedules that fail are enough to read."""


@dataclass(frozen=True)
class Failed:
    """A schedule in which something did not hold."""

    seed: int
    wrong: Sequence[str]
    course: Sequence[str]

    def __str__(self) -> str:
        again = f"python -m tests.schedules.player {self.seed}"
        return "\n".join([*self.wrong, *self.course, f"The same again: {again}"])


def play_all(seeds: Sequence[int], broken: str = "") -> list[Failed]:
    """Those that fail, of so many schedules; on all cores."""
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        shares = [pool.submit(play_some, seeds[first::workers], broken) for first in range(workers)]
        return [failed for share in shares for failed in share.result()]


def play_some(seeds: Iterable[int], broken: str = "") -> list[Failed]:
    """Those that fail, one after another; `broken` is one of `BROKEN`."""
    found: list[Failed] = []
    found_out_by = ""
    with World() as world:
        if broken:
            breaks, found_out_by = BROKEN[broken]
            breaks(world)
        for seed in seeds:
            story = Story(world, seed)
            try:
                wrong = play(story)
            except Exception as error:
                found.append(Failed(seed, [repr(error)], story.schedule.said))
                break  # who knows what is still under way in this world
            if wrong:
                found.append(Failed(seed, wrong, story.schedule.said))
            is_found_out = any(found_out_by in one for one in wrong)
            if is_found_out if broken else len(found) == ENOUGH:
                break
            story.sweep()
    return found


if __name__ == "__main__":
    with World() as the_world:
        told = Story(the_world, int(sys.argv[1]))
        outcome = play(told) or ["all is as it must be"]
        sys.stdout.write("\n".join([*told.schedule.said, *outcome, ""]))
