"""An S3 of our own on a port of this machine: moto's, one for all desks of this process.

The port is held from the beginning, which costs next to nothing. What is behind it takes a second
to load, and does so when somebody comes there: a function that uses S3, or a client.
"""

import logging
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol
from uuid import uuid4
from weakref import WeakSet

from offhook.emulator.clock import stopwatch
from offhook.emulator.ports.loopback import Allows
from offhook.emulator.ports.port import when_asked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from moto.backends import SERVICE_NAMES
    from werkzeug.serving import BaseWSGIServer

MOST_BYTES: Final = 512 * 1024 * 1024
"""Of an object: a call recorded in stereo for four hours."""
OURS: Final = f"offhook-{uuid4()}"
"""Part of the user agent of the desks themselves: what they ask is no reason to open."""


class Guest(Protocol):
    """A desk that has its objects here."""

    @property
    def allows(self) -> Allows:
        """Who else may come in."""
        ...

    def open(self) -> None:
        """Somebody comes: bring what there is, unless it is here."""
        ...

    def make(self, bucket: str) -> None:
        """Something is put there. Raises `OSError`."""
        ...


class _Everybody:
    """Whom any of the desks lets in."""

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        return tuple(host for guest in _guests for host in guest.allows.allowed_hosts)

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(origin for guest in _guests for origin in guest.allows.allowed_origins)


_guests: WeakSet[Guest] = WeakSet()
_used: WeakSet[Guest] = WeakSet()
"""Those among them in whose time somebody came."""
_lock = Lock()


@cache
def is_installed() -> bool:
    """Whether there is what it needs."""
    return all(find_spec(name) for name in ("boto3", "flask", "flask_cors", "moto"))


@cache
def endpoint(port: int) -> str:
    """Where it is in this process: at that port, or at any for 0. Raises `PortTaken`."""
    return when_asked("S3", _serve, port, 's3 = {{ endpoint = "embedded:{0}" }}')


def join(guest: Guest) -> None:
    """A desk has its objects here from now on, until it leaves."""
    _guests.add(guest)


def leave(guest: Guest) -> None:
    """What is here when the last of them has left, is gone; where nobody came, nothing is ours."""
    with _lock:
        was_used = guest in _used
        _guests.discard(guest)
        _used.discard(guest)
        if was_used and not _used:
            _empty()


def _serve(listening: int, port: int) -> None:
    with stopwatch.held():
        server = _server(listening, port)
    server.serve_forever()


def _server(listening: int, port: int) -> "BaseWSGIServer":
    from flask import Flask
    from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from offhook.emulator.s3.connection import Connection
    from offhook.emulator.s3.door import WsgiDoor

    def backend(service: "SERVICE_NAMES") -> "Flask":
        """moto's own API is closed: it wipes everything, and asks for no signature."""
        return Flask("closed") if service == "moto_api" else create_backend_app(service)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    services = DomainDispatcherApplication(backend)
    # It lists moto's folder to look a name up, which takes as long as most of what is asked.
    services.get_backend_for_host = cache(services.get_backend_for_host)  # type: ignore[method-assign]
    moto = _opened(_one_by_one(services))
    door = WsgiDoor(moto, _Everybody, most_bytes=MOST_BYTES)
    return make_server(
        "127.0.0.1", port, door, threaded=True, request_handler=Connection, fd=listening
    )


def _opened(moto: "WSGIApplication") -> "WSGIApplication":
    """Every desk has brought its objects before anybody else asks for one."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if OURS not in str(environ.get("HTTP_USER_AGENT")):
            bucket = _written_to(environ)
            with _lock, stopwatch.held():
                for guest in _guests:
                    _used.add(guest)
                    guest.open()
                    if bucket:
                        with suppress(OSError):  # as of a name that is none: moto says so itself
                            guest.make(bucket)
        return moto(environ, start_response)

    return answer


def _written_to(environ: "WSGIEnvironment") -> str:
    """The bucket that an object is put into: at the desk, as in folders, there is any."""
    signed = f"{environ.get('HTTP_AUTHORIZATION')}{environ.get('QUERY_STRING')}"
    bucket, _, key = str(environ["PATH_INFO"]).lstrip("/").partition("/")
    is_put = environ["REQUEST_METHOD"] in ("PUT", "POST") and re.search("(/|%2F)s3(/|%2F)", signed)
    return bucket if is_put and key else ""


def _one_by_one(moto: "WSGIApplication") -> "WSGIApplication":
    """A condition and its write are one step in DynamoDB; between moto's, other threads may run."""
    lock = Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not str(environ.get("HTTP_X_AMZ_TARGET")).startswith("DynamoDB"):
            return moto(environ, start_response)
        with lock:
            return list(moto(environ, start_response))

    return answer


def _empty() -> None:
    from moto.dynamodb.models import dynamodb_backends
    from moto.s3.models import s3_backends

    for s3 in s3_backends.values():
        for backend in s3.values():
            backend.reset()
    for dynamodb in dynamodb_backends.values():
        for tables in dynamodb.values():
            tables.reset()
