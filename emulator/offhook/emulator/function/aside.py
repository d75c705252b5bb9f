"""What functions write that others invoke: it is shown where those are."""

import sys
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from offhook.emulator.function.function import Invoked


class Aside:
    """What was written so, and nobody has shown yet. Any thread may use it."""

    def __init__(self) -> None:
        self._heard = deque[str]()
        self._under_way = 0

    def hears(self, name: str, invoked: Invoked) -> None:
        """What a function wrote, and why it failed; where no other one is under way any more that
        could show it, it goes to the output of the desk."""
        lines = invoked.log.splitlines()
        if invoked.error.partition("\n")[0] not in invoked.log:
            lines += f"it fails: {invoked.error}".splitlines()
        if not lines:
            return
        text = "\n".join([f"{name}, which was invoked, writes:", *lines, ""])
        if self._under_way:
            self._heard.append(text)
        else:
            sys.stdout.write(text)

    @contextmanager
    def under_way(self) -> Generator[None]:
        """A function that may invoke others runs meanwhile."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def told(self, invoked: Invoked) -> Invoked:
        """With what others wrote below what it wrote itself."""
        if not self._heard:
            return invoked
        log = invoked.log.removesuffix("\n") + "\n" if invoked.log else ""
        while self._heard:
            log += self._heard.popleft()
        return replace(invoked, log=log)
