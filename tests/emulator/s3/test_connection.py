"""A client asks the embedded S3 again and again on one connection."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from offhook.emulator.s3 import embedded
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SIGNED = "AWS4-HMAC-SHA256 Credential=desk/20260101/us-east-1/s3/aws4_request, Signature=desk"


@contextmanager
def connected(place: str) -> Generator[HTTPConnection]:
    connection = HTTPConnection(urlsplit(place).netloc, timeout=PATIENCE_SECONDS)
    connection.connect()
    yield connection
    connection.close()


@pytest.fixture
def line() -> Iterator[HTTPConnection]:
    with connected(embedded.endpoint(0)) as connection:
        yield connection


def asks(
    line: HTTPConnection, method: str, path: str, body: bytes = b"", **more: str
) -> tuple[int, bytes]:
    line.request(method, path, body, {"Authorization": SIGNED, **more})
    answer = line.getresponse()
    return answer.status, answer.read()


def test_all_is_asked_on_one_connection(line: HTTPConnection) -> None:
    before = line.sock
    assert asks(line, "PUT", "/stays-open")[0] == 200
    assert asks(line, "PUT", "/stays-open/hello.txt", b"hello")[0] == 200
    assert asks(line, "HEAD", "/stays-open/hello.txt") == (200, b"")
    assert asks(line, "GET", "/stays-open/hello.txt") == (200, b"hello")
    assert asks(line, "GET", "/stays-open/nobody.txt")[0] == 404
    assert asks(line, "DELETE", "/stays-open/hello.txt") == (204, b"")
    assert asks(line, "DELETE", "/stays-open") == (204, b"")
    assert line.sock is before


def test_who_may_not_come_in_is_told_and_hung_up_on(line: HTTPConnection) -> None:
    status, why = asks(line, "PUT", "/stays-open", Origin="http://elsewhere.example")
    assert (status, b"Origin" in why or b"elsewhere" in why) == (403, True)
    assert line.sock is None


def test_an_answer_that_fails_is_an_error_and_no_silence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_environ: "WSGIEnvironment", _start: "StartResponse") -> list[bytes]:
        raise ValueError("on purpose")

    from offhook.emulator.s3.connection import Connection

    server = make_server("127.0.0.1", 0, fails, threaded=True, request_handler=Connection)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with connected(f"http://127.0.0.1:{server.server_port}") as line:
        assert asks(line, "GET", "/hello.txt")[0] == 500
        assert line.sock is not None
    server.shutdown()
    thread.join()
    server.server_close()
    assert "no answer to GET /hello.txt" in caplog.text
