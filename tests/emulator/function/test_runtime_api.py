"""The Runtime API as the emulator hosts it: any command may speak it, and anything may be sent."""

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.function.http_server import MAX_HEAD, Conversation
from offhook.emulator.function.output import Output
from offhook.emulator.function.reach import reach
from offhook.emulator.function.runtime_api import Begun, Posted, RuntimeApi
from offhook.emulator.function.runtime_server import RuntimeServer
from tests.emulator.function.conftest import EVENT, Reached, Written, ask

PREFIX = "/2018-06-01/runtime"
NEXT = f"{PREFIX}/invocation/next"
HTTP = b"HTTP/1.1\r\nHost: localhost\r\n"

RUNTIME = """
import http.client, json, os, sys, time

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    response = api.getresponse()
    event = json.loads(response.read())
    request = response.headers["Lambda-Runtime-Aws-Request-Id"]
    {body}
"""


def runtime(written: Written, body: str) -> str:
    file = written("runtime.py", RUNTIME.format(body=body))
    return f"command: {shlex.quote(sys.executable)} {shlex.quote(str(file))}"


REPLY = (
    'api.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", %s); '
    "api.getresponse().read()"
)


def test_any_command_that_speaks_it_is_a_function(reached: Reached, written: Written) -> None:
    function = reached(runtime(written, REPLY % 'json.dumps({"got": event})'))
    for sequence in (1, 2, 3):
        event = {**EVENT, "Sequence": sequence}
        assert ask(function, event).reply == {"got": event}


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (REPLY % '"not JSON"', "not JSON"),
        (REPLY % '""', None),
        (REPLY % "(part for part in [b'[1', b',2]'])", [1, 2]),  # sent in chunks
    ],
)
def test_what_a_runtime_says_is_passed_on(
    reached: Reached, written: Written, body: str, reply: object
) -> None:
    assert ask(reached(runtime(written, body))).reply == reply


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            (
                'api.sock.sendall(b"POST /2018-06-01/runtime/invocation/" + request.encode() '
                '+ b"/response HTTP/1.1\\r\\nHost: a.localhost\\r\\n'
                'Content-Length: 100\\r\\n\\r\\n{"); os._exit(1)'
            ),
            "exit status 1",
        ),
        ('api.sock.sendall(b"\\0" * 100); os._exit(2)', "exit status 2"),
        ("os.kill(os.getpid(), 15)", "signal: SIGTERM"),
        (
            (REPLY % '"null"').replace("{request}", "00000000-0000-0000-0000-000000000000")
            + "; time.sleep(60)",
            "Task timed out",
        ),
        (
            (REPLY % "json.dumps({'errorType': 'Own', 'errorMessage': 'mine'})").replace(
                "/response", "/error"
            ),
            "Own: mine",
        ),
        ((REPLY % '"garbage"').replace("/response", "/error"), "Error: garbage"),
    ],
    ids=["half a reply", "garbage", "terminated", "another request", "error", "garbage error"],
)
def test_a_runtime_that_does_not_reply_fails_the_invocation(
    reached: Reached, written: Written, body: str, error: str
) -> None:
    function = reached(runtime(written, body), Limits(timeout=1))
    assert error in ask(function).error


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("command:", "names no command"),
        ("command: no-such-program", "there is no program 'no-such-program'"),
        ("command: 'open", "No closing quotation"),
    ],
)
def test_a_command_that_cannot_be_run_says_so(name: str, says: str) -> None:
    with pytest.raises(FunctionNotFound, match=says):
        reach(name)


class Client:
    """Somebody who talks to a Runtime API, without a socket between them."""

    def __init__(self, api: RuntimeApi) -> None:
        self.hears = b""
        self.conversation = Conversation(api.answer, self._write, max_body=1_000)

    def says(self, *parts: bytes) -> bytes:
        """Say some bytes; what came back so far."""
        for part in parts:
            self.conversation.hears(part)
        return self.hears

    def _write(self, data: bytes) -> None:
        self.hears += data


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def request(method: str, path: str, body: bytes = b"") -> bytes:
    head = f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{method} {path} ".encode() + HTTP + head.encode() + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST / " + HTTP + b"Content-Length: ten\r\n\r\n", 400),
        (b"POST / " + HTTP + b"Content-Length: -1\r\n\r\n", 400),
        (b"POST / " + HTTP + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / " + HTTP + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"GET /" + b"a" * (MAX_HEAD + 1), 431),
        (b"GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n", 403),
        (b"GET / " + HTTP + b"Host: attacker.example\r\n\r\n", 403),
        (b"GET / HTTP/1.0\r\n\r\n", 403),
        (b"GET / " + HTTP + b"Origin: null\r\n\r\n", 403),
        (request("GET", "/"), 404),
        (request("GET", f"{PREFIX}/invocation/x/response"), 404),
        (request("DELETE", NEXT), 404),
        (request("POST", f"{PREFIX}/invocation/x/response"), 403),
        (request("POST", f"{PREFIX}/invocation/x/error"), 403),
        (request("POST", f"{PREFIX}/init/error", b"{}"), 202),
    ],
)
def test_what_is_out_of_order_is_refused(data: bytes, expected: int) -> None:
    assert status(Client(RuntimeApi()).says(data)) == expected


