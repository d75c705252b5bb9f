"""What the stories of this folder share."""

import logging
from collections.abc import Iterator
from typing import cast

import pytest

from flows.app import lambda_handler
from offhook.emulator.testing import Phone
from offhook.handler import Router

pytest.register_assert_rewrite("tests.flows.random_callers")


@pytest.fixture(params=["the flow alone", "every event told twice", "in the application"])
def phone(
    request: pytest.FixtureRequest, flow: Router, caplog: pytest.LogCaptureFixture
) -> Iterator[Phone]:
    """Somebody with a telephone, for the `flow` of the story's module.

    The log stays quiet but for what a story expects and clears.
    """
    way = cast("str", request.param)
    function = lambda_handler if way == "in the application" else flow
    with Phone(function, deliveries=2 if "twice" in way else 1) as somebody:
        yield somebody
    told = [one.getMessage() for one in caplog.get_records("call") if one.levelno > logging.INFO]
    assert told == []
