"""How a house rule fails: with what to write, and where."""

from collections.abc import Iterable

import pytest


def nothing_to_write(heading: str, places: Iterable[str]) -> None:
    """Fails where there is a place: the heading, a line for each below it, and no more."""
    if lines := [*places]:
        pytest.fail("\n  ".join([heading, *lines]), pytrace=False)
