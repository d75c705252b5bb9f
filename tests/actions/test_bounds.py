"""Every documented bound, on both of its sides, as it is written and as it is received."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from offhook.actions import Action, action_class
from offhook.actions.base import snake_case
from tests.actions.examples import minimal

WHOLE = 2**31
"""Larger than any number that is sent, where only the lower bound is documented."""


@dataclass(frozen=True)
class Number:
    """A parameter that is a number, from `low` to `high`."""

    action: str
    parameter: str
    low: int
    high: int = WHOLE
    given: Mapping[str, object] = field(default_factory=dict[str, object])
    """What else has to be so that only this bound counts."""

    @property
    def id(self) -> str:
        """As in `Pause.DurationInMilliseconds`."""
        return f"{self.action}.{self.parameter}"


QUIET, FLUSH = "InBetweenDigitsDurationInMilliseconds", "FlushDigitsDurationInMilliseconds"

NUMBERS = [
    Number("Pause", "DurationInMilliseconds", 100, 30_000),
    Number("PlayAudio", "Repeat", 1),
    *(
        Number(action, parameter, low, high)
        for action in ("PlayAudioAndGetDigits", "SpeakAndGetDigits")
        for parameter, low, high in (
            ("MinNumberOfDigits", 0, 128),
            ("MaxNumberOfDigits", 0, 128),
            (QUIET, 1, WHOLE),
            ("Repeat", 1, WHOLE),
            ("RepeatDurationInMilliseconds", 1, WHOLE),
        )
    ),
    Number("ReceiveDigits", QUIET, 1, given={FLUSH: WHOLE + 1}),
    Number("RecordAudio", "DurationInSeconds", 1),
    Number("RecordAudio", "SilenceDurationInSeconds", 1, 1000),
    Number("RecordAudio", "SilenceThreshold", 1, 1000),
    Number("SendDigits", "ToneDurationInMilliseconds", 50, 24_000),
    Number("CallAndBridge", "CallTimeoutSeconds", 1, 120),
]


def read(number: Number, value: object) -> Action[object]:
    """The action as it is received, with this value."""
    wire = minimal(number.action, **{**number.given, number.parameter: value})
    return Action.from_wire(wire)


def write(number: Number, value: object) -> Action[object]:
    """The action as it is written in Python, with this value."""
    kind = action_class(number.action)
    assert kind is not None
    example = kind.from_wire(minimal(number.action, **number.given))
    fields = {name: getattr(example, name) for name in example.model_fields_set}
    return kind(**{**fields, snake_case(number.parameter): value})


Way: TypeAlias = Callable[[Number, object], Action[object]]

ways = pytest.mark.parametrize("way", [read, write], ids=["received", "written"])
numbers = pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.id)
a_few = settings(max_examples=20)  # the ends are always tried; what lies further off is all alike


@ways
@numbers
@a_few
@given(data=st.data())
def test_a_number_within_its_bounds_is_taken(number: Number, way: Way, data: st.DataObject) -> None:
    for value in (number.low, number.high, data.draw(st.integers(number.low, number.high))):
        action = way(number, value)
        assert getattr(action, snake_case(number.parameter)) == value


@ways
@numbers
@a_few
@given(below=st.integers(max_value=-1), above=st.integers(min_value=1))
def test_a_number_outside_its_bounds_is_refused(
    number: Number, way: Way, below: int, above: int
) -> None:
    outside = [number.low - 1, number.low + below]
    if number.high != WHOLE:
        outside += [number.high + 1, number.high + above]
    for value in outside:
        with pytest.raises(ValidationError) as refused:
            way(number, value)
        assert refused.value.errors()[0]["loc"] == (snake_case(number.parameter),)
