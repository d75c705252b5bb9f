"""Pause: how long it may be."""

import pytest

from tests.emulator.functions import AnsweredBy, error, in_turn, types


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [(100, 0.1), ("100", 0.1), (2_500, 2.5), (30_000, 30.0), ("30000", 30.0)],
    ids=repr,
)
def test_a_pause_takes_its_time(answered_by: AnsweredBy, duration: object, seconds: float) -> None:
    pause = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": duration}}
    phone = answered_by(in_turn([pause]), pause_answers=True)
    call = phone.dials()
    call.waits(seconds - 0.001)
    assert types(call.events) == ["NEW_INBOUND_CALL"]
    call.waits(0.002)
    assert types(call.events) == ["NEW_INBOUND_CALL", "ACTION_SUCCESSFUL"]


@pytest.mark.parametrize(
    "duration", [99, 30_001, 0, -1, "99", "soon", "", None, 100.5, [], {}], ids=repr
)
def test_a_pause_out_of_bounds_fails(answered_by: AnsweredBy, duration: object) -> None:
    pause = {"Type": "Pause", "Parameters": {"DurationInMilliseconds": duration}}
    call = answered_by(in_turn([pause])).dials()
    call.waits(0.001)
    assert error(call.events[1]) == (
        "InvalidActionParameter",
        "The Duration parameter is invalid.",
    )


def test_a_pause_needs_a_duration(answered_by: AnsweredBy) -> None:
    call = answered_by(in_turn([{"Type": "Pause"}])).dials()
    call.waits(0.001)
    assert error(call.events[1])[1] == "The Duration parameter is invalid."
