"""Functions that others invoke: what they write is shown where those are, whose clock they have."""

import sys
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Condition
from typing import Final

from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.moment import MOMENT

PATIENCE: Final = 30.0
"""Seconds in which virtual time stands still for what nobody waits for."""


class Aside:
    """What is invoked so at a desk. Any thread may use it."""

    def __init__(self) -> None:
        self._heard = deque[str]()
        self._asking = 0
        self._is_in_real_time = False
        self._events = 0
        self._changed = Condition()
        self.moment: float | None = None
        """That of the call in which a function was invoked last."""

    def hears(self, name: str, invoked: Invoked) -> None:
        """What a function wrote, and why it failed; where no other one is under way any more that
        could show it, it goes to the output of a desk in real time."""
        lines = invoked.log.splitlines()
        if invoked.error.partition("\n")[0] not in invoked.log:
            lines += f"it fails: {invoked.error}".splitlines()
        if not lines:
            return
        text = "\n".join([f"{name}, which was invoked, writes:", *lines, ""])
        if self._asking:
            self._heard.append(text)
        elif self._is_in_real_time:
            sys.stdout.write(text)

    @contextmanager
    def asking(self, *, in_real_time: bool) -> Generator[None]:
        """A function that may invoke others runs meanwhile, in the call of this context."""
        self._is_in_real_time = in_real_time
        self._asking += 1
        self.moment = MOMENT.get()
        try:
            yield
        finally:
            self._asking -= 1

    @contextmanager
    def unasked(self) -> Generator[None]:
        """One runs meanwhile that nobody waits for."""
        with self._changed:
            self._events += 1
        try:
            yield
        finally:
            with self._changed:
                self._events -= 1
                self._changed.notify_all()

    def settle(self) -> None:
        """Wait for those that nobody else waits for."""
        with self._changed:
            self._changed.wait_for(lambda: not self._events, PATIENCE)

    def told(self, invoked: Invoked) -> Invoked:
        """With what others wrote below what it wrote itself."""
        if not self._heard:
            return invoked
        log = invoked.log.removesuffix("\n") + "\n" if invoked.log else ""
        while self._heard:
            log += self._heard.popleft()
        return replace(invoked, log=log)


class Overheard:
    """A function that another one invokes."""

    def __init__(self, name: str, function: Function, aside: Aside) -> None:
        self._name = name
        self._function = function
        self.aside = aside

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Invoke it, and pass on what it wrote."""
        MOMENT.set(self.aside.moment)
        invoked = await self._function.invoke(event)
        self.aside.hears(self._name, invoked)
        return invoked

    def close(self) -> None:
        """Close the function itself."""
        self._function.close()
