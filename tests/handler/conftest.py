"""What the stories of this folder share."""

import logging

import pytest

from tests.handler.answers import Logged


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
