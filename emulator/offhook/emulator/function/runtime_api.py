"""The Lambda Runtime API, as one execution environment sees it (Lambda guide: "Runtime API").

What the runtime may ask, and when:

| state      | next | response, error | init/error |
|------------|------|-----------------|------------|
| `starting` | → `ready`, waits for an event | 403 | → `failed` |
| `ready`    | waits for an event | 403 | 403 |
| `busy`     | 403 | of this invocation: 202, → `done`; of another: 400 | 403 |
| `done`     | → `ready` | 400 | 403 |
"""

import json
import time
from dataclasses import dataclass
from typing import Literal, TypeAlias

from offhook.emulator.function.fault import MAX_PAYLOAD, too_large
from offhook.emulator.function.http_server import HttpRequest, Send

PREFIX = "/2018-06-01/runtime/"

Phase: TypeAlias = Literal["starting", "ready", "busy", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Begun:
    """One event on its way to the runtime."""

    request_id: str
    event: bytes
    timeout: float
    """Seconds from when the runtime gets it."""
    arn: str
    moment: float | None = None
    """When it happens, in seconds since 1970; by default now."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What the runtime said came of it: the bytes of a reply, or of an error."""

    body: bytes
    is_error: bool = False


class RuntimeApi:
    """What one environment is told, as a table: no sockets here."""

    def __init__(self) -> None:
        self.state: Phase = "starting"
        self.outcome: Posted | None = None
        """What came of the invocation under way, or of the start: `None` until it is known."""
        self._poll: Send | None = None
        self._invocation: Begun | None = None

    def give(self, invocation: Begun) -> None:
        """Hand an event to the runtime, now or when it asks."""
        self._invocation = invocation
        self.outcome = None
        if self._poll is not None:
            self._deliver()

    def has_taken(self, invocation: Begun) -> bool:
        """Whether the runtime got the event."""
        return self._invocation is not invocation or self.state == "busy"

    def answer(self, request: HttpRequest, send: Send) -> None:
        what = request.path.partition("?")[0].removeprefix(PREFIX)
        parts = what.split("/")
        if request.method == "GET" and what == "invocation/next":
            self._next(send)
        elif request.method == "POST" and what == "init/error":
            self._failed_to_start(request, send)
        elif (
            request.method == "POST"
            and len(parts) == 3
            and parts[0] == "invocation"
            and parts[2] in ("response", "error")
        ):
            self._done(request, parts[1], send, is_error=parts[2] == "error")
        else:
            _refuse(send, 404, "NotFound", f"there is no {request.method} {request.path}")

    def _next(self, send: Send) -> None:
        if self.state in ("busy", "failed"):
            _refuse(send, 403, "InvalidStateTransition", f"no next event while {self.state}")
            return
        if self._poll is not None:  # the same runtime, after a lost connection
            self._poll(410, b"", {"Connection": "close"})
        self.state = "ready"
        self._poll = send
        if self._invocation is not None:
            self._deliver()

    def _deliver(self) -> None:
        assert self._poll is not None
        assert self._invocation is not None
        send, self._poll, self.state = self._poll, None, "busy"
        invocation = self._invocation
        now = time.time()
        deadline = int((now + invocation.timeout) * 1000)
        # By it our clients of this API know the call's moment, to which they move the clock.
        began = now if invocation.moment is None else invocation.moment
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(began):08x}-{'0' * 24};Sampled=0",
        }
        send(200, invocation.event, headers)

    def _failed_to_start(self, request: HttpRequest, send: Send) -> None:
        if self.state != "starting":
            _refuse(send, 403, "InvalidStateTransition", f"it has started: it is {self.state}")
            return
        self.state = "failed"
        self.outcome = Posted(request.body, is_error=True)
        _accept(send)

    def _done(self, request: HttpRequest, request_id: str, send: Send, *, is_error: bool) -> None:
        if self.state in ("starting", "ready", "failed"):
            _refuse(send, 403, "InvalidStateTransition", f"no event is under way: {self.state}")
            return
        current = self._invocation
        if self.state == "done" or current is None or request_id != current.request_id:
            _refuse(send, 400, "InvalidRequestID", f"no event {request_id} is under way")
            return
        self.state, self._invocation = "done", None
        self.outcome = Posted(request.body, is_error)
        if request.size > MAX_PAYLOAD:
            _refuse(send, 413, "RequestEntityTooLarge", f"{request.size} bytes")
            self.outcome = Posted(too_large(request.size), is_error=True)
        else:
            _accept(send)


def _accept(send: Send) -> None:
    send(202, b'{"status":"OK"}', {"Content-Type": "application/json"})


def _refuse(send: Send, status: int, kind: str, message: str) -> None:
    body = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    send(status, body, {"Content-Type": "application/json"})
