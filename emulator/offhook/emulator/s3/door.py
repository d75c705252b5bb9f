"""In front of the embedded S3: who may come in, and with how much."""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BufferedIOBase
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from offhook.emulator.ports import loopback
from offhook.emulator.ports.hurried import later
from offhook.emulator.ports.loopback import (
    MOST_BYTES,
    Allows,
    Nobody,
    NotLetIn,
    check,
    too_large,
    too_slow,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Whole:
    """What a client sends, whole: what werkzeug reads of a chunk that ends before its end, it takes
    from wherever in memory it comes to, and often the process ends there."""

    def __init__(self, sent: BufferedIOBase) -> None:
        self.readline = sent.readline
        self._sent = sent

    def read(self, size: int) -> bytes:
        """So many bytes. Raises `OSError` where there are fewer."""
        read = self._sent.read(size)
        if len(read) < size:
            raise OSError("the body ends before its end")
        return read


class WsgiDoor:
    """In front of a WSGI application that werkzeug serves."""

    def __init__(
        self,
        app: "WSGIApplication",
        allows: Callable[[], Allows] = Nobody,
        *,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._app = app
        self._allows = allows
        self._most_bytes = most_bytes

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let a request in, with its body, or refuse it."""
        headers = {
            name.removeprefix("HTTP_").lower().replace("_", "-"): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        with SpooledTemporaryFile[bytes](MOST_BYTES) as body:
            try:
                check(headers, self._allows())
                self._read(environ, body)
            except NotLetIn as refused:
                with suppress(OSError):  # what else it sends is not read
                    environ["werkzeug.socket"].shutdown(socket.SHUT_RD)
                said = [
                    ("Content-Type", "application/json"),
                    ("Content-Length", str(len(refused.body))),
                    ("x-amzn-errortype", f"{refused.code}Exception"),
                    ("Connection", "close"),
                ]
                start_response(f"{refused.status} {refused.code}", said)
                return [refused.body]
            answer = self._app({**environ, "wsgi.input": body}, start_response)
            try:
                return list(answer)
            finally:
                getattr(answer, "close", lambda: None)()

    def _read(self, environ: "WSGIEnvironment", body: "IO[bytes]") -> None:
        """All of the body. Raises `NotLetIn`."""
        is_chunked = bool(environ.get("wsgi.input_terminated"))
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not (is_chunked or length.isdecimal()):
            raise NotLetIn(400, f"the Content-Length is {length!r}")
        left = self._most_bytes + 1 if is_chunked else int(length[:16])
        if left > self._most_bytes and not is_chunked:
            raise too_large(self._most_bytes)
        if not left:
            return
        is_whole = True
        late: list[None] = []

        def give_up() -> None:
            late.append(None)
            with suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RD)

        in_time = later(loopback.BODY_SECONDS, give_up)
        try:
            while left > 0 and (part := environ["wsgi.input"].read(min(left, MOST_BYTES))):
                left -= body.write(part)
            is_whole = is_chunked or not left
        except OSError:  # the client has gone, or sends no chunks
            is_whole = False
        finally:
            in_time()
        if late:
            raise too_slow(loopback.BODY_SECONDS)
        if is_chunked and left <= 0:
            raise too_large(self._most_bytes)
        if not is_whole:
            raise NotLetIn(400, "the body ends before its end")
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
