"""The list of actions that a reply set: performed one by one, replaced by the next reply."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from offhook.emulator.call.leg import Leg
from offhook.emulator.call.mailbox import Mailbox
from offhook.emulator.call.performance import Outcome, Performance

Json: TypeAlias = Mapping[str, object]
Begin: TypeAlias = Callable[[Json, Leg | None], Performance]
"""Begins an action: where it runs by default is the leg of the event, if there was one."""
Done: TypeAlias = Callable[[Performance, Outcome], None]
"""Is told what an action came to."""


class ActionList:
    """What is left to do, and what is being done."""

    def __init__(self, loop: asyncio.AbstractEventLoop, mailbox: Mailbox) -> None:
        """Every fault of the emulator itself happens in the mailbox."""
        self._loop = loop
        self._mailbox = mailbox
        self._rest: deque[Json] = deque()
        self.invoked_leg: Leg | None = None
        """Where they run by default."""
        self._task: asyncio.Task[None] | None = None
        self.performance: Performance | None = None
        """The action that runs now."""

    @property
    def rest(self) -> Sequence[Json]:
        """What comes after the action that runs."""
        return tuple(self._rest)

    def replace(self, actions: Sequence[Json], invoked_leg: Leg) -> None:
        """These come after the action that runs; `invoked_leg` is where they run by default."""
        self._rest = deque(actions)
        self.invoked_leg = invoked_leg

    def clear(self) -> None:
        """Nothing comes after the action that runs."""
        self._rest.clear()

    def go_on(self, begin: Begin, done: Done) -> None:
        """Start the next action, if none runs."""
        if self.performance is not None or not self._rest:
            return
        performance = begin(self._rest.popleft(), self.invoked_leg)
        self.performance = performance
        self._task = self._loop.create_task(self._perform(performance, self._rest, done))

    def break_off(self) -> None:
        """Nobody is on the leg of the action that runs: it ends, and stays the one that runs until
        the call comes to that."""
        if self._task is not None:
            self._task.cancel()

    async def stop(self) -> None:
        """Stop the action that runs, and see it end."""
        task, self.performance, self._task = self._task, None, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])

    async def _perform(self, performance: Performance, its_list: deque[Json], done: Done) -> None:
        try:
            outcome = await performance.run()
        except Exception as fault:
            self._mailbox.put(partial(_raise, fault))
            return
        if performance is not self.performance:
            return
        self.performance, self._task = None, None
        performance.was_replaced = its_list is not self._rest
        performance.was_last = not its_list and not performance.was_replaced
        if not outcome.succeeded and not performance.was_replaced:
            self.clear()
        done(performance, outcome)


async def _raise(fault: Exception) -> None:
    raise fault
