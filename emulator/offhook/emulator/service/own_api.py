"""The desk's own API on a port of this process, for the functions of its desks, as AWS's in Lambda.

Its port is held from the beginning; the server behind it is loaded when a function comes there.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol, cast

from offhook.emulator.ports.port import when_asked

VARIABLES: Final = (
    "AWS_ENDPOINT_URL_CHIME_SDK_VOICE",
    "AWS_ENDPOINT_URL_CHIME_SDK_MEETINGS",
    "AWS_ENDPOINT_URL_CHIME",
)
"""Where functions find it; clients of the old namespace are told what to use."""


PORT: Final = 4060
"""Where it is served unless another is chosen."""


class _Server(Protocol):
    def serve(self, listening: int) -> None: ...


@cache
def is_installed() -> bool:
    """Whether there is what it needs."""
    return all(find_spec(name) for name in ("boto3", "starlette", "uvicorn"))


@cache
def endpoint(port: int) -> str:
    """Where it is in this process: at that port, or at any for 0. Raises `PortTaken`."""
    return when_asked("own API", _serve, port, "OFFHOOK_PORT={0}, offhook call --port {0}")


def _serve(listening: int, _port: int) -> None:
    # The server is above the service: it is found by its name, as behaviours are.
    server = import_module("offhook.emulator.server.for_functions")
    cast("_Server", server).serve(listening)
