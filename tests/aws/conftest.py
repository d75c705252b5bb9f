"""A line: that of a desk, or of an account of AWS, when somebody asks for it.

`OFFHOOK_AWS=1` alone leads out of here; `docs/fidelity.md` says how.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import boto3
import pytest
from botocore.config import Config
from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.actions import Pause
from offhook.emulator.function.credentials import theirs
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.server.listening import Server
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.quotas import Quotas
from offhook.emulator.testing import Answers
from tests.aws.account import MAY_DIAL, Account, NotAllowed
from tests.emulator.functions import always
from tests.emulator.server.conftest import OURS, THEIRS, application, client


class Line(NamedTuple):
    """What a test asks, and of whom."""

    voice: ChimeSDKVoiceClient
    account: Account


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "calls: it calls somebody, where that costs something")


def asked_for() -> Account | None:
    """The account that the environment names, if it asks for one."""
    try:
        return Account.named(theirs())
    except NotAllowed as why:
        raise pytest.UsageError(str(why)) from None


def pytest_report_collectionfinish(items: list[pytest.Item]) -> list[str]:
    """What the tests of this room will cost, before the first of them runs."""
    account = asked_for()
    of_this_room = [item for item in items if "line" in getattr(item, "fixturenames", ())]
    if account is None or not of_this_room:
        return []
    calls = sum(item.get_closest_marker("calls") is not None for item in of_this_room)
    return account.cost(len(of_this_room), calls)


@pytest.fixture
def line(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """A line, whose client refuses all that nobody has allowed."""
    if (account := asked_for()) is not None:
        if request.node.get_closest_marker("calls") and not account.may_dial:
            pytest.skip(f"{MAY_DIAL} names nobody whom this test may call")
        before = theirs()
        for name in os.environ.keys() - before.keys():
            monkeypatch.delenv(name)
        for name, value in before.items():
            monkeypatch.setenv(name, value)
        session: Any = boto3.Session()
        once = Config(retries={"total_max_attempts": 1})
        voice = cast("ChimeSDKVoiceClient", session.client("chime-sdk-voice", config=once))
        yield Line(account.guard(voice), account)
        return
    ours = SipMediaApplication(numbers=(OURS,), function="nobody:asks")
    desk = Desk(recordings=tmp_path, sip_media_applications=(ours,), quotas=Quotas(enforced=False))
    function = InProcess(always(Pause(duration_in_milliseconds=20_000)))
    with Server(desk, port=0, function=function) as server:
        server.service.default_far_end = Answers(after=0.01)
        account = Account(application(server), OURS, (THEIRS,))
        yield Line(account.guard(client(server)), account)
