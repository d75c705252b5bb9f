"""Ports of this machine: one that was chosen, or any; and who is behind one when somebody comes."""

import errno
import logging
import os
import selectors
import socket
from collections.abc import Callable
from threading import Thread
from typing import Final, Generic, TypeAlias, TypeVar
from weakref import WeakValueDictionary, ref

from offhook.handler.errors import OffhookError

T = TypeVar("T")

HOST: Final = "127.0.0.1"
"""Nobody else than this machine; who there may come in, says `loopback`."""
LAST_PORT: Final = 65_535
NO_PORT: Final = f"{{}} is no port: write 1 to {LAST_PORT}, or 0 for any that is free"

Serve: TypeAlias = Callable[[int, int], object]
"""Takes the number of a socket that listens, and its port, and serves there."""

held: Final = set[str]()
"""The URLs of the ports that `when_asked` holds: a variable that has one was set by nobody else."""

log = logging.getLogger("offhook.port")


class PortTaken(OffhookError):
    """Something else listens there."""


def listen(port: int, instead: str = "PORT={0}, --port {0}") -> socket.socket:
    """A socket of loopback that listens; port 0 is any that is free. `instead` is how another is
    chosen. Raises `PortTaken`."""
    if not 0 <= port <= LAST_PORT:
        raise PortTaken(NO_PORT.format(port))
    # asyncio sends small packets at once only where the protocol is named: else each answer waits
    # 40 ms for the acknowledgement of its headers.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            other = port + 100 if port + 100 < LAST_PORT else port - 100
            raise PortTaken(
                f"port {port} is taken: stop what listens there, or choose another "
                f"({instead.format(other)}; 0 takes any that is free)"
            ) from None
        raise PortTaken(f"port {port} cannot be had: {error.strerror}") from None
    return listening


def when_asked(what: str, serve: Serve, port: int = 0, instead: str = "") -> str:
    """Hold a port as long as this process lives, which costs next to nothing; `serve` loads what is
    behind it when somebody comes there. The URL. Raises `PortTaken`."""
    listening = listen(port, instead)
    port = listening.getsockname()[1]
    # A number is nobody's to close, when the process ends.
    waits = (listening.detach(), port, what, serve)
    Thread(target=_wait, args=waits, name=f"offhook {what}", daemon=True).start()
    held.add(url := f"http://{HOST}:{port}")
    return url


def _wait(listening: int, port: int, what: str, serve: Serve) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(listening, selectors.EVENT_READ)
        selector.select()
    try:
        serve(listening, port)
    except Exception:
        log.exception("the desk's %s does not start", what)
        os.close(listening)  # who waits there hears it


class Front(Generic[T]):
    """Of several in one process, which are behind one port: the one that was used last."""

    def __init__(self) -> None:
        self._all: WeakValueDictionary[int, T] = WeakValueDictionary()
        self._first: ref[T] | None = None

    def step(self, one: T) -> None:
        """It is in front from now on."""
        if self._first is None or self._first() is not one:
            self._first = ref(one)
            self._all.pop(id(one), None)
            self._all[id(one)] = one

    def leave(self, one: T) -> None:
        """One of them is closed: its port asks it no more."""
        self._all.pop(id(one), None)
        self._first = None

    @property
    def one(self) -> T | None:
        """Who is in front."""
        return next(iter([*self._all.values()][::-1]), None)
