"""A function behind a URL: what it is told of a request, and what is answered."""

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from offhook.emulator.function.function import Invoked, Limits
from offhook.emulator.server.function_url import FunctionUrl, answer_of


class Told:
    """A function that notes its events, and answers the same to all."""

    def __init__(self, answer: Invoked) -> None:
        self.events: list[dict[str, Any]] = []
        self._answer = answer

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Note it."""
        self.events.append(json.loads(json.dumps(event)))
        return self._answer

    def close(self) -> None:
        """Nothing was started."""


def asks(
    function: Told,
    path: str,
    *,
    method: str = "GET",
    query: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
) -> tuple[int, dict[str, str], bytes]:
    """One request, as a server hands it on."""
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 50_000),
    }
    asyncio.run(FunctionUrl(function, Limits())(scope, receive, send))
    start, content = told
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, content["body"]


def event(path: str = "/", **request: Any) -> dict[str, Any]:
    """What the function is told of a request."""
    function = Told(Invoked(reply={"statusCode": 204}))
    asks(function, path, **request)
    (told,) = function.events
    return told


def test_the_event_has_all_of_payload_format_2() -> None:
    told = event(
        "/calls/a%3Ab",
        method="PUT",
        query="tag=1&tag=2&empty=",
        headers=(
            ("Content-Type", "application/json"),
            ("User-Agent", "curl/8"),
            ("X-Two", "a"),
            ("X-Two", "b"),
            ("Cookie", "one=1; two=2"),
            ("Host", "127.0.0.1:4061"),
        ),
        body=b'{"to": "x"}',
    )
    context = told.pop("requestContext")
    assert told == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/calls/a%3Ab",
        "rawQueryString": "tag=1&tag=2&empty=",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "content-type": "application/json",
            "user-agent": "curl/8",
            "x-two": "a,b",
            "host": "127.0.0.1:4061",
        },
        "queryStringParameters": {"tag": "1,2", "empty": ""},
        "body": '{"to": "x"}',
        "isBase64Encoded": False,
    }
    assert context["http"] == {
        "method": "PUT",
        "path": "/calls/a%3Ab",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "curl/8",
    }
    assert (context["accountId"], context["stage"]) == ("123456789012", "$default")
    assert context["authorizer"]["iam"]["accountId"] == "123456789012"


def test_without_a_body_or_a_query_there_is_none() -> None:
    assert not event("/").keys() & {"body", "queryStringParameters", "cookies"}


@given(st.binary(min_size=1, max_size=300))
def test_any_other_body_comes_in_base64(body: bytes) -> None:
    for content_type in ("application/x-www-form-urlencoded", "audio/wav", ""):
        told = event(method="POST", headers=(("Content-Type", content_type),), body=body)
        assert told["isBase64Encoded"]
        assert base64.b64decode(told["body"]) == body


def test_text_that_is_no_utf_8_comes_in_base64() -> None:
    told = event(method="POST", headers=(("Content-Type", "text/plain"),), body=b"\xff")
    assert (told["body"], told["isBase64Encoded"]) == ("/w==", True)


def test_the_function_says_status_headers_and_body() -> None:
    reply = {"statusCode": 429, "headers": {"Retry-After": 5}, "body": "{}"}
    status, headers, body = asks(Told(Invoked(reply=reply)), "/")
    assert (status, body) == (429, b"{}")
    assert headers == {
        "content-type": "application/json",
        "retry-after": "5",
        "content-length": "2",
    }


@pytest.mark.parametrize(
    ("reply", "answered"),
    [
        ({"hello": "you"}, (200, b'{"hello": "you"}')),
        ("hello", (200, b'"hello"')),
        ({"statusCode": 204}, (204, b"")),
        ({"statusCode": 200, "body": {"a": 1}}, (200, b'{"a": 1}')),
        ({"statusCode": 200, "body": "AP8=", "isBase64Encoded": True}, (200, b"\x00\xff")),
        ({"statusCode": 200, "body": "?", "isBase64Encoded": True}, (502, None)),
        ({"statusCode": "200"}, (502, None)),
        ({"statusCode": 42}, (502, None)),
    ],
)
def test_what_a_function_may_answer(reply: object, answered: tuple[int, bytes | None]) -> None:
    status, _, content = answer_of(reply)
    assert status == answered[0]
    if answered[1] is not None:
        assert content == answered[1]


def test_a_function_that_fails_is_a_bad_gateway() -> None:
    status, _, body = asks(Told(Invoked(error="ValueError: no")), "/")
    assert (status, body) == (502, b'{"Message":"Internal Server Error"}')
