"""Connections to the embedded S3: they stay open."""

import logging
import select
from contextlib import suppress
from typing import IO, TYPE_CHECKING, cast

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    MotoRequestHandler,
)
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import DechunkedInput
from werkzeug.test import run_wsgi_app

from offhook.emulator.ports import loopback
from offhook.emulator.ports.hurried import Hurried
from offhook.emulator.s3.door import Whole

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger("offhook.s3")


class Connection(Hurried, MotoRequestHandler):
    """werkzeug hangs up after each answer, as it cannot know how much of a request was read: the
    door before this application has read all of it, or hangs up itself. A connection for each
    request takes as long as most requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    """Seconds that it may say nothing."""

    def parse_request(self) -> bool:
        """Its head is here; of the body's time, the door says more."""
        self.hurries(loopback.BODY_SECONDS * 6)
        return super().parse_request()

    def make_environ(self) -> "WSGIEnvironment":
        """What WSGI says of a request; chunks are whole, or none."""
        environ = super().make_environ()
        if environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = DechunkedInput(cast("IO[bytes]", Whole(self.rfile)))
        return environ

    def run_wsgi(self) -> None:
        """Hand a request to the application, and send all of its answer, with its length."""
        environ = self.make_environ()
        try:
            parts, status, headers = run_wsgi_app(self.server.app, environ)
        except Exception:
            log.exception("no answer to %s %s", self.command, self.path)
            parts, status, headers = run_wsgi_app(InternalServerError(), environ)
        body = b"".join(parts)
        code, _, phrase = status.partition(" ")
        if self.command != "HEAD" and code not in ("204", "304"):
            headers["Content-Length"] = str(len(body))
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if headers.get("Connection") == "close":
            self._hears_out()

    def _hears_out(self) -> None:
        """Who is hung up on with something unread, does not see the answer."""
        with suppress(OSError):
            while select.select([self.connection], [], [], 0.01)[0]:
                if not self.connection.recv(loopback.MOST_BYTES):
                    return

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads a line for each request: say nothing."""

    def log_error(self, format: str, *args: object) -> None:
        """That a connection said nothing for long is none of anybody's errors."""
