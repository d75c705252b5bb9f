"""Half of a request is waited for no longer than half of a body, at every door of the desk.

About `offhook.emulator.ports.hurried`, too.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.emulator.function.functions import endpoint
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.lambda_api import LOG_BYTES  # it reads BODY_SECONDS once
from offhook.emulator.ports import loopback
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import S3, Desk, SipMediaApplication
from tests.emulator.functions import always
from tests.emulator.server.conftest import OURS
from tests.patience import PATIENCE_SECONDS, until

HEAD = "POST /2015-03-31/functions/depot/invocations HTTP/1.1\r\nHost: localhost\r\n"
HALVES = {"head": f"{HEAD}X-Slow: ", "body": f"{HEAD}Content-Length: 1000000\r\n\r\n"}
WHOLE = f"{HEAD}Content-Length: 2\r\n\r\n{{}}"


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Of the servers of a desk."""
    folder: Path = tmp_path_factory.mktemp("desk")
    only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(
        recordings=folder / "recordings",
        prompts=folder / "prompts",
        sip_media_applications=(only,),
        s3=S3(endpoint="embedded"),
    )
    with Server(desk, port=0, function=InProcess(always())) as server:
        assert server.service.s3 is not None
        places = {"s3": server.service.s3.endpoint, "functions": endpoint()}
        found = {name: int(place.rpartition(":")[2]) for name, place in places.items()}
        assert LOG_BYTES
        yield {"service": server.port, **found}


@pytest.mark.parametrize("server", ["service", "s3", "functions"])
@pytest.mark.parametrize("before", ["", WHOLE], ids=["at once", "behind a whole one"])
@pytest.mark.parametrize("half", HALVES)
def test_half_of_a_request_is_not_waited_for(
    ports: dict[str, int], server: str, before: str, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it goes on."""
    monkeypatch.setattr(loopback, "BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", ports[server]), PATIENCE_SECONDS) as line:
        line.sendall(before.encode())
        if before:
            assert line.recv(65_536).startswith(b"HTTP/1.1")
        line.sendall(HALVES[half].encode())
        line.settimeout(0.05)

        def is_over() -> bool:
            try:
                line.sendall(b"a")
                while line.recv(65_536):
                    pass
            except TimeoutError:
                return False
            except OSError:
                pass
            return True

        until(is_over)
