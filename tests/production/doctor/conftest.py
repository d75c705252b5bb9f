"""An account on this machine: moto for all of AWS but Chime, and Chime by our own server."""

import logging
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

import pytest

from offhook.emulator.s3 import embedded
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk
from offhook.emulator.service.records import Holdings
from offhook.production.doctor.account import Account
from tests.production.doctor.line import OURS, Line
from tests.production.doctor.recorded import recorded


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Line, Holdings]]:
    """One of each server, which SDKs find, and what the account owns in Chime in the beginning."""
    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from offhook.emulator.s3.connection import Connection
    from offhook.emulator.s3.door import WsgiDoor

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    folder: Path = tmp_path_factory.mktemp("desk")
    desk = Desk.model_validate(
        {
            "recordings": folder / "recordings",
            "prompts": folder / "prompts",
            "sip_media_applications": [{"numbers": [OURS], "function": "nobody:asks"}],
            "quotas": {"enforced": False},
        }
    )
    services = DomainDispatcherApplication(create_backend_app)
    services.get_backend_for_host = cache(services.get_backend_for_host)  # type: ignore[method-assign]
    door = WsgiDoor(services, most_bytes=embedded.MOST_BYTES)
    moto = make_server("127.0.0.1", 0, door, threaded=True, request_handler=Connection)
    thread = Thread(target=moto.serve_forever, daemon=True)
    thread.start()
    try:
        with (
            Server(desk, port=0) as server,
            recorded() as says,
            pytest.MonkeyPatch.context() as environment,
        ):
            line = Line(server, says, f"http://127.0.0.1:{moto.server_port}")
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                environment.delenv(name)
            for name, value in line.environment.items():
                environment.setenv(name, value)
            yield line, server.service.account.holdings.model_copy(deep=True)
            _empty(line)  # moto is one in a process, and other tests have an S3 there
    finally:
        moto.shutdown()
        thread.join()
        moto.server_close()


@pytest.fixture
def line(built: tuple[Line, Holdings]) -> Line:
    """A line that rings, made anew."""
    return renew(*built)


def renew(line: Line, holdings: Holdings) -> Line:
    """As it was in the beginning."""
    line.server.service.account.holdings = holdings.model_copy(deep=True)
    line.server.service.faults.waiting.clear()
    if not line.is_as_built:
        _empty(line)
    line.build()
    return line


def _empty(line: Line) -> None:
    urlopen(Request(f"{line.moto}/moto-api/reset", method="POST")).close()


@pytest.fixture(scope="module")
def account(built: tuple[Line, Holdings]) -> Account:
    """Its account, with clients that are kept from test to test."""
    return Account()
