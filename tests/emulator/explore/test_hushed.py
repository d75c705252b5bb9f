"""Handlers of this process write nothing while they are explored, and what is an error is heard.

About `offhook.emulator.explore.hushed`.
"""

import asyncio
import logging

import pytest

from offhook.emulator.explore.hushed import hushed
from offhook.emulator.function.in_process import InProcess


def complains(event: object, context: object) -> object:
    """A function that has something to say, in each way."""
    print("printed")
    logging.getLogger("offhook").error("nobody answers this")
    logging.getLogger("theirs").warning("nor that")
    return event


def test_what_is_an_error_is_in_the_log_of_the_invocation_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with hushed():
        function = InProcess(complains)
        logs = [asyncio.run(function.invoke({})).log for _ in range(2)]
    for log in logs:
        assert log.startswith("printed\n[ERROR]\t")
        assert log.endswith("\tnobody answers this\n")
        assert log.count("nobody") == 1
        assert "that" not in log
    assert (*capfd.readouterr(), caplog.messages) == ("", "", [])


def test_afterwards_logs_are_as_they_were(caplog: pytest.LogCaptureFixture) -> None:
    before = [*logging.getLogger().handlers]
    with pytest.raises(KeyError), hushed():
        raise KeyError
    assert logging.getLogger().handlers == before
    logging.getLogger("offhook").warning("still here")
    assert caplog.messages == ["still here"]
