"""A server on a free port, and boto3 talking to it as to the cloud."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias, cast

import boto3
import pytest
from botocore.config import Config
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import Answers
from tests.emulator.functions import Function, always
from tests.patience import PATIENCE_SECONDS

OURS = "+15550100100"
THEIRS = "+15550100200"

SESSION: Any = boto3.Session()

Serves: TypeAlias = Callable[..., Server]

pytest.register_assert_rewrite("tests.emulator.server.operations")  # stories assert as tests do


def client(server: Server) -> ChimeSDKVoiceClient:
    """boto3's client, which tries everything once."""
    return cast("ChimeSDKVoiceClient", client_of(server, "chime-sdk-voice"))


def client_of(server: Server, service: str) -> Any:
    """That of any service: the stubs know only some."""
    return SESSION.client(
        service,
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="desk",
        aws_secret_access_key="desk",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=PATIENCE_SECONDS),
    )


def application(server: Server) -> str:
    """The id of the first application."""
    return next(iter(server.service.account.holdings.applications))


@pytest.fixture
def serves(tmp_path: Path) -> Iterator[Serves]:
    """`serves(function)`: a server whose numbers a function answers. Far ends answer at once."""
    with ExitStack() as servers:

        def start(
            function: Function | None = None,
            *,
            applications: tuple[SipMediaApplication, ...] | None = None,
            **more: object,
        ) -> Server:
            only = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
            desk = Desk.model_validate(
                {
                    "recordings": tmp_path / "recordings",
                    "prompts": tmp_path / "prompts",
                    "sip_media_applications": applications or (only,),
                    "quotas": Quotas(enforced=False),
                    **more,
                }
            )
            by_name = applications is not None
            answers = None if by_name else InProcess(function or always())
            server = servers.enter_context(Server(desk, port=0, function=answers))
            server.service.default_far_end = Answers(after=0.01)
            return server

        yield start


@pytest.fixture
def server(serves: Serves) -> Server:
    """A server with one number, whose function answers nothing."""
    return serves()


@pytest.fixture
def voice(server: Server) -> ChimeSDKVoiceClient:
    """boto3's client for it."""
    return client(server)
