"""A request as it came, read from the server's messages."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

MOST_BYTES = 1024 * 1024
"""Of a body. No operation needs a hundredth of it."""
BODY_SECONDS = 10.0
"""How long a client may take to send its body."""


class TooSlow(Exception):
    """The body does not come."""


class TooLarge(Exception):
    """The body is larger than any can be."""


class Gone(Exception):
    """The client hung up."""


@dataclass(frozen=True, slots=True)
class Received:
    """Method, path, query and headers of a request."""

    method: str
    path: str
    """As it came: percent signs and all."""
    query: Mapping[str, str]
    authorization: str
    user_agent: str


def received(scope: Scope) -> Received:
    """Read everything but the body."""
    authorization = user_agent = b""
    for name, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
        if name == b"authorization":
            authorization = value
        elif name == b"user-agent":
            user_agent = value
    asked = cast("bytes", scope["query_string"]).decode("latin-1")
    return Received(
        cast("str", scope["method"]),
        cast("bytes", scope["raw_path"]).decode("latin-1"),
        dict(parse_qsl(asked, keep_blank_values=True)) if asked else {},
        authorization.decode("latin-1"),
        user_agent.decode("latin-1"),
    )


async def read_body(receive: Receive) -> bytes:
    """The body. Raises `TooSlow`, `TooLarge`, `Gone`."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            body = cast("bytes", message.get("body", b""))
            while message["type"] == "http.request" and message.get("more_body"):
                if len(body) > MOST_BYTES:
                    break
                message = await receive()
                body += cast("bytes", message.get("body", b""))
    except TimeoutError:
        raise TooSlow from None
    if message["type"] == "http.disconnect":
        raise Gone
    if len(body) > MOST_BYTES:
        raise TooLarge
    return body
