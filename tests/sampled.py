"""An enumeration of which each `make test` plays a few cases, and `make check` the others."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def sampled(cases: Iterable[object], quick: int = 4) -> "list[ParameterSet]":
    """Cases for `parametrize`, all but `quick` of them marked `thorough`: those that are left are
    the first, and others evenly from all over. A tuple is the arguments of a case."""
    listed = list(cases)
    played = {len(listed) * place // quick for place in range(quick)}
    return [
        pytest.param(
            *(cast("tuple[object, ...]", case) if isinstance(case, tuple) else (case,)),
            marks=() if place in played else pytest.mark.thorough,
        )
        for place, case in enumerate(listed)
    ]
