"""Handlers of this process write nothing while they are explored, and what is an error is heard.

About `offhook.emulator.explore.hushed`.
"""

import asyncio
import logging
from collections.abc import Mapping

import pytest

from offhook.emulator.explore.hushed import Hushed, hushed
from offhook.emulator.function.function import Invoked


class Complains:
    """A function that has something to say, at two levels and by two loggers."""

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        logging.getLogger("offhook").error("nobody answers this")
        logging.getLogger("theirs").warning("nor that")
        return Invoked(reply=event, log="printed\n")

    def close(self) -> None:
        """Nothing was started."""


def test_what_is_an_error_is_in_the_log_of_the_invocation_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with hushed() as said:
        function = Hushed(Complains(), said)
        invoked = [asyncio.run(function.invoke({})) for _ in range(2)]
    assert [each.log for each in invoked] == ["printed\n[ERROR] nobody answers this"] * 2
    assert capfd.readouterr() == ("", "")


def test_afterwards_logs_are_as_they_were(caplog: pytest.LogCaptureFixture) -> None:
    before = [*logging.getLogger().handlers]
    with pytest.raises(KeyError), hushed():
        raise KeyError
    assert logging.getLogger().handlers == before
    logging.getLogger("offhook").warning("still here")
    assert caplog.messages == ["still here"]
