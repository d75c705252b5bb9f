"""JSON is quick where it can be, and takes what the standard library takes."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.emulator.as_json import same, text_of, value_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)


@given(VALUES)
def test_a_value_comes_through_as_it_was(value: object) -> None:
    assert value_of(text_of(value)) == value
    assert value_of(json.dumps(value)) == value


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": [1]}, 10**40, float("inf")])
def test_what_is_no_good_json_comes_through_as_well(value: object) -> None:
    assert value_of(text_of(value)) == value
    assert value_of(json.dumps(value)) == value


def test_what_is_no_json_is_said() -> None:
    assert value_of(text_of({"at": datetime(2027, 3, 1, tzinfo=UTC)})) != {}
    with pytest.raises(ValueError, match="Expecting value"):
        value_of("call me")


@given(VALUES)
def test_what_is_json_already_is_copied_with_its_text(value: object) -> None:
    copied = same(value)
    assert copied is None or copied == (value, text_of(value))
    if isinstance(value, (dict, list)) and copied is not None:
        assert copied[0] is not value


@pytest.mark.parametrize(
    "value", [(1,), {1: 2}, {"at": datetime(2027, 3, 1, tzinfo=UTC)}, [Decimal(1)], {2}, "\ud800"]
)
def test_what_is_not_json_as_it_is_is_left_to_others(value: object) -> None:
    assert same({"Actions": [value]}) is None
