"""The story by hand on a virtual loop: the same waits, the same key, the same invocations."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, cast

from benchmarks.answers.event import Answer, Event
from offhook.actions import Action
from offhook.emulator.call.complaints import check
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.in_process import InProcess

Tell: TypeAlias = Callable[[int], Awaitable[object]]
"""Invoke the function with the event of this number."""


class BareCall:
    """Welcome and the menu, a key, goodbye, with nothing around it."""

    def __init__(self, loop: VirtualLoop, tell: Tell) -> None:
        self._loop = loop
        self._tell = tell
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._is_heard = False

    def play(self) -> None:
        """Hear the menu, press 1, wait for the end."""
        self._is_heard = False
        life = self._loop.create_task(self._live())
        life.add_done_callback(lambda _life: self._loop.noticed())
        self._loop.run(lambda: self._is_heard)
        self._keys.put_nowait("1")
        self._loop.run(life.done)
        life.result()

    async def _live(self) -> None:
        await self._tell(0)
        await asyncio.sleep(1.5)
        await asyncio.sleep(2.2)
        self._is_heard = True
        self._loop.noticed()
        async with asyncio.timeout(5.0):
            await self._keys.get()
        await self._tell(1)
        await asyncio.sleep(1.1)
        await self._tell(2)


def direct(loop: VirtualLoop, function: Answer, told: Sequence[Event]) -> Tell:
    """Hand the function its event, and take what it returns."""
    return lambda index: loop.outside(function, told[index])


def checked(function: Answer, told: Sequence[Event]) -> Tell:
    """Invoke it through JSON, as between two machines, and check the reply and its actions."""
    read = cast("Callable[..., object]", Action.from_wire)
    invoked = InProcess(lambda event, _context: function(cast("Event", event)))

    async def tell(index: int) -> object:
        answered = await invoked.invoke(told[index])
        fault = check(answered.reply, str(told[index]["InvocationEventType"]))
        if fault is not None:
            raise AssertionError(fault.hint)
        reply = cast("dict[str, list[Event]]", answered.reply)
        for action in reply["Actions"]:
            read(action, open_lists=False)
        return reply

    return tell
