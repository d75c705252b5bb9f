"""A function whose code runs in processes: as many environments as events come at once."""

import json
from collections.abc import Mapping

from offhook.emulator.function import Answer
from offhook.emulator.function.background import at_exit, background
from offhook.emulator.function.environment import Environment, Launch


class Environments:
    """Takes a warm environment where one is idle, and starts another where none is."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self._idle: list[Environment] = []
        self._all: set[Environment] = set()
        self._forget = at_exit(self.close)

    async def invoke(self, event: Mapping[str, object]) -> Answer:
        """Give the event to an environment that has nothing else to do."""
        return await background().run(self._invoke(json.dumps(event).encode()))

    def close(self) -> None:
        """Kill every process."""
        self._forget()
        if self._all:
            background().do(self._close())

    async def _invoke(self, event: bytes) -> Answer:
        environment = self._idle.pop() if self._idle else Environment(self.launch)
        self._all.add(environment)
        try:
            return await environment.invoke(event)
        finally:
            if environment.is_alive:
                self._idle.append(environment)
            else:
                environment.kill()
                self._all.discard(environment)

    async def _close(self) -> None:
        everything = list(self._all)
        self._idle.clear()
        self._all.clear()
        for environment in everything:
            await environment.close()
