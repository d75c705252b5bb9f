"""Whatever comes in on the port, there is an answer soon, and it is not our own failure.

About `offhook.emulator.server.api.answer`, `offhook.emulator.server.api.check`,
`offhook.emulator.server.api.received`, `offhook.emulator.server.api.request`,
`offhook.emulator.server.api.server`.
"""

import contextlib
import http.client
import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.api.model import Operation, load_model
from offhook.emulator.server.api.operations import find
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from tests.emulator.functions import always
from tests.emulator.server.conftest import OURS
from tests.emulator.server.shapes import Values, values
from tests.patience import PATIENCE_SECONDS
from tests.sampled import sampled

SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=desk", "Content-Type": "application/json"}
CALM = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
EMULATED = sorted(find())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for everything that comes."""
    folder: Path = tmp_path_factory.mktemp("desk")
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(recordings=folder, sip_media_applications=(only,), quotas=Quotas(enforced=False))
    with Server(desk, port=0, function=InProcess(always())) as server:
        yield server


def asks(server: Server, method: str, path: str, body: bytes = b"") -> tuple[int, str, bytes]:
    """One request: the status, the exception, the body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, SIGNED)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("x-amzn-ErrorType", ""), answer.read()
    finally:
        connection.close()


def written(operation: Operation, given: dict[str, object]) -> tuple[str, bytes]:
    """The path with its query, and the body, of a request with these parameters."""
    parts = iter(operation.path_members)
    path = "".join(
        f"/{segment if segment is not None else quote(str(given[next(parts).name]), safe='')}"
        for segment in operation.segments
    )
    elsewhere = {member.name for member in (*operation.path_members, *operation.query_members)}
    query = dict(operation.query)
    for member in operation.query_members:
        if given.get(member.name) is not None:
            query[member.location_name] = str(given[member.name])
    body = {name: value for name, value in given.items() if name not in elsewhere}
    asked = "&".join(f"{quote(key)}={quote(value)}" for key, value in query.items())
    return f"{path}?{asked}", json.dumps(body).encode()


@pytest.mark.parametrize("name", sampled(EMULATED, 16))
def test_every_request_has_an_answer_that_the_model_knows(shared: Server, name: str) -> None:
    operation = load_model().operations[name]
    holdings = shared.service.account.holdings
    known = (OURS, *holdings.applications, *holdings.rules, *holdings.orders)
    shape = operation.model.input_shape
    nothing: Values = st.just(cast("object", None))
    strategy = values(shape, known) if shape is not None else nothing

    @settings(suppress_health_check=CALM)
    @given(strategy)
    def asked(given: object) -> None:
        if not isinstance(given, dict):
            given = {}
        parameters = cast("dict[str, object]", given)
        for member in operation.path_members:
            parameters.setdefault(member.name, "x")
        path, body = written(operation, parameters)
        status, error, content = asks(shared, operation.model.http["method"], path, body)
        if status < 300:
            assert status == operation.status
            return
        assert error in (*operation.errors, "UnknownOperationException"), content
        assert error not in ("ServiceFailureException", "ServiceUnavailableException"), content
        assert set(json.loads(content)) == {"Code", "Message"}

    asked()


@settings(suppress_health_check=CALM)
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
    st.one_of(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
        st.sampled_from(["_offhook/calls", "_offhook/failures", "_offhook/far-ends/default"]),
    ),
    st.binary(max_size=200),
)
def test_nonsense_is_refused(shared: Server, method: str, path: str, body: bytes) -> None:
    status, _, _ = asks(shared, method, f"/{path}", body)
    assert status == 501 or status < 500


GARBAGE = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\r\n" * 200,
    b"POST /sip-rules HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"POST /sip-rules HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    random.Random(1).randbytes(5_000),
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_on_the_port_harms_nobody(shared: Server, garbage: bytes) -> None:
    with (
        socket.create_connection(("127.0.0.1", shared.port), timeout=PATIENCE_SECONDS) as line,
        contextlib.suppress(BrokenPipeError, ConnectionResetError),  # hung up on: a fair answer
    ):
        line.sendall(garbage)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass
    assert asks(shared, "GET", "/sip-rules")[0] == 200


def test_a_body_that_is_too_large_is_refused(shared: Server) -> None:
    body = b'{"Name": "' + b"a" * 2_000_000 + b'"}'
    try:
        status, _, _ = asks(shared, "POST", "/sip-rules", body)
    except (BrokenPipeError, ConnectionResetError):
        return  # it was refused before all of it was sent
    assert status == 413


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"text"', b"[" * 100_000, b"\xff\xfe", b'{"Name": "\\ud800"}']
)
def test_a_body_that_is_no_object_is_a_bad_request(shared: Server, body: bytes) -> None:
    status, error, _ = asks(shared, "POST", "/sip-rules", body)
    assert (status, error) == (400, "BadRequestException")


@pytest.mark.parametrize(("text", "status"), [("true", 201), ("yes", 400)])
def test_a_boolean_may_be_text(shared: Server, text: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=PATIENCE_SECONDS)
    asked = json.dumps({"Name": "office", "RequireEncryption": text})
    connection.request("POST", "/voice-connectors", asked.encode(), SIGNED)
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    assert answer.status == status
    assert ('"RequireEncryption": true' in content) == (status == 201)


@pytest.mark.parametrize(
    ("method", "path", "agent", "says"),
    [
        ("GET", "/phone-numbers", "aws-sdk-js/3.0 api/chime#3.0", "chime-sdk-voice"),
        ("POST", "/sip-media-applications/a/calls", "md/command#chime.create", "chime-sdk-voice"),
        ("POST", "/meetings", "Boto3/1.34 api/chime#1.34", "chime-sdk-meetings"),
        ("GET", "/phone-numbers", "aws-sdk-java/2.41 api/Chime#2.41", "chime-sdk-voice"),
        ("GET", "/phone-numbers", "aws-sdk-rust/1.3 api/chime/1.50", "chime-sdk-voice"),
        ("GET", "/accounts", "api/chime#1.40", "ListAccounts is not emulated"),
        ("POST", "/meetings/a/dial-outs", "", "CreateMeetingDialOut is not emulated"),
    ],
)
def test_the_old_namespace_is_refused(
    shared: Server, method: str, path: str, agent: str, says: str
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=PATIENCE_SECONDS)
    connection.request(method, path, b"", {**SIGNED, "User-Agent": agent})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    has_left = says.startswith("chime")
    refused = (403, "ForbiddenException") if has_left else (501, "NotEmulated")
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == refused
    assert (f"use the client {says} " if has_left else says) in content
