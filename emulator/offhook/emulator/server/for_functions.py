"""The API for functions of this process's desks: each request is the desk's whose function was
invoked last, or that was opened last."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import cast

from starlette.types import Receive, Scope, Send

from offhook.emulator.clock import VirtualLoop, stopwatch
from offhook.emulator.ports.loopback import Allows, Nobody
from offhook.emulator.server.api.answer import HttpAnswer, failure
from offhook.emulator.server.api.received import received
from offhook.emulator.server.api.server import Api
from offhook.emulator.server.doors import Door
from offhook.emulator.server.listening import Listening, config_of
from offhook.emulator.service.service import DESKS, Service

NO_DESK = "No desk is open in this process any more: its phone, or the command, has ended"


def serve(listening: int) -> None:
    """Answer at a socket that listens, until the process ends."""
    with stopwatch.held():
        Api.load()
        server = Listening(config_of(Door(_answer, _allows)), when_ready=lambda: None)
    server.run([socket.socket(fileno=listening)])


def _allows() -> Allows:
    service = DESKS.one
    return Nobody() if service is None else service.desk


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = cast("bytes", (await receive()).get("body", b""))  # its door has read all of it
    service, request = DESKS.one, received(scope)
    answer = failure(503, "ServiceUnavailableException", NO_DESK)
    if service is not None and not service.loop.is_closed():
        api = Api(service)
        answer = await _at(service, lambda: api.answer(request, body))
    await answer.send(send)


async def _at(service: Service, act: Callable[[], HttpAnswer]) -> HttpAnswer:
    """Act where calls go on. Virtual time stands still, and waits for the function: then here."""
    if isinstance(service.loop, VirtualLoop):
        return act()
    done: Future[HttpAnswer] = Future()
    service.loop.call_soon_threadsafe(lambda: done.set_result(act()))
    return await asyncio.wrap_future(done)
