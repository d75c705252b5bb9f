"""A server on this desk: the API and the calls on one event loop, until somebody stops it."""

import asyncio
import gc
import logging
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self, cast

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from offhook.emulator.function.function import Function
from offhook.emulator.ports.port import HOST, listen
from offhook.emulator.server.api.server import Api
from offhook.emulator.server.desk.routes import routes
from offhook.emulator.server.documents import desk, served
from offhook.emulator.server.documents.served import Documents
from offhook.emulator.server.doors import Door
from offhook.emulator.server.heads import InTime
from offhook.emulator.server.phone import page
from offhook.emulator.server.phone.switchroom import Switchroom
from offhook.emulator.service.config import Desk
from offhook.emulator.service.service import Service

ENDING_SECONDS = 1.0
"""How long requests that are under way may take when the server ends."""


MOST_BYTES_OF_A_MESSAGE = 64 * 1024
"""On a socket: a hundred times what a page sends."""


STALLED_SECONDS = 5.0
"""A socket that answers nothing for so long has gone."""


class Server:
    """The service behind a port of this machine."""

    def __init__(
        self,
        desk: Desk,
        *,
        port: int | None = None,
        function: Function | None = None,
        beside: Callable[[Service], Awaitable[None]] | None = None,
        documents: Documents | None = None,
    ) -> None:
        """`port` is by default what the desk says; 0 takes any that is free. `beside` runs as long
        as the server does. `documents` are OpenAPI documents of what else is served. Raises
        `PortTaken`."""
        self._desk = desk
        self._beside = beside
        self._documents = documents
        self._function = function
        self._socket = listen(desk.served_at if port is None else port)
        self.port: int = self._socket.getsockname()[1]
        self.service: Service
        self._server: Listening | None = None
        self._thread: threading.Thread | None = None
        self.loop: asyncio.AbstractEventLoop

    @property
    def endpoint(self) -> str:
        """What clients take as `endpoint_url`."""
        return f"http://{HOST}:{self.port}"

    def run(self, when_ready: Callable[["Server"], object]) -> None:
        """Serve until Ctrl-C, SIGTERM, or `stop`; then every call is hung up."""
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
        if self._server is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._server.end)
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        """Serve in a thread of its own, as tests do. Raises what `run` raises."""
        ready = threading.Event()
        failed: list[BaseException] = []

        def when_ready(_server: Server) -> None:
            ready.set()

        def run() -> None:
            try:
                self.run(when_ready)
            except BaseException as error:
                failed.append(error)
                ready.set()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.wait()
        if failed:
            raise failed[0]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _serve(self, when_ready: Callable[["Server"], object]) -> None:
        self.service = Service(
            self._desk, self.loop, function=self._function, goes_on=True, api=self.endpoint
        )
        try:
            config = config_of(application(self.service, self._documents), has_sockets=True)
            self._server = Listening(config, lambda: when_ready(self))
            beside = self.loop.create_task(self._run_beside())
            try:
                await self._server.serve(sockets=[self._socket])
            finally:
                beside.cancel()
        finally:
            await self.service.end()

    async def _run_beside(self) -> None:
        if self._beside is not None:
            await self._beside(self.service)


def config_of(app: ASGIApp, *, has_sockets: bool = False) -> uvicorn.Config:
    """How an application of the desk is served; `has_sockets`: WebSockets as well."""
    return uvicorn.Config(
        app,
        http=InTime,
        ws="websockets-sansio" if has_sockets else "none",
        ws_max_size=MOST_BYTES_OF_A_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=STALLED_SECONDS,
        ws_ping_timeout=STALLED_SECONDS,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=30,
    )


class Listening(uvicorn.Server):
    """Says when it listens, and ends at once and in an orderly way, on SIGTERM too."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._when_ready = when_ready
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Stop listening; on the server's loop."""
        self.should_exit = True
        self._ending.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for each in signals:
            loop.add_signal_handler(each, self.end)
        try:
            yield
        finally:
            for each in signals:
                loop.remove_signal_handler(each)

    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick):
            tick += 10  # it sets the date of the answers every tenth tick: here, every second
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(list(self.server_state.tasks), timeout=ENDING_SECONDS)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()


def collect_garbage_seldom() -> None:
    """For a process that does nothing but serve: what is loaded by now is never looked at again,
    and the rest less often than Python does by itself. With 2,000 calls up, every look at all of
    them takes a tenth of a second, and events wait for it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 20)


def application(service: Service, documents: Documents | None = None) -> ASGIApp:
    """The ASGI application: `/_offhook` is ours, and `/` leads to its page; every other path is the
    API's."""
    ours = [*routes(service), *served.routes({"desk": desk.document, **(documents or {})})]
    by_hand = Starlette(
        routes=[*ours, *page.routes(Switchroom(service))], exception_handlers={HTTPException: _no}
    )
    api = Api(service)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = cast("str", scope["path"])
        is_ours = path == "/" or path.startswith("/_offhook") or scope["type"] == "websocket"
        await (by_hand if is_ours else api)(scope, receive, send)

    return Door(app, lambda: service.desk, json_below="/_offhook")


async def _no(request: Request, error: Exception) -> Response:
    """What is not there, or is not asked so."""
    assert isinstance(error, HTTPException)
    what = f"there is no {request.method} {request.url.path}: GET /_offhook lists what there is"
    return JSONResponse({"Message": what}, error.status_code, error.headers)


logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # garbage on the port is no news
