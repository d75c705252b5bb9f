"""Waiting for what another thread or process does, where no clock of ours can be moved."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

PATIENCE_SECONDS: Final = 120.0
"""So long that what has not happened by then never will, however busy the machine is. Only a test
that fails waits for it."""


def until(look: Callable[[], T | None]) -> T:
    """What `look` finds, as soon as it is anything but None, False or empty."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found
