"""A real event loop in a thread of its own, where sockets and processes live.

The loop of a call may run in virtual time, where nothing real can be waited for. What is real runs
here; the call's clock stands still until it is done.
"""

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from offhook.emulator.clock import standing_still

T = TypeVar("T")


class Background:
    """The loop, and the thread that runs it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="offhook", daemon=True)
        self._thread.start()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await something there, from the loop of a call. Cancelling it cancels it there."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        with standing_still():
            return await asyncio.wrap_future(future)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something there and wait for it, from a thread that has no loop to wait with."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def stop(self) -> None:
        """End the thread and the loop."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


_background: Background | None = None
_at_exit: set[Callable[[], None]] = set()


def background() -> Background:
    """The one of this process, started when it is first needed."""
    global _background  # noqa: PLW0603
    if _background is None:
        _background = Background()
        atexit.register(_leave_nothing, _background)
    return _background


def at_exit(close: Callable[[], None]) -> Callable[[], None]:
    """Close something when this process ends, unless the function returned here is called first."""
    _at_exit.add(close)
    return lambda: _at_exit.discard(close)


def _leave_nothing(running: Background) -> None:
    for close in list(_at_exit):
        close()
    running.stop()
