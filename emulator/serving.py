"""A server on this desk: the API and the calls on one event loop, until somebody stops it."""

import asyncio
import errno
import logging
import socket
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from offhook.emulator.api.server import Api
from offhook.emulator.config import Desk
from offhook.emulator.control.exchange import Exchange
from offhook.emulator.function import Function
from offhook.emulator.remote.routes import routes
from offhook.handler.errors import OffhookError

HOST = "127.0.0.1"
"""Nobody else than this machine: the desk has no secrets, and checks no signatures."""
PORT = 4060


class PortTaken(OffhookError):
    """Something else listens there."""


class Server:
    """The exchange behind a port of this machine."""

    def __init__(self, desk: Desk, *, port: int = PORT, function: Function | None = None) -> None:
        """`port` 0 takes any that is free. Raises `PortTaken`."""
        self._desk = desk
        self._function = function
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.exchange: Exchange
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.loop: asyncio.AbstractEventLoop

    @property
    def endpoint(self) -> str:
        """What clients take as `endpoint_url`."""
        return f"http://{HOST}:{self.port}"

    def run(self, when_ready: Callable[["Server"], None] = lambda _: None) -> None:
        """Serve until Ctrl-C, or `stop`; then every call is hung up."""
        self.loop = asyncio.new_event_loop()
        try:
            self.loop.run_until_complete(self._serve(when_ready))
        finally:
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
            self._socket.close()

    def stop(self) -> None:
        """End it, from any thread."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        """Serve in a thread of its own, as tests do."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self.run, args=(lambda _: ready.set(),), daemon=True)
        self._thread.start()
        if not ready.wait(30):
            raise RuntimeError("the server did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _serve(self, when_ready: Callable[["Server"], None]) -> None:
        self.exchange = Exchange(self._desk, self.loop, function=self._function)
        config = uvicorn.Config(
            application(self.exchange),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = _Quick(config, lambda: when_ready(self))
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            await self.exchange.close()


class _Quick(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()


def application(exchange: Exchange) -> Starlette:
    """The ASGI application: `/_offhook` is ours, every other path the API's."""
    app = Starlette(routes=routes(exchange))
    app.router.default = _as_asgi(Api(exchange))
    return app


def _as_asgi(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await answer(request)
        await response(scope, receive, send)

    return run


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} is taken: stop what listens there, or choose another (PORT=4061, "
                "--port 4061; 0 takes any that is free)"
            ) from None
        raise PortTaken(f"port {port} cannot be had: {error.strerror}") from None
    return listening


logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # garbage on the port is no news
