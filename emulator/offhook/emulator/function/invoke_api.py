"""A function behind a URL that speaks the Lambda Invoke API.

`sam local start-lambda`, AWS's runtime emulator (its errors come with HTTP 200, and the only name
it knows is `function`), or anything else that answers
`POST /2015-03-31/functions/NAME/invocations`.
"""

import base64
import binascii
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection, IncompleteRead
from urllib.parse import urlsplit

from offhook.emulator.clock import in_thread
from offhook.emulator.function.fault import (
    MAX_PAYLOAD,
    NOBODY_LISTENS,
    explain,
    is_error,
    too_large,
)
from offhook.emulator.function.function import Failure, FunctionNotFound, Invoked, Limits

PATH = "/2015-03-31/functions/function/invocations"
PATIENCE = 10.0
"""Seconds for the connection and the start, beyond what the function itself may take."""

_FAILURES: Mapping[int, Failure] = {429: "throttled", 403: "denied", 401: "denied"}


class InvokeApi:
    """A function somewhere else. Each event has a connection of its own."""

    def __init__(self, url: str, limits: Limits) -> None:
        """Raises `FunctionNotFound` for what is no URL."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if not parts.hostname or port == -1:
            raise FunctionNotFound(
                f"{url!r} is no address of a function: write http://127.0.0.1:3001{PATH}, or "
                "http://host:port alone for AWS's runtime emulator"
            )
        self._is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._path = parts.path if len(parts.path) > 1 else PATH
        if parts.query:
            self._path += f"?{parts.query}"
        self._url = url
        self._timeout = limits.timeout + PATIENCE
        self._open: set[HTTPConnection] = set()

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Post it, and wait in a thread of its own."""
        return await in_thread(self._invoke, json.dumps(event).encode())

    def close(self) -> None:
        """End every invocation that is still waited for."""
        for connection in list(self._open):
            if connection.sock is not None:
                try:
                    connection.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it has gone by itself

    def _invoke(self, event: bytes) -> Invoked:
        began = time.monotonic()
        kind = HTTPSConnection if self._is_secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        self._open.add(connection)
        headers = {
            "Content-Type": "application/json",
            "X-Amz-Invocation-Type": "RequestResponse",
            "X-Amz-Log-Type": "Tail",
        }
        try:
            connection.request("POST", self._path, event, headers)
            response = connection.getresponse()
            body = response.read(MAX_PAYLOAD + 1)
            if response.length and len(body) <= MAX_PAYLOAD:
                raise IncompleteRead(body, response.length)
            answer = self._read(response.status, response.headers, body)
        except TimeoutError:
            answer = self._unreachable(f"no answer in {self._timeout:.0f} s")
        except (OSError, HTTPException) as error:
            answer = self._unreachable(f"{type(error).__name__}: {error}")
        finally:
            self._open.discard(connection)
            connection.close()
        return replace(answer, seconds=time.monotonic() - began)

    def _read(self, status: int, headers: HTTPMessage, body: bytes) -> Invoked:
        log = _log(headers.get("X-Amz-Log-Result", ""))
        if len(body) > MAX_PAYLOAD:
            return Invoked(error=explain(too_large(len(body))), log=log)
        if 400 <= status < 500:
            failure = _FAILURES.get(status, "refused")
            return Invoked(error=f"HTTP {status}: {explain(body)}", failure=failure, log=log)
        if status >= 300:
            return Invoked(error=f"HTTP {status}: {explain(body)}", failure="unreachable", log=log)
        if headers.get("X-Amz-Function-Error"):
            return Invoked(error=explain(body), log=log)
        if not body:
            return Invoked(log=log)
        try:
            reply: object = json.loads(body)
        except ValueError:  # "Task timed out after 3.00 seconds", with HTTP 200
            text = body.decode(errors="replace").strip()
            return Invoked(
                error=f"it answered with something that is not JSON: {text[:500]}", log=log
            )
        if is_error(reply):
            return Invoked(error=explain(body), log=log)
        return Invoked(reply, log=log)

    def _unreachable(self, why: str) -> Invoked:
        return Invoked(error=f"{self._url}: {why}: {NOBODY_LISTENS}", failure="unreachable")


def _log(tail: str) -> str:
    try:
        return base64.b64decode(tail, validate=True).decode(errors="replace")
    except binascii.Error:
        return ""
