"""A request as it came, read from the server's messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from starlette.types import Scope


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
