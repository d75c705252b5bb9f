"""Strangers' clients, and a server for them. `make clients` and `make check` install the clients in
.venv-clients."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import Answers
from tests.emulator.functions import always
from tests.emulator.server.conftest import serves

ROOT = Path(__file__).parents[2]
__all__ = ["server", "serves"]

CLIENTS = ROOT / ".venv-clients"
OURS = "+15550100100"

ERRORS = {
    "CreateSipMediaApplicationCall": (
        "BadRequestException",
        "ForbiddenException",
        "ResourceLimitExceededException",
        "ThrottledClientException",
        "UnauthorizedClientException",
        "AccessDeniedException",
        "ServiceUnavailableException",
        "ServiceFailureException",
    ),
    "UpdateSipMediaApplicationCall": (
        "BadRequestException",
        "NotFoundException",
        "ForbiddenException",
        "ResourceLimitExceededException",
        "ThrottledClientException",
        "UnauthorizedClientException",
        "ServiceUnavailableException",
        "ServiceFailureException",
    ),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with one number, three applications, and no quotas."""
    applications = tuple(
        SipMediaApplication(name=name, numbers=(number,), function="nobody:asks")
        for name, number in (("one", OURS), ("two", "+15550100101"), ("three", "+15550100102"))
    )
    desk = Desk(
        recordings=tmp_path, sip_media_applications=applications, quotas=Quotas(enforced=False)
    )
    with Server(desk, port=0, function=InProcess(always())) as server:
        server.service.default_far_end = Answers(after=0.01)
        yield server


@pytest.fixture
def application(server: Server) -> str:
    """The id of the first application."""
    return next(iter(server.service.account.holdings.applications))
