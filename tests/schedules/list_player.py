"""Plays a list of calls, in a process of its own:

python -m tests.schedules.list_player 10000 7
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.schedules.broken_lists import BROKEN
from tests.schedules.list_story import ListStory
from tests.schedules.list_verdict import wrong_of
from tests.schedules.schedule import MORNING
from tests.schedules.world import World

LINES = 100
"""So much of a course of events is enough to read."""


@dataclass(frozen=True)
class Played:
    """What came of a list."""

    wrong: Sequence[str]
    figures: str

    def __str__(self) -> str:
        return "\n".join([*self.wrong[:LINES], self.figures])


def play_list(callees: int, seed: int, broken: str = "") -> Played:
    """In another process; `broken` is one of `BROKEN`."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(play, callees, seed, broken).result()


def play(callees: int, seed: int, broken: str = "") -> Played:
    """Here. It changes the environment."""
    began = time.monotonic()
    with World() as world:
        if broken:
            BROKEN[broken][0](world)
        story = ListStory(world, callees, seed)
        try:
            story.play()
            wrong = wrong_of(story)
        except Exception as error:
            wrong = [repr(error), *story.schedule.said[-LINES:]]
        return Played(wrong, f"seed {seed}: {figures(story)}, in {time.monotonic() - began:.0f} s")


def figures(story: ListStory) -> str:
    """What happened, in numbers."""
    came = Counter(" and ".join(story.callees.experienced(one.key)) for one in story.callees.diary)
    numbers = {
        "callees": len({row.number for row in story.rows.values()}),
        "calls asked for": len(story.rows),
        "calls placed": len(story.callees.diary),
        "executions": story.executions,
        "killed": story.schedule.kills,
        "answers lost": story.network.doubts - story.schedule.kills,
        "messages twice": story.queue.twice,
        "stops": len(story.stops),
        "days": (story.schedule.now() - MORNING) / 86_400,
        "dead letters": len(story.queue.dead),
        **came,
    }
    return ", ".join(f"{value:,.6g} {name}" for name, value in numbers.items())


if __name__ == "__main__":
    played = play(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:4])
    sys.stdout.write(f"{played}\n")
    sys.exit(bool(played.wrong))
