"""One Lambda execution environment: a process, its Runtime API, what it writes.

It takes one event at a time. It starts when it is first needed; a process that fails to start,
exits, or takes too long is killed, and the next event finds a new one (Lambda guide: "Lambda
runtime environment").
"""

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from offhook.emulator.function import Answer, Limits
from offhook.emulator.function.fault import explain
from offhook.emulator.function.output import Output
from offhook.emulator.function.runtime_api import Invocation, Outcome, RuntimeApi
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


class Environment:
    """Used by one thread at a time; `kill` may come from another."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._api = RuntimeApi()
        self._output: Output | None = None
        self._server: RuntimeServer | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def invoke(self, event: bytes) -> Answer:
        """Give it an event, and wait for what comes of it. Never raises."""
        began = time.monotonic()
        try:
            answer = self._invoke(event)
        except OSError as error:
            what = f"{error.strerror}: {error.filename or self._launch.command[0]}"
            answer = Answer(error=f"Runtime.InvalidEntrypoint: {what}")
        except BaseException:
            self.close()
            raise
        log = self._output.take() if self._output is not None else ""
        if not self.is_warm:
            self.close()
        return replace(answer, log=log, seconds=time.monotonic() - began)

    @property
    def is_warm(self) -> bool:
        """Whether its process is there, so that the next event finds it started."""
        return self._server is not None and self._is_running()

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

    def _invoke(self, event: bytes) -> Answer:
        limits = self._launch.limits
        invocation = Invocation(
            str(uuid.uuid4()), event, limits.timeout, limits.arn(self._launch.name)
        )
        if not self.is_warm:
            self.close()
            self._start()
            self._serve(lambda: self._api.state != "starting", INIT_SECONDS + limits.timeout)
            if self._api.state == "failed":
                return self._ends(_read(self._api.outcome or Outcome(b"{}")))
            if self._api.state == "starting":
                return self._ends(self._without_reply(invocation, "while it started"))
        self._api.give(invocation)
        self._serve(lambda: self._api.outcome is not None, limits.timeout)
        if self._api.outcome is not None:
            return _read(self._api.outcome)
        if not self._is_running() and not self._api.has_taken(invocation):
            self.close()  # it was on its way out, after the event before
            return self._invoke(event)
        return self._ends(self._without_reply(invocation, "before it replied"))

    def _start(self) -> None:
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
        self._server.serve(until, self._is_running, time.monotonic() + seconds)

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _ends(self, answer: Answer) -> Answer:
        """This environment is of no more use."""
        self.kill()
        return answer

    def _without_reply(self, invocation: Invocation, when: str) -> Answer:
        assert self._process is not None
        code = self._process.poll()
        if code is None:
            said = f"Task timed out after {self._launch.limits.timeout:.2f} seconds"
            kind = "Sandbox.Timedout"
        else:
            how = f"signal: {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
            said = f"Runtime exited {when}: {how}"
            kind = "Runtime.ExitError"
        self.kill()
        self._process.wait()
        if self._output is not None:
            self._output.read()
        return Answer(error=f"{kind}: RequestId: {invocation.request_id} Error: {said}")


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
