"""One Lambda execution environment: a process, its Runtime API, what it writes.

It takes one event at a time. It starts when it is first needed; a process that fails to start,
exits, or takes too long is killed, and the next event finds a new one (Lambda guide: "Lambda
runtime environment").
"""

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from offhook.emulator.clock import stopwatch
from offhook.emulator.function.fault import exited, explain, timed_out
from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.function.output import Output
from offhook.emulator.function.runtime_api import Begun, Posted, RuntimeApi
from offhook.emulator.function.runtime_server import RuntimeServer

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
    note: str = ""
    """What the first answer's log begins with: lines about how it was set up."""


class Environment:
    """Used by one thread at a time; `kill` may come from another."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._arn = launch.limits.arn(launch.name)
        self._is_spent = False
        self._api = RuntimeApi()
        self._output: Output | None = None
        self._server: RuntimeServer | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ids = str(uuid.uuid4())[:-12]
        self._count = 0

    def invoke(
        self, event: bytes, moment: float | None = None, *, is_killed: bool = False
    ) -> Invoked:
        """Give it an event of that moment, by default of now, and wait for what comes of it; or
        kill it as soon as it has the event. Never raises."""
        began = stopwatch()
        try:
            answer = self._invoke(event, moment, is_killed=is_killed)
        except OSError as error:
            what = f"{error.strerror}: {error.filename or self._launch.command[0]}"
            answer = Invoked(error=f"Runtime.InvalidEntrypoint: {what}")
        except BaseException:
            self.close()
            raise
        log = self._output.take() if self._output is not None else ""
        if self._is_spent:
            self.close()
        return Invoked(answer.reply, answer.error, answer.failure, log, stopwatch() - began)

    @property
    def is_warm(self) -> bool:
        """Whether it has started, and was not seen to end: the next event finds it so, or finds
        out."""
        return self._server is not None

    def kill(self) -> None:
        """End the process and everything it started. Whoever waits for a reply gets an error."""
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and everything around it. The next event starts it anew."""
        self.kill()
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._output is not None:
            self._output.close()
            self._output = None

    def _invoke(self, event: bytes, moment: float | None, *, is_killed: bool) -> Invoked:
        limits = self._launch.limits
        self._count += 1
        request_id = f"{self._ids}{self._count:012x}"
        invocation = Begun(request_id, event, limits.timeout, self._arn, moment)
        if not (self.is_warm and self._is_running()):
            self.close()
            self._start()
            self._serve(lambda: self._api.state != "starting", INIT_SECONDS + limits.timeout)
            if self._api.state == "failed":
                return self._ends(_read(self._api.outcome or Posted(b"{}")))
            if self._api.state == "starting":
                return self._ends(self._without_reply(invocation, "while it started"))
        self._api.give(invocation)
        if is_killed:
            self._serve(lambda: self._api.has_taken(invocation), limits.timeout)
            return self._ends(self._without_reply(invocation, "before it replied", is_killed=True))
        self._serve(lambda: self._api.outcome is not None, limits.timeout)
        if self._api.outcome is not None:
            return _read(self._api.outcome)
        if not self._is_running() and not self._api.has_taken(invocation):
            self.close()  # it was on its way out, after the event before
            return self._invoke(event, moment, is_killed=is_killed)
        return self._ends(self._without_reply(invocation, "before it replied"))

    def _start(self) -> None:
        self._is_spent = False
        self._api = RuntimeApi()
        self._output = Output()
        self._server = RuntimeServer(self._api, self._output)
        try:
            self._process = subprocess.Popen(
                self._launch.command,
                cwd=self._launch.folder,
                env={
                    **self._launch.environment,
                    "AWS_LAMBDA_RUNTIME_API": self._server.address,
                },
                stdin=subprocess.DEVNULL,
                stdout=self._output.write_end,
                stderr=self._output.write_end,
                start_new_session=True,
            )
        finally:
            self._output.is_handed_over()

    def _serve(self, until: Callable[[], bool], seconds: float) -> None:
        assert self._server is not None
        self._server.serve(until, self._is_running, stopwatch() + seconds)

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _ends(self, answer: Invoked) -> Invoked:
        """This environment is of no more use."""
        self._is_spent = True
        self.kill()
        return answer

    def _without_reply(self, invocation: Begun, when: str, *, is_killed: bool = False) -> Invoked:
        assert self._process is not None
        code = self._process.poll()
        self.kill()
        last = self._process.wait()
        if self._output is not None:
            self._output.read()
        if code is None and not is_killed:
            return Invoked(error=timed_out(self._launch.limits.timeout, invocation.request_id))
        how = f"signal: {signal.Signals(-last).name}" if last < 0 else f"exit status {last}"
        return Invoked(error=exited(when, how, invocation.request_id))


def _read(outcome: Posted) -> Invoked:
    if outcome.is_error:
        return Invoked(error=explain(outcome.body))
    if not outcome.body:
        return Invoked()
    try:
        reply: object = json.loads(outcome.body)
    except ValueError:  # a runtime of somebody's own: Lambda passes on what it says
        reply = outcome.body.decode(errors="replace")
    return Invoked(reply)
