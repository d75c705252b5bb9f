"""A URL that speaks the Invoke API: what it answers, AWS's runtime emulator's quirks, garbage."""

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.function.function import FunctionNotFound, Invoked, Limits
from offhook.emulator.function.invoke_api import InvokeApi
from offhook.emulator.function.reach import reach
from tests.emulator.function.conftest import ask
from tests.emulator.functions import AnsweredBy

Answers: TypeAlias = Callable[..., "Server"]


class Server:
    """Answers each connection with the next of these bytes, and hears what is asked."""

    def __init__(self, *answers: bytes | None) -> None:
        self.heard: list[bytes] = []
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.heard.append(self._read(connection))
                if answer is None:
                    connection.settimeout(5)
                    connection.recv(1)  # until the other side gives up
                else:
                    connection.sendall(answer)

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(int(x[15:]) for x in head.split(b"\r\n") if x.startswith(b"Content-Length:"))
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def answers() -> Iterator[Answers]:
    with ExitStack() as servers:

        def serve(*with_: bytes | None) -> Server:
            server = Server(*with_)
            servers.callback(server.close)
            return server

        yield serve


def http(status: int, body: object, **headers: str) -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(data)}", *lines])
    return f"{head}\r\n\r\n".encode() + data


def invoked(server: Server, path: str = "") -> Invoked:
    return ask(reach(f"http://127.0.0.1:{server.port}{path}"))


def test_a_call_is_answered_by_a_url(answered_by: AnsweredBy, answers: Answers) -> None:
    actions = [{"Type": "Speak", "Parameters": {"Text": "From afar."}}, {"Type": "Hangup"}]
    server = answers(
        http(200, {"SchemaVersion": "1.0", "Actions": actions}),
        http(200, {"SchemaVersion": "1.0", "Actions": []}),
    )
    call = answered_by(f"http://127.0.0.1:{server.port}").dials()
    call.hears("From afar.")
    call.ends()
    assert [json.loads(asked.partition(b"\r\n\r\n")[2]) for asked in server.heard] == call.events


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/2015-03-31/functions/function/invocations"),
        ("/", "/2015-03-31/functions/function/invocations"),
        ("/2015-03-31/functions/Menu/invocations", "/2015-03-31/functions/Menu/invocations"),
    ],
)
def test_without_a_path_the_name_is_function(answers: Answers, path: str, asked: str) -> None:
    server = answers(http(200, "null"))
    invoked(server, path)
    assert server.heard[0].startswith(f"POST {asked} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    ("answer", "failure", "error"),
    [
        (http(200, {"errorType": "KeyError", "errorMessage": "x"}), "function", "KeyError: x"),
        (
            http(200, {"errorMessage": "x", "stackTrace": ['  File "a.py", line 3, in f\n']}),
            "function",
            "Error: x\n  at a.py:3 in f",
        ),
        (
            http(200, {"errorMessage": "x"}, X_Amz_Function_Error="Unhandled"),
            "function",
            "Error: x",
        ),
        (http(200, b"Task timed out after 3.00 seconds"), "function", "timed out after 3.00"),
        (http(429, {"Message": "Rate Exceeded."}), "throttled", "HTTP 429: Error: Rate Exceeded."),
        (http(403, {"Message": "no"}), "denied", "HTTP 403"),
        (http(404, {"Message": "Function not found"}), "refused", "Function not found"),
        (http(413, b"big"), "refused", "HTTP 413: Error: big"),
        (http(500, b""), "unreachable", "HTTP 500"),
        (http(502, {"Message": "docker"}), "unreachable", "docker"),
        (http(302, b""), "unreachable", "HTTP 302"),
        (b"", "unreachable", "does the program that runs the function listen there?"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "unreachable", "IncompleteRead"),
        (b"garbage\r\n\r\n", "unreachable", "BadStatusLine"),
    ],
)
def test_every_way_to_fail_is_recognised(
    answers: Answers, answer: bytes, failure: str, error: str
) -> None:
    found = invoked(answers(answer))
    assert found.failure == failure
    assert error in found.error


def test_nobody_there_is_no_answer_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = ask(reach(f"http://127.0.0.1:{port}"))
    assert found.failure == "unreachable"
    assert "Connection refused" in found.error


def test_a_reply_that_has_an_error_type_of_its_own_is_a_reply(answers: Answers) -> None:
    reply = {"SchemaVersion": "1.0", "errorType": "a", "errorMessage": "b"}
    assert invoked(answers(http(200, reply))).reply == reply


def test_the_end_of_the_log_comes_along(answers: Answers) -> None:
    tail = base64.b64encode(b"START\nmine\n").decode()
    assert invoked(answers(http(200, "1", X_Amz_Log_Result=tail))).log == "START\nmine\n"
    assert invoked(answers(http(200, "1", X_Amz_Log_Result="%%%"))).log == ""


def test_a_reply_in_chunks_is_read(answers: Answers) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n"
    assert invoked(answers(chunks)).reply == [1]


def test_closing_ends_what_is_waited_for(answers: Answers) -> None:
    function = InvokeApi(f"http://127.0.0.1:{answers(None).port}", Limits())
    threading.Timer(0.2, function.close).start()
    assert ask(function).failure == "unreachable"


@pytest.mark.parametrize("url", ["http://", "http:///x", "http://host:port", "http://h:99999"])
def test_what_is_no_url_says_what_to_write(url: str) -> None:
    with pytest.raises(FunctionNotFound, match="is no address of a function: write http://"):
        reach(url)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(http, st.just(200), st.binary(max_size=300)),
        st.builds(http, st.integers(200, 599), st.binary(max_size=50)),
    )
)
def test_no_answer_whatsoever_breaks_it(answer: bytes) -> None:
    server = Server(answer)
    try:
        found = invoked(server)
        assert isinstance(found, Invoked)
    finally:
        server.close()
