"""DynamoDB for tests: moto's, or another one that is already there."""

import io
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PLACE: Final = "OFFHOOK_TESTS_DYNAMODB"
"""The variable that names another DynamoDB than moto's, by its URL."""


class Connection(BaseHTTPRequestHandler):
    """moto behind connections that stay open, which its own server does not offer: a new one for
    each request takes as long as the request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        """Every request to DynamoDB is one."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": self.headers["Content-Type"],
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            **{f"HTTP_{k.upper().replace('-', '_')}": v for k, v in self.headers.items()},
        }
        found, status, headers = run_wsgi_app(_moto(), environ)
        answer = b"".join(found)
        self.send_response(int(status.partition(" ")[0]))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nobody reads it."""


@contextmanager
def dynamodb() -> Generator[str]:
    """Its URL."""
    if elsewhere := os.environ.get(PLACE):
        yield elsewhere
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@cache
def _moto() -> "WSGIApplication":
    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
        create_backend_app,
    )

    return create_backend_app("dynamodb")
