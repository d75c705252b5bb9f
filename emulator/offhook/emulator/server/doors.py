"""In front of every server: who may come in, and with how much."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from offhook.emulator.ports import loopback
from offhook.emulator.ports.loopback import (
    MOST_BYTES,
    Allows,
    Nobody,
    NotLetIn,
    check,
    check_json,
    too_large,
    too_slow,
)

LOOKED_AT: Final[Mapping[bytes, str]] = {
    name.encode(): name for name in ("host", "origin", "sec-fetch-site", "content-type")
}


class Door:
    """In front of an ASGI application."""

    def __init__(
        self,
        app: ASGIApp,
        allows: Callable[[], Allows] = Nobody,
        *,
        json_below: str | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Below the path `json_below` a body must be JSON."""
        self._app = app
        self._allows = allows
        self._json_below = json_below
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, with its body, or refuse it."""
        headers: dict[str, str] = {}
        for raw, value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
            if (name := LOOKED_AT.get(raw)) is not None:
                text = value.decode("latin-1")
                headers[name] = f"{headers[name]},{text}" if name in headers else text
        if scope["type"] == "websocket":
            await self._let_in(headers, scope, receive, send)
            return
        try:
            check(headers, self._allows())
            below = self._json_below
            if below is not None and cast("str", scope["path"]).startswith(below):
                check_json(cast("str", scope["method"]), headers)
            body = await self._read(receive)
        except NotLetIn as refused:
            await _send(send, refused)
            return
        if body is not None:
            read: list[Message] = [{"type": "http.request", "body": body}]

            async def again() -> Message:
                return read.pop() if read else await receive()

            await self._app(scope, again, send)

    async def _let_in(
        self, headers: Mapping[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Open a socket, or refuse it."""
        try:
            check(headers, self._allows())
        except NotLetIn as refused:
            await receive()
            await _send(send, refused, "websocket.http")
            return
        await self._app(scope, receive, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """All of the body; `None` where the client has gone. Raises `NotLetIn`."""
        body = bytearray()
        try:
            async with asyncio.timeout(loopback.BODY_SECONDS):
                while (message := await receive())["type"] == "http.request":
                    body += cast("bytes", message.get("body", b""))
                    if len(body) > self._most_bytes:
                        raise too_large(self._most_bytes)
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise too_slow(loopback.BODY_SECONDS) from None
        return None


async def _send(send: Send, refused: NotLetIn, kind: str = "http") -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(refused.body)).encode()),
        (b"x-amzn-errortype", f"{refused.code}Exception".encode()),
        (b"connection", b"close"),  # the rest of the body is not read
    ]
    start = {"type": f"{kind}.response.start", "status": refused.status, "headers": headers}
    await send(start)
    await send({"type": f"{kind}.response.body", "body": refused.body})
