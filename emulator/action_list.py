"""The list of actions that a reply set: performed one by one, replaced by the next reply."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from offhook.emulator.leg import Leg
from offhook.emulator.performance import Outcome, Performance

if TYPE_CHECKING:
    from offhook.emulator.call import Call

Wire: TypeAlias = Mapping[str, object]
Done: TypeAlias = Callable[[Performance, Outcome], None]


class ActionList:
    """What is left to do, and what is being done."""

    def __init__(self, call: "Call", loop: asyncio.AbstractEventLoop, done: Done) -> None:
        self._call = call
        self._loop = loop
        self._done = done
        self._rest: deque[Wire] = deque()
        self._invoked_leg: Leg | None = None
        self._task: asyncio.Task[Outcome] | None = None
        self.performance: Performance | None = None
        """The action that runs now."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left after the action that runs."""
        return not self._rest

    def replace(self, actions: Sequence[Wire], invoked_leg: Leg) -> None:
        """These come after the action that runs; `invoked_leg` is where they run by default."""
        self._rest = deque(actions)
        self._invoked_leg = invoked_leg

    def clear(self) -> None:
        """Nothing comes after the action that runs."""
        self._rest.clear()

    def go_on(self) -> None:
        """Start the next action, if none runs."""
        if self.performance is not None or not self._rest:
            return
        leg = self._invoked_leg or self._call.legs[0]
        performance = Performance(self._call, self._rest.popleft(), leg)
        self.performance = performance
        self._task = self._loop.create_task(performance.run())
        self._task.add_done_callback(lambda task: self._is_done(performance, task))

    def stop(self) -> Performance | None:
        """Stop the action that runs, and say which it was."""
        stopped, self.performance = self.performance, None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        return stopped

    def _is_done(self, performance: Performance, task: asyncio.Task[Outcome]) -> None:
        if not task.cancelled() and performance is self.performance:
            self.performance, self._task = None, None
            self._done(performance, task.result())
