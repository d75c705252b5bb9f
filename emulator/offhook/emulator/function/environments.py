"""A function whose code runs in processes: as many environments as events come at once."""

import asyncio
import atexit
import json
from collections.abc import Mapping
from dataclasses import replace

from offhook.emulator.clock import VirtualLoop, in_thread
from offhook.emulator.function.credentials import explained
from offhook.emulator.function.environment import Environment, Launch
from offhook.emulator.function.function import Invoked
from offhook.emulator.function.moment import MOMENT
from offhook.emulator.function.sources import Sources, of_folder


class Environments:
    """Takes a warm environment where one is idle, and starts another where none is."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self._idle: list[Environment] = []
        self._busy: list[Environment] = []
        self._is_watched = False
        self._note = launch.note

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Give the event to an environment that has nothing else to do.

        In virtual time it is waited for here and now, and nothing else happens meanwhile; in real
        time in a thread of its own.
        """
        text, moment = json.dumps(event).encode(), self._moment()
        if isinstance(asyncio.get_running_loop(), VirtualLoop):
            return self._invoke(text, moment)
        return await in_thread(self._invoke, text, moment)

    async def invoke_and_kill(self, event: Mapping[str, object]) -> Invoked:
        """Give the event to an environment, and kill it when it has it."""
        text, moment = json.dumps(event).encode(), self._moment()
        return await in_thread(self._invoke, text, moment, is_killed=True)

    def sources(self) -> Sources:
        """The code in its folder."""
        return of_folder(self.launch.folder)

    def close(self) -> None:
        """Kill every process. Threads that wait for a reply get an error, and clear away."""
        atexit.unregister(self.close)
        self._is_watched = False
        for environment in list(self._busy):
            environment.kill()
        while self._idle:
            self._idle.pop().close()

    def _moment(self) -> float | None:
        # AWS refuses what was signed at another time.
        return None if self.launch.limits.real_aws else MOMENT.get()

    def _invoke(self, event: bytes, moment: float | None, *, is_killed: bool = False) -> Invoked:
        if not self._is_watched:  # a process must not outlive us
            self._is_watched = True
            atexit.register(self.close)
        try:
            environment = self._idle.pop()
        except IndexError:
            environment = Environment(self.launch)
        self._busy.append(environment)
        try:
            answer = explained(
                environment.invoke(event, moment, is_killed=is_killed), self.launch.limits
            )
            note, self._note = self._note, ""
            return replace(answer, log=note + answer.log) if note else answer
        finally:
            self._busy.remove(environment)
            if environment.is_warm:
                self._idle.append(environment)
