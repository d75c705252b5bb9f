"""What `sam deploy` creates, on this desk: the service, the ledger, the queue and the trigger."""

import argparse
import asyncio
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from offhook.command.arguments import desk_of
from offhook.command.say import complain, say
from offhook.command.serving import openapi
from offhook.command.serving.api import APP, calling_number
from offhook.command.serving.resources import BATCH, CREDENTIALS, make, policy, where
from offhook.command.serving.shown import show_calls
from offhook.command.serving.what_to_type import Example, Places, what_to_type
from offhook.emulator.clock import in_thread
from offhook.emulator.function.event_source import EventSource
from offhook.emulator.function.function import Limits
from offhook.emulator.function.lacking import has_no_follow
from offhook.emulator.function.needs import imports
from offhook.emulator.function.reach import reach
from offhook.emulator.ports.port import HOST, listen
from offhook.emulator.s3.opened import EMBEDDED, port_of
from offhook.emulator.server.doors import Door
from offhook.emulator.server.function_url import MAX_BODY, FunctionUrl
from offhook.emulator.server.heads import InTime
from offhook.emulator.server.listening import Server, collect_garbage_seldom
from offhook.emulator.server.reload import follow
from offhook.emulator.service.config import S3, Desk
from offhook.emulator.service.service import Service

TRIGGER: Final = "offhook.handler.trigger:lambda_handler"
TIMEOUT_SECONDS: Final = 30.0
"""How long one invocation of the trigger may take."""


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Raises `PortTaken`, `ConfigError`."""

    def read() -> Desk:
        desk = desk_of(options, APP)
        if port_of(desk.s3_endpoint) is not None:
            return desk
        return desk.model_copy(update={"s3": S3(endpoint=EMBEDDED)})

    desk = read()
    for function in dict.fromkeys(app.function for app in desk.sip_media_applications):
        if has_no_follow(Path.cwd(), name := desk.stands_for(function)):
            module, _, router = name.partition(":")
            mended = (
                "Write, beside its router:\n\n    from offhook.handler import follow\n\n"
                f"    {router}.around()(follow)\n"
                if imports(Path.cwd(), module, "Router")
                else "A router does, with the hook `follow`"
            )
            complain(
                f"{function} tells the ledger nothing, so that no key learns whether its call was "
                f"answered or is over. {mended}"
            )
    example = Example(
        from_=calling_number(desk, options.from_),
        arguments=dict(options.argument),
        update=dict(options.update) or {"note": "hello"},
    )
    url = listen(desk.served_at + 1 if desk.served_at else 0)
    place = f"http://{HOST}:{url.getsockname()[1]}"
    failed: list[Exception] = []

    async def beside(service: Service) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(follow(service, read, _say, Path.cwd()))
                tasks.create_task(_trigger(service, url, place, server.endpoint, example))
        except* Exception as group:
            failed.append(_first(group))
            server.stop()

    def ready(server: Server) -> None:
        collect_garbage_seldom()
        if not options.quiet:
            show_calls(server.service)

    with url:
        server = Server(desk, beside=beside, documents={"trigger": lambda: openapi.document(place)})
        server.run(ready)
    if failed:
        raise failed[0]
    say("Every call has ended.")
    return 0


async def _trigger(
    service: Service, url: socket.socket, place: str, endpoint: str, example: Example
) -> None:
    """The trigger behind its URL and its queue, until cancelled."""
    assert service.s3 is not None  # one process is all of AWS that there is here
    aws, desk = service.s3.endpoint, service.desk
    made = await in_thread(make, aws, desk)
    line = service.account.calling(example.from_)
    places = where(
        desk,
        line.sip_media_application_id,
        service=endpoint,
        aws=aws,
        made=made,
    )
    os.environ.pop("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", None)
    os.environ.update(places)
    chosen = {name: os.environ.setdefault(name, value) for name, value in policy(desk).items()}
    limits = Limits(
        timeout=TIMEOUT_SECONDS,
        account=desk.account,
        region=desk.region,
        name="trigger",
        real_aws=desk.real_aws,
    )
    trigger = await in_thread(reach, TRIGGER, limits)
    queue = EventSource(made.sqs, made.queue_url, made.queue_arn, desk.region, batch=BATCH)
    say(
        what_to_type(
            Places(
                service=endpoint,
                trigger=place,
                aws=aws,
                queue=made.queue_url,
                dead_letters=made.dead_letters_url,
                variables={**CREDENTIALS, **places, **chosen},
            ),
            example,
        )
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(queue.feed(trigger))
        door = Door(
            FunctionUrl(trigger, limits),
            lambda: service.desk,
            json_below="/",
            most_bytes=MAX_BODY,
        )
        tasks.create_task(_listen(door, url))


class _Second(uvicorn.Server):
    """A server beside the one that hears Ctrl-C."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def _listen(app: ASGIApp, listening: socket.socket) -> None:
    server = _Second(
        uvicorn.Config(
            app, http=InTime, ws="none", lifespan="off", log_config=None, access_log=False
        )
    )
    try:
        await server.serve(sockets=[listening])
    finally:
        for each in server.servers:
            each.close()


def _first(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    return error


def _say(text: str) -> None:
    say(f"offhook: {text}")
