"""What the stories of this folder share."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import pytest

from offhook.emulator.testing import Phone
from offhook.handler import journal
from tests.handler.answers import Logged, Metrics
from tests.handler.menus import AnsweredBy


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Logged:
    """The messages in Offhook's log so far: `logged("ERROR")`, or of any level `logged()`."""
    logger = logging.getLogger("offhook")
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "disabled", False)
    caplog.set_level(logging.DEBUG, logger="offhook")

    def messages(*levels: str) -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if not levels or record.levelname in levels
        ]

    return messages


@pytest.fixture
def metrics(
    logged: Logged, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Metrics:
    """What the events so far have added to the metrics, as in Lambda."""
    monkeypatch.setattr(journal, "NAMESPACE", "Offhook")
    return lambda: [vars(record) for record in caplog.records if hasattr(record, "_aws")]


@pytest.fixture(params=[1, 2], ids=["told once", "told twice"])
def answered_by(request: pytest.FixtureRequest) -> Iterator[AnsweredBy]:
    """A phone that a router answers: `answered_by(router).dials()`."""
    deliveries = cast("int", request.param)
    with ExitStack() as phones:
        yield lambda router: phones.enter_context(Phone(router, deliveries=deliveries))


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda tells a function of itself."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "calls")
    stream = "2026/11/28/[$LATEST]8f2c4d0e6a1b4c3d9e7f5a6b7c8d9e0f"
    monkeypatch.setenv("AWS_LAMBDA_LOG_STREAM_NAME", stream)
