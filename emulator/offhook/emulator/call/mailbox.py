"""What happens to a call, kept until the call comes to it: one by one, oldest first."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Happening: TypeAlias = Callable[[], Awaitable[None]]
"""What the call does about it."""


class Mailbox:
    """Anybody puts in; the call alone takes out."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Happening] = deque()
        self._awaited: asyncio.Future[None] | None = None

    def put(self, happening: Happening) -> None:
        """Something happens: it is taken out after what happened before."""
        self._waiting.append(happening)
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)

    @property
    def is_empty(self) -> bool:
        """Whether the call has come to everything that has happened."""
        return not self._waiting

    async def next(self) -> Happening:
        """The oldest; waits until there is one."""
        if not self._waiting:
            self._awaited = self._loop.create_future()
            await self._awaited
        return self._waiting.popleft()
