"""Loopback is no boundary: no page in a browser reaches the desk, and everybody else does."""

import asyncio
import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import boto3
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.ports import loopback
from offhook.emulator.ports.loopback import Nobody, NotLetIn, check
from offhook.emulator.server.doors import Door
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import S3, Desk, SipMediaApplication
from tests.emulator.functions import always
from tests.emulator.server.conftest import OURS
from tests.patience import PATIENCE_SECONDS

SIGNED: Final = {"Authorization": "AWS4-HMAC-SHA256 Credential=desk/20260101/us-east-1/s3/aws4"}
JSON: Final = {"Content-Type": "application/json"}

OF_LOOPBACK = (
    "127.0.0.1:{port}",
    "127.0.0.1",
    "127.1.2.3:80",
    "localhost",
    "LocalHost:{port}",
    "localhost.",
    "localhost.:{port}",
    "prompts.localhost:{port}",
    "[::1]:{port}",
    "[0:0:0:0:0:0:0:1]",
)
NOT_OF_LOOPBACK = (
    None,
    "",
    "attacker.example",
    "attacker.example:{port}",
    "127.0.0.1.attacker.example",
    "localhost.attacker.example:{port}",
    "notlocalhost",
    "localhost..",
    "0.0.0.0:{port}",
    "2130706433",
    "192.168.1.5",
    "[::]:{port}",
    "[::ffff:192.168.1.5]",
    "attacker.example@127.0.0.1",
    "127.0.0.1,attacker.example",
    "127.0.0.1 attacker.example",
    "127.0.0.1:{port}:80",
    "localhost:port",
    "localhost/",
    "lo\u017fcalhost",
)
PAGES = (
    {"Origin": "null"},
    {"Origin": "http://attacker.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "https://127.0.0.1:{port}"},
    {"Origin": "http://localhost:{port}"},  # the page of whoever else serves that name
    {"Origin": "http://127.0.0.1:{port}.attacker.example"},
    {"Origin": "http://127.0.0.1:{port}@attacker.example"},
    {"Origin": "file://"},
    {"Sec-Fetch-Site": "cross-site"},  # <img src>, a link, a form of an old browser
    {"Sec-Fetch-Site": "same-site"},
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server, with its S3."""
    folder: Path = tmp_path_factory.mktemp("desk")
    (folder / "prompts").mkdir()
    (folder / "prompts" / "hello.txt").write_text("hello")
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(
        recordings=folder / "recordings",
        prompts=folder / "prompts",
        sip_media_applications=(only,),
        s3=S3(endpoint="embedded"),
        allowed_hosts=("Desk.internal",),
        allowed_origins=("http://localhost:3000",),
    )
    with Server(desk, port=0, function=InProcess(always())) as server:
        yield server


@pytest.fixture(params=["api", "desk", "s3"])
def door(request: pytest.FixtureRequest, shared: Server) -> tuple[int, str]:
    """Each of its doors: a port, and a path that anybody may read."""
    assert shared.service.s3 is not None
    s3 = int(shared.service.s3.endpoint.rpartition(":")[2])
    return {
        "api": (shared.port, "/sip-rules"),
        "desk": (shared.port, "/_offhook/calls"),
        "s3": (s3, "/prompts/hello.txt"),
    }[str(request.param)]


def asks(
    port: int,
    path: str,
    headers: Mapping[str, str | None],
    method: str = "GET",
    body: bytes = b"",
) -> tuple[int, str]:
    """One request with just these headers: the status, and what is said."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": "127.0.0.1:{port}", **SIGNED, **headers}.items():
            if value is not None:
                connection.putheader(name, value.replace("{port}", str(port)).encode())
        if body or method != "GET":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("host", [*OF_LOOPBACK, "desk.internal", "DESK.internal:{port}"])
def test_who_calls_it_by_a_name_of_loopback_comes_in(door: tuple[int, str], host: str) -> None:
    port, path = door
    assert asks(port, path, {"Host": host})[0] in (200, 404)  # a bucket may be in the name


@pytest.mark.parametrize("host", NOT_OF_LOOPBACK)
def test_who_calls_it_by_another_does_not(door: tuple[int, str], host: str | None) -> None:
    port, path = door
    status, said = asks(port, path, {"Host": host})
    assert status in (400, 403)  # no Host, or one that is none, is no HTTP/1.1
    if status == 403:
        assert "allowed_hosts = [" in json.loads(said)["Message"]


@pytest.mark.parametrize("page", PAGES, ids=str)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_no_page_but_its_own_comes_in(
    door: tuple[int, str], method: str, page: dict[str, str]
) -> None:
    port, path = door
    status, said = asks(port, path, {**page, **JSON}, method)
    assert status == 403
    assert "allowed_origins = [" in json.loads(said)["Message"]


@pytest.mark.parametrize(
    "page",
    [
        {"Origin": "http://127.0.0.1:{port}"},
        {"Origin": "HTTP://LocalHost:{port}", "Host": "localhost:{port}"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_its_own_page_does_and_one_that_is_allowed(
    door: tuple[int, str], page: dict[str, str]
) -> None:
    port, path = door
    assert asks(port, path, page)[0] == 200


def test_http_1_0_without_a_host_is_refused(door: tuple[int, str]) -> None:
    port, path = door
    said = raw(port, f"GET {path} HTTP/1.0\r\n{lines(SIGNED)}\r\n".encode())
    assert b" 403 " in said.partition(b"\r\n")[0]
    assert b"the Host is 'missing'" in said


def test_two_hosts_are_none(door: tuple[int, str]) -> None:
    port, path = door
    two = "Host: 127.0.0.1\r\nHost: attacker.example\r\n"
    said = raw(port, f"GET {path} HTTP/1.1\r\n{two}{lines(SIGNED)}\r\n".encode())
    assert said.split(b" ")[1] in (b"400", b"403")


def lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def raw(port: int, *parts: bytes) -> bytes:
    """Say these, as far as somebody listens; all that is said back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
        said = b""
        try:
            for part in parts:
                line.sendall(part)
        except OSError:
            pass  # hung up on
        try:
            while part := line.recv(65_536):
                said += part
        except ConnectionResetError:
            pass
        return said


FORMS = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; application/json",
    "application/jsonp",
    "application/json, text/plain",
    "",
    None,
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_what_a_form_can_send_is_no_request_to_the_desk(
    shared: Server, method: str, form: str | None
) -> None:
    body = json.dumps({"To": OURS}).encode()
    for path in ("/_offhook/calls", "/_offhook/faults", "/_offhook/nowhere"):
        status, said = asks(shared.port, path, {"Content-Type": form}, method, body)
        assert (status, "application/json" in said) == (415, True)
    assert not shared.service.calls


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_that_says_so_is_one(shared: Server, kind: str) -> None:
    body = json.dumps({"Fault": "failing:1"}).encode()
    assert asks(shared.port, "/_offhook/faults", {"Content-Type": kind}, "POST", body)[0] == 201
    assert asks(shared.port, "/_offhook/faults", {}, "DELETE")[0] == 204


@pytest.mark.parametrize(
    "path",
    [
        "/moto-api/reset",
        "//moto-api/reset",
        "/./moto-api/reset",
        "/%6doto-api/reset",
        "/moto-api/",
        "/moto-api/data.json",
        "/moto-api/recorder/start-recording",
    ],
)
@pytest.mark.parametrize("service", ["s3", "moto_api", "motoapi.amazonaws.com"])
def test_moto_s_own_api_is_closed(shared: Server, path: str, service: str) -> None:
    assert shared.service.s3 is not None
    port = int(shared.service.s3.endpoint.rpartition(":")[2])
    signed = {"Authorization": SIGNED["Authorization"].replace("s3", service) + "_request"}
    status, said = asks(port, path, signed, "POST")
    assert status >= 300, said
    assert asks(port, "/prompts/hello.txt", {})[0] == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(door: tuple[int, str]) -> None:
    port, path = door
    head = f"PUT {path} HTTP/1.1\r\nHost: localhost\r\n{lines({**SIGNED, **JSON})}"
    said = raw(port, f"{head}Content-Length: 600000000\r\n\r\n".encode(), *[bytes(100_000)] * 40)
    assert said.split(b" ")[1:2] in ([b"413"], [])  # or hung up on, which a client sees first


@pytest.mark.parametrize("server", ["api", "desk"])
def test_chunks_without_end_are_refused(shared: Server, server: str) -> None:
    path = {"api": "/sip-rules", "desk": "/_offhook/calls"}[server]
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{lines({**SIGNED, **JSON})}"
    chunk = b"8000\r\n" + bytes(0x8000) + b"\r\n"
    said = raw(shared.port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *[chunk] * 100)
    assert said.split(b" ")[1:2] in ([b"413"], [])


def test_a_body_that_never_comes_is_not_waited_for() -> None:
    told: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(3)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None:
        told.append(message)

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("it was let in")

    loop = VirtualLoop()
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"localhost")]}
    task = loop.create_task(_as_coroutine(Door(never), scope, receive, send))
    loop.run(lambda: False)
    assert task.done()
    assert (told[0]["status"], loop.time()) == (408, loopback.BODY_SECONDS)
    loop.close()


async def _as_coroutine(door: Door, scope: Scope, receive: Receive, send: Send) -> None:
    await door(scope, receive, send)


@pytest.mark.parametrize("framing", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_nor_is_one_for_the_embedded_s3(
    shared: Server, monkeypatch: pytest.MonkeyPatch, framing: str
) -> None:
    monkeypatch.setattr(loopback, "BODY_SECONDS", 0.3)
    assert shared.service.s3 is not None
    port = int(shared.service.s3.endpoint.rpartition(":")[2])
    head = f"PUT /prompts/slow HTTP/1.1\r\nHost: localhost\r\n{lines(SIGNED)}{framing}\r\n\r\n"
    said = raw(port, head.encode(), b"1\r\nx\r\n")
    assert said.split(b" ")[1] == b"408"
    assert asks(port, "/prompts/slow", {})[0] == 404


CHUNKED: Final = "Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 1000\r\n\r\n",
        "Content-Length: ten\r\n\r\n",
        f"{CHUNKED}1000\r\n",
        f"{CHUNKED}4000000\r\n",  # longer than what is read at once
        f"{CHUNKED}fffffffffffffffff\r\n",
    ],
)
def test_half_an_object_is_none(shared: Server, framing: str) -> None:
    assert shared.service.s3 is not None
    port = int(shared.service.s3.endpoint.rpartition(":")[2])
    head = f"PUT /prompts/half HTTP/1.1\r\nHost: localhost\r\n{lines(SIGNED)}{framing}half"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line:
        line.sendall(head.encode())
        line.shutdown(socket.SHUT_WR)
        assert line.recv(65_536).split(b" ")[1] == b"400"
    assert asks(port, "/prompts/half", {})[0] == 404


def test_boto3_puts_and_gets_by_either_name(shared: Server) -> None:
    assert shared.service.s3 is not None
    for endpoint in (
        shared.service.s3.endpoint,
        shared.service.s3.endpoint.replace("127.0.0.1", "localhost"),
    ):
        s3 = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="desk",
            aws_secret_access_key="desk",
            config=Config(s3={"addressing_style": "path"}),
        )
        s3.put_object(Bucket="prompts", Key="new", Body=b"x" * 100_000)
        assert s3.get_object(Bucket="prompts", Key="new")["Body"].read() == b"x" * 100_000


NAMES = st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True)


@given(NAMES | st.text(max_size=30) | st.ip_addresses().map(str))
def test_no_other_name_is_let_in(name: str) -> None:
    for host in (name, f"{name}:4060", f"[{name}]"):
        with suppress(NotLetIn):
            check({"host": host}, Nobody())
            assert is_ours(name.partition(":")[0]) or is_ours(name.strip("[]")), host


def is_ours(name: str) -> bool:
    """Whether a name leads nowhere but to this machine."""
    plain = name.lower().removesuffix(".")
    try:
        return ip_address(plain).is_loopback
    except ValueError:
        return plain == "localhost" or plain.endswith(".localhost")


@given(st.text(max_size=40))
def test_no_other_origin_is_let_in(origin: str) -> None:
    if origin in ("", "http://localhost:4060"):
        return
    with pytest.raises(NotLetIn):
        check({"host": "localhost:4060", "origin": origin}, Nobody())
