"""A Lambda function URL: an HTTP request becomes an event, and what the function says, an answer.

Payload format 2.0 (Lambda guide, "Invoking Lambda function URLs"). Nobody's signature is checked
here: the event says that somebody of this account asked, as one with IAM auth does.
"""

import base64
import binascii
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias, cast
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope, Send

from offhook.emulator.function.function import Function, Limits

MAX_BODY: Final = 6 * 1024 * 1024
"""Bytes of a request's body (Lambda quotas: 6 MB for a synchronous invocation)."""

TEXT: Final = re.compile(r"text/|application/(json|javascript|xml|.*\+json|.*\+xml)")
"""Bodies that a function sees as text: all others, forms too, it sees in base64."""

JSON: Final = {"content-type": "application/json"}

HttpReply: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body of an answer."""

FAILED: Final[HttpReply] = (502, JSON, b'{"Message":"Internal Server Error"}')
"""What is answered where the function failed, or what it said is no answer."""


class FunctionUrl:
    """An ASGI application with one function behind every path; its door bounds bodies."""

    def __init__(self, function: Function, limits: Limits) -> None:
        self._function = function
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Invoke the function, once for each request."""
        status, headers, content = await self._answer(scope, await receive())
        found = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
        ]
        found.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": found})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, message: Message) -> HttpReply:
        body = cast("bytes", message.get("body", b""))
        answer = await self._function.invoke(event_of(scope, body, self._limits))
        return FAILED if answer.error else answer_of(answer.reply)


def event_of(scope: Scope, body: bytes, limits: Limits) -> dict[str, object]:
    """The event that a request becomes. The path stays percent-encoded, as it came."""
    headers = _headers(scope)
    raw_path = cast("bytes", scope.get("raw_path") or b"/").decode("latin-1").partition("?")[0]
    query = cast("bytes", scope["query_string"]).decode("latin-1")
    client = cast("tuple[str, int] | None", scope.get("client"))
    cookies = headers.pop("cookie", "")
    now = datetime.now(UTC)
    event: dict[str, object] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": limits.account,
            "apiId": "desk",
            "authentication": None,
            "authorizer": {"iam": _somebody(limits.account)},
            "domainName": headers.get("host", ""),
            "domainPrefix": "desk",
            "http": {
                "method": scope["method"],
                "path": raw_path,
                "protocol": f"HTTP/{scope['http_version']}",
                "sourceIp": client[0] if client else "",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": f"{now:%d/%b/%Y:%H:%M:%S +0000}",
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if query:
        event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if body:
        event |= _sent(body, headers.get("content-type", ""))
    return event


def answer_of(reply: object) -> HttpReply:
    """Status, headers and body: what the function says they are, or all of it as JSON."""
    if not isinstance(reply, dict) or "statusCode" not in reply:
        return 200, JSON, json.dumps(reply).encode()
    said = cast("dict[str, object]", reply)
    status, body, headers = said["statusCode"], said.get("body"), said.get("headers")
    if not isinstance(status, int) or not 100 <= status <= 599:
        return FAILED
    found = dict(JSON)
    if isinstance(headers, dict):
        pairs = cast("dict[str, object]", headers).items()
        found |= {name.lower(): str(value) for name, value in pairs}
    content = b""
    if isinstance(body, str):
        content = body.encode()
    elif body is not None:
        content = json.dumps(body).encode()
    if said.get("isBase64Encoded") is True:
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error:
            return FAILED
    return status, found, content


def _headers(scope: Scope) -> dict[str, str]:
    pairs = cast("list[tuple[bytes, bytes]]", scope["headers"])
    return _joined([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """One value for each name: several are joined with commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _sent(body: bytes, content_type: str) -> dict[str, object]:
    if TEXT.match(content_type.lower()):
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _somebody(account: str) -> dict[str, object]:
    return {
        "accessKey": "desk",
        "accountId": account,
        "callerId": account,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": f"arn:aws:iam::{account}:root",
        "userId": account,
    }
