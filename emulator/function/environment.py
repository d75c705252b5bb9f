"""One Lambda execution environment: a process, its Runtime API, what it writes.

It takes one event at a time. It starts when it is first needed; a process that fails to start,
exits, or takes too long is killed, and the next event finds a new one (Lambda guide: "Lambda
runtime environment").
"""

import asyncio
import json
import os
import signal
import time
import uuid
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from offhook.emulator.function import Answer, Limits
from offhook.emulator.function.fault import explain
from offhook.emulator.function.output import Output
from offhook.emulator.function.runtime_api import Invocation, Outcome, RuntimeApi

INIT_SECONDS = 10.0
"""How long the start may take before it counts as part of the first invocation."""


@dataclass(frozen=True)
class Launch:
    """How a function's process is started."""

    name: str
    """The function's name, as its context says it."""
    command: Sequence[str]
    folder: Path
    handler: str = ""
    """`_HANDLER`, as in the function's configuration."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Every variable of the process, but for those that name this environment."""
    limits: Limits = field(default_factory=Limits)


class Environment:
    """Lives on the background loop."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._api: RuntimeApi | None = None
        self._process: Process | None = None
        self._output: Output | None = None
        self._exit: asyncio.Task[int] | None = None

    async def invoke(self, event: bytes) -> Answer:
        """Give it an event, and wait for what comes of it. Never raises."""
        began = time.monotonic()
        try:
            answer = await self._invoke(event)
        except OSError as error:
            what = f"{error.strerror}: {error.filename or self._launch.command[0]}"
            answer = Answer(error=f"Runtime.InvalidEntrypoint: {what}")
        except BaseException:
            self.kill()
            raise
        log = self._output.take() if self._output is not None else ""
        return replace(answer, log=log, seconds=time.monotonic() - began)

    async def _invoke(self, event: bytes) -> Answer:
        if self._api is None or not self.is_alive:
            self.kill()
            self._api = await self._start()
        limits = self._launch.limits
        invocation = Invocation(
            str(uuid.uuid4()), event, limits.timeout, limits.arn(self._launch.name)
        )
        start = self._api.started
        if not await self._comes(start, INIT_SECONDS + limits.timeout):
            return self._timed_out(invocation.request_id)
        if not start.done():
            return await self._exited(invocation.request_id, "while it started")
        if start.result() is not None:
            self.kill()
            return _read(start.result() or Outcome(b""))
        outcome = self._api.give(invocation)
        if not await self._comes(outcome, limits.timeout):
            return self._timed_out(invocation.request_id)
        if not outcome.done():
            return await self._exited(invocation.request_id, "before it replied")
        return _read(outcome.result())

    async def _start(self) -> RuntimeApi:
        api = RuntimeApi()
        self._api = api
        await api.listen()
        self._output = Output()
        with self._output.writing() as end:
            self._process = await asyncio.create_subprocess_exec(
                *self._launch.command,
                cwd=self._launch.folder,
                env={**self._launch.environment, "AWS_LAMBDA_RUNTIME_API": api.address},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=end,
                stderr=end,
                start_new_session=True,
            )
        self._exit = asyncio.create_task(self._process.wait())
        return api

    async def _comes(self, wanted: "asyncio.Future[Any]", seconds: float) -> bool:
        """Wait for something, or for the end of the process. `False`: neither came in time."""
        assert self._exit is not None
        awaited: set[asyncio.Future[Any]] = {wanted, self._exit}
        done, _ = await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    def _timed_out(self, request_id: str) -> Answer:
        self.kill()
        seconds = self._launch.limits.timeout
        said = f"Task timed out after {seconds:.2f} seconds"
        return Answer(error=f"Sandbox.Timedout: RequestId: {request_id} Error: {said}")

    async def _exited(self, request_id: str, when: str) -> Answer:
        assert self._exit is not None
        code = await self._exit
        how = f"signal: {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        self.kill()
        said = f"Runtime exited {when}: {how}"
        return Answer(error=f"Runtime.ExitError: RequestId: {request_id} Error: {said}")

    def kill(self) -> None:
        """End the process and everything it started; the next event starts a new one."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process = None
        if self._api is not None:
            self._api.close()
            self._api = None
        if self._output is not None:
            self._output.close()

    async def close(self) -> None:
        """End it, and wait until it is gone."""
        self.kill()
        if self._exit is not None:
            await self._exit

    @property
    def is_alive(self) -> bool:
        """Whether its process is there, so that the next event finds it warm."""
        return self._process is not None and self._process.returncode is None


def _read(outcome: Outcome) -> Answer:
    if outcome.is_error:
        return Answer(error=explain(outcome.body))
    if not outcome.body:
        return Answer()
    try:
        reply: object = json.loads(outcome.body)
    except ValueError:  # a runtime of somebody's own: Lambda passes on what it says
        reply = outcome.body.decode(errors="replace")
    return Answer(reply)
