"""Waiting for what another thread or process does, where no clock of ours can be moved."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

PATIENCE_SECONDS: Final = 120.0
"""So long that what has not happened by then never will, however busy the machine is. Only a test
that fails waits for it."""


def until(look: Callable[[], T | None]) -> T:
    """What `look` finds, as soon as it is anything but None, False or empty. It looks at once, and
    more seldom the longer it takes: whoever looks all the time keeps the others from doing it."""
    began = time.monotonic()
    while not (found := look()):
        waited = time.monotonic() - began
        assert waited < PATIENCE_SECONDS, "it did not happen"
        time.sleep(min(0.005 + waited / 5, 0.25))
    return found
