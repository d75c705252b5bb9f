"""The clock that a function of this process reads while it runs: the call's.

`datetime.now` and `time.time` are moved to the moment of the event; `time.monotonic`, and with it
how long things take, is as it was. Who has moved the clock themselves, as a test with freezegun or
time-machine does, is left alone. In another process the bootstraps do the same: of Node, and of a
Python that has time-machine, as the one that runs Offhook does; else it is the machine's clock.
"""

import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, lru_cache
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from time_machine import travel

NEAR_SECONDS: Final = 60.0
"""A call that is so near to now is now: as all are that nobody has given another moment."""

KEPT: Final = 128
"""So many moments are remembered: calls that begin at the same one have the same again."""

MOMENT: ContextVar[float | None] = ContextVar("MOMENT", default=None)
"""When the event happens that a function is being told, in seconds since 1970."""


def later(seconds: float) -> None:
    """It is so much later when the function is told the same again."""
    if (moment := MOMENT.get()) is not None:
        MOMENT.set(moment + seconds)


class _Clock:
    """The process's one: moved when the first function begins, put back when the last has ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._moment_ns = 0
        self._put_back: Callable[[], object] = lambda: None

    def leave_for(self, moment: float) -> bool:
        """Whether it is moved, and ours to be put back."""
        with self._lock:
            if not self._inside:
                if abs(moment - time.time()) < NEAR_SECONDS:
                    return False
                travel = _travel(moment)
                if _time_machine().escape_hatch.is_travelling():
                    return False
                try:
                    travel.start()
                except RuntimeError:  # freezegun has the clock
                    return False
                self._put_back = travel.stop
                self._moment_ns = round(moment * 1e9)
            self._inside += 1
        return True

    def was_looked_at(self) -> bool:
        """Whether anybody has: the first who looks sees the moment itself, and time goes on from
        there. From now on, somebody has."""
        return time.time_ns() != self._moment_ns

    def come_back(self) -> None:
        """Put it back, when nobody else is there."""
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._put_back()


@cache
def _time_machine() -> ModuleType:
    """It, without the plugin for which it loads pytest where that is installed: no test runs, if
    that is not there yet."""
    absent = {} if "pytest" in sys.modules else {"pytest": cast("ModuleType", None)}
    sys.modules |= absent
    try:
        import time_machine
    finally:
        for name in absent:
            del sys.modules[name]
    return time_machine


@lru_cache(KEPT)
def _travel(moment: float) -> "travel":
    """To that moment, as often as somebody goes."""
    return cast("travel", _time_machine().travel(moment))


_clock = _Clock()


class Seen:
    """Meanwhile it is this moment, and time goes on from there."""

    def __init__(self, moment: float | None) -> None:
        self._moment = moment
        self._is_moved = False

    def __enter__(self) -> Callable[[], bool | None]:
        """Whether anybody has looked at the clock can be asked in the end; `None` where it is not
        known."""
        self._is_moved = self._moment is not None and _clock.leave_for(self._moment)
        return _clock.was_looked_at if self._is_moved else lambda: None

    def __exit__(self, *_raised: object) -> None:
        if self._is_moved:
            _clock.come_back()