def test_bytes_may_come_one_by_one() -> None:
    api = RuntimeApi()
    data = request("POST", f"{PREFIX}/init/error", b"{}")
    answer = Client(api).says(*(bytes([byte]) for byte in data))
    assert status(answer) == 202
    assert api.outcome == Posted(b"{}", is_error=True)


def test_requests_may_come_all_at_once() -> None:
    answers = Client(RuntimeApi()).says(request("GET", "/") * 3)
    assert answers.count(b"HTTP/1.1 404") == 3


def test_a_body_in_chunks_is_put_together() -> None:
    api = RuntimeApi()
    chunks = b"2\r\n[1\r\n3;x=y\r\n,2]\r\n0\r\ntrailer: x\r\n\r\n"
    head = f"POST {PREFIX}/init/error ".encode() + HTTP + b"Transfer-Encoding: chunked\r\n\r\n"
    assert status(Client(api).says(head + chunks)) == 202
    assert api.outcome == Posted(b"[1,2]", is_error=True)


def test_what_is_past_the_limit_is_thrown_away_as_it_comes() -> None:
    api = RuntimeApi()
    client = Client(api)
    client.says(request("POST", f"{PREFIX}/init/error", b"x" * 5_000))
    assert api.outcome == Posted(b"x" * 1_000, is_error=True)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from(
                [
                    b"GET /2018-06-01/runtime/invocation/next " + HTTP + b"\r\n",
                    b"POST /2018-06-01/runtime/init/error " + HTTP + b"Content-Length: 2\r\n\r\n{}",
                    b"POST /2018-06-01/runtime/invocation/1/response " + HTTP,
                    b"Content-Length: 999999999\r\n\r\n",
                    b"Transfer-Encoding: chunked\r\n\r\n",
                    b"ffffffff\r\n",
                    b"0\r\n\r\n",
                    b"\r\n\r\n",
                ]
            ),
        ),
        max_size=6,
    )
)
def test_no_bytes_whatsoever_break_it(parts: list[bytes]) -> None:
    api = RuntimeApi()
    Client(api).says(*parts)
    assert status(Client(api).says(request("GET", "/still/there"))) == 404


def test_one_event_at_a_time() -> None:
    api = RuntimeApi()
    api.give(Begun("one", b"{}", 5, "arn"))
    path = f"{PREFIX}/invocation"
    found = [
        status(Client(api).says(asked))
        for asked in (
            request("GET", NEXT),
            request("GET", NEXT),
            request("POST", f"{path}/two/response", b"2"),
            request("POST", f"{path}/one/response", b"1"),
            request("POST", f"{path}/one/response", b"1"),
        )
    ]
    assert found == [200, 403, 400, 202, 400]
    assert api.outcome == Posted(b"1")


def test_who_asks_early_waits_for_the_event() -> None:
    api = RuntimeApi()
    client = Client(api)
    assert client.says(request("GET", NEXT)) == b""
    api.give(Begun("one", b'{"a": 1}', 5, "arn"))
    assert client.hears.endswith(b'\r\n\r\n{"a": 1}')


def test_it_listens_on_loopback_only() -> None:
    output = Output()
    server = RuntimeServer(RuntimeApi(), output)
    assert server.address.startswith("127.0.0.1:")
    server.close()
    output.is_handed_over()
    output.close()


def test_a_body_sent_after_a_promise_to_continue_is_read(
    reached: Reached, written: Written
) -> None:
    body = (
        'api.putrequest("POST", f"/2018-06-01/runtime/invocation/{request}/response"); '
        'api.putheader("Expect", "100-continue"); api.putheader("Content-Length", "4"); '
        'api.endheaders(); api.sock.recv(25); api.send(b"null"); api.getresponse().read()'
    )
    answer = ask(reached(runtime(written, body)))
    assert (answer.reply, answer.error) == (None, "")
