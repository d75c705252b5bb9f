"""Actors that take turns in virtual time: one seed, one course of events.

Each actor has a thread, and one of them runs at a time: whoever's time has come first. Where an
actor sleeps, the others run; how long everything takes is random, so everything happens in every
order, and leases run out in no time. The same seed gives the same course again.
"""

import heapq
import random
import threading
from collections.abc import Callable
from itertools import count
from typing import Final

MORNING: Final = 1_899_943_200.0
"""2030-03-17, 02:00 UTC: a day's counts do not begin anew within a schedule."""

LONGEST_SECONDS: Final = 20 * 3600
"""A schedule that takes longer does not end by itself."""


class Killed(BaseException):
    """The execution ends here and now, as when its environment is taken away."""


class Schedule:
    """A clock, and whose turn it is."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.time = MORNING
        self.said: list[str] = []
        """The course of events, for whoever has to read it."""
        self.actor = ""
        self._due: list[tuple[float, int, threading.Semaphore]] = []
        self._order = count()
        self._back = threading.Semaphore(0)
        self._broken: BaseException | None = None
        self.kills = 0
        """How many executions were killed."""
        self._dead: set[str] = set()

    def now(self) -> float:
        """Seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let others go on until then."""
        me, turn = self.actor, threading.Semaphore(0)
        heapq.heappush(self._due, (self.time + max(0, seconds), next(self._order), turn))
        self._back.release()
        turn.acquire()
        self.actor = me

    def start(self, name: str, run: Callable[[], object], after: float = 0.0) -> None:
        """Another actor, from `after` seconds from now on."""
        turn = threading.Semaphore(0)

        def act() -> None:
            turn.acquire()
            self.actor = name
            try:
                run()
            except Killed:
                pass
            except BaseException as error:
                self._broken = error
            self._back.release()

        threading.Thread(target=act, name=name, daemon=True).start()
        heapq.heappush(self._due, (self.time + after, next(self._order), turn))

    def run(self, seconds: float = LONGEST_SECONDS) -> None:
        """Until nobody has anything left to do. Raises what an actor did not expect."""
        until = self.time + seconds
        while self._due:
            at, _, turn = heapq.heappop(self._due)
            self.time = max(self.time, at)
            if self.time > until:
                raise AssertionError("the schedule does not end")
            turn.release()
            self._back.acquire()
            if self._broken is not None:
                raise self._broken

    def say(self, what: str) -> None:
        """A line in the course of events."""
        self.said.append(f"{self.time - MORNING:9.3f} {self.actor:<14} {what}")

    def die(self) -> Killed:
        """To be raised: from now on this actor does nothing any more."""
        self.kills += 1
        self._dead.add(self.actor)
        self.say("is killed")
        return Killed()

    def is_dead(self) -> bool:
        """Whether this actor was killed; its `finally` clauses may still run."""
        return self.actor in self._dead

    def revive(self) -> None:
        """Whoever waited for the execution goes on."""
        self._dead.discard(self.actor)
