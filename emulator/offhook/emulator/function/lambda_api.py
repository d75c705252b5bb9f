"""The Lambda Invoke API of this process's desks, for their functions: they invoke one another by
name."""

import asyncio
import base64
import json
import re
import socket
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, cast
from urllib.parse import unquote

from offhook.emulator.function.aside import Overheard
from offhook.emulator.function.fault import MAX_PAYLOAD
from offhook.emulator.function.function import Function, FunctionNotFound, Invoked
from offhook.emulator.ports.hurried import Hurried
from offhook.emulator.ports.loopback import BODY_SECONDS, Nobody, NotLetIn, check
from offhook.emulator.ports.port import HOST

LOG_BYTES: Final = 4096
"""Of the log's end, in the answer to who asks for it (Lambda guide: "Invoke")."""
_PATH: Final = re.compile(r"/2015-03-31/functions/([^/?]+)/invocations(?:\?.*)?")


def serve(listening: int, find: Callable[[str], Overheard]) -> None:
    """Answer Invoke at a socket that listens, until the process ends, with what a function replies
    or why it fails. `find` is the function of a name or an ARN; it raises `FunctionNotFound`."""

    class Handler(_Handler):
        find_function = staticmethod(find)

    server = _Server((HOST, 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=listening)
    while True:
        server.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):  # who has gone is no fault
            super().handle_error(cast("socket.socket", request), client_address)


class _Handler(Hurried, BaseHTTPRequestHandler):
    find_function: Callable[[str], Overheard]
    protocol_version = "HTTP/1.1"
    timeout = BODY_SECONDS

    def do_POST(self) -> None:
        """Invoke."""
        try:
            said = {name.lower(): self.headers.get_all(name, []) for name in self.headers}
            check({name: ",".join(values) for name, values in said.items()}, Nobody())
        except NotLetIn as refused:
            self._refuse(refused.status, refused.code, str(refused))
            return
        size = self.headers.get("Content-Length", "0")
        if not re.fullmatch("[0-9]{1,16}", size) or int(size) > MAX_PAYLOAD:
            self._refuse(413, "RequestTooLargeException", f"a payload has {MAX_PAYLOAD} bytes")
            return
        body = self.rfile.read(int(size))
        self.rests()
        if len(body) < int(size):
            self._refuse(400, "InvalidRequestContentException", "the body ends before its end")
            return
        path = _PATH.fullmatch(self.path)
        if path is None:
            self._refuse(404, "UnknownOperationException", "this is Invoke, and nothing else")
            return
        try:
            event: object = json.loads(body or b"{}")
        except (ValueError, RecursionError) as error:
            self._refuse(400, "InvalidRequestContentException", f"Could not parse: {error}")
            return
        try:
            function = self.find_function(unquote(path[1]))
        except FunctionNotFound as error:
            self._refuse(404, "ResourceNotFoundException", f"Function not found: {error}")
            return
        match self.headers.get("X-Amz-Invocation-Type", "RequestResponse"):
            case "DryRun":
                self._answer(204, b"")
            case "Event":
                with function.aside.unasked():
                    self._answer(202, b"")
                    _invoke(function, event)
            case _:
                self._tell(_invoke(function, event))

    def _tell(self, invoked: Invoked) -> None:
        headers = {"X-Amz-Executed-Version": "$LATEST"}
        if self.headers.get("X-Amz-Log-Type") == "Tail":
            log = invoked.log.encode()[-LOG_BYTES:]
            headers["X-Amz-Log-Result"] = base64.b64encode(log).decode()
        reply = invoked.reply
        if invoked.error:
            headers["X-Amz-Function-Error"] = "Unhandled"
            kind, _, message = invoked.error.partition("\n  at ")[0].partition(": ")
            reply = {"errorType": kind, "errorMessage": message}
        self._answer(200, json.dumps(reply).encode(), headers)

    def _refuse(self, status: int, kind: str, message: str) -> None:
        self.close_connection = True
        body = json.dumps({"Type": "User", "Message": message}).encode()
        self._answer(status, body, {"x-amzn-ErrorType": kind})

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _invoke(function: Function, event: object) -> Invoked:
    async def invoked() -> Invoked:
        return await function.invoke(cast("Mapping[str, object]", event))

    return asyncio.run(invoked())
