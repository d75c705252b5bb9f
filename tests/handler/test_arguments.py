"""Typed arguments: a model of one's own travels as the string map of the two APIs."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, model_validator

from offhook.emulator.testing import Phone
from offhook.handler import (
    ArgumentsUnreadable,
    CallUpdateRequested,
    NewOutboundCall,
    Reply,
    Router,
    arguments_of,
)
from offhook.handler.arguments import read_arguments


class Stop(BaseModel):
    """Part of a tour."""

    street: str
    floor: int | None = None


class Tour(BaseModel):
    """A model with a field of each kind."""

    name: str
    day: date
    size: Literal["small", "large"] = "small"
    seats: int = 1
    price: float = 0.0
    is_paid: bool = False
    note: str | None = None
    stops: tuple[Stop, ...] = ()
    codes: dict[str, int] = Field(default_factory=dict[str, int])


TOUR = Tour(name="Ada", day=date(2027, 3, 1), stops=(Stop(street="Canal Street"),))

tours = st.builds(
    Tour,
    name=st.text() | st.sampled_from(["12", "true", "null", '"', "[1]", "{}", "NaN", "1e5", "007"]),
    day=st.dates(),
    size=st.sampled_from(["small", "large"]),
    seats=st.integers(),
    price=st.floats(allow_nan=False),
    is_paid=st.booleans(),
    note=st.none() | st.text(),
    stops=st.lists(
        st.builds(Stop, street=st.text(), floor=st.none() | st.integers()), max_size=3
    ).map(tuple),
    codes=st.dictionaries(st.text(), st.integers(), max_size=3),
)


@given(tours)
def test_a_model_comes_back_as_it_was_sent(tour: Tour) -> None:
    arguments = arguments_of(tour)
    assert all(isinstance(value, str) for value in arguments.values())
    assert read_arguments(Tour, arguments) == tour


def test_text_stays_readable_on_the_wire() -> None:
    assert arguments_of(TOUR) == {
        "offhook": "Tour",
        "name": "Ada",
        "day": "2027-03-01",
        "size": "small",
        "seats": "1",
        "price": "0.0",
        "is_paid": "false",
        "note": "null",
        "stops": '[{"street":"Canal Street","floor":null}]',
        "codes": "{}",
    }


def test_a_map_that_another_program_wrote_is_read_by_the_names_of_the_fields() -> None:
    arguments = {"name": "12", "day": "2027-03-01", "seats": "3", "is_paid": "true", "more": "x"}
    assert read_arguments(Tour, arguments) == Tour(
        name="12", day=date(2027, 3, 1), seats=3, is_paid=True
    )


@pytest.mark.parametrize("name", ["12", "true", "null", "1e400", "[]", "", "+15550100200"])
def test_a_foreign_string_is_taken_as_it_stands(name: str) -> None:
    assert read_arguments(Stop, {"street": name}).street == name


def test_fields_go_by_their_names_whatever_their_aliases() -> None:
    class Order(BaseModel):
        model_config = ConfigDict(serialize_by_alias=True)

        order_id: str = Field(alias="OrderId")

    order = Order(OrderId="7")
    assert arguments_of(order) == {"offhook": "Order", "order_id": '"7"'}
    assert read_arguments(Order, arguments_of(order)) == order
    assert read_arguments(Order, {"order_id": "7"}) == order


def of(fields: int) -> BaseModel:
    """A model with so many fields."""
    names = [f"field_{n}" for n in range(fields)]
    annotations = dict.fromkeys(names, int)
    kind = type("Many", (BaseModel,), {"__annotations__": annotations, **dict.fromkeys(names, 7)})
    return cast("BaseModel", kind())


def test_nineteen_fields_fit() -> None:
    arguments = arguments_of(of(19))
    assert len(arguments) == 20
    assert read_arguments(type(of(19)), arguments).model_dump() == of(19).model_dump()


def test_twenty_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="Many has 20 fields: a request takes 19"):
        arguments_of(of(20))


def test_a_field_of_our_name_is_refused() -> None:
    class Odd(BaseModel):
        offhook: str = "x"

    with pytest.raises(ValueError, match="no field may be called offhook"):
        arguments_of(Odd())


def test_another_models_arguments_are_refused() -> None:
    with pytest.raises(ArgumentsUnreadable, match="the request carries a Tour, not a Stop"):
        read_arguments(Stop, arguments_of(TOUR))


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, "street"),
        ({"floor": "2"}, "street"),
        ({"street": "Canal Street", "floor": "+15550100200#2"}, "floor"),
    ],
    ids=["none", "one missing", "of another type"],
)
def test_what_is_wrong_is_named_but_not_shown(arguments: Mapping[str, str], names: str) -> None:
    with pytest.raises(ArgumentsUnreadable, match=f"no Stop: .*{names}") as raised:
        read_arguments(Stop, arguments)
    assert "arguments_of(Stop(...))" in str(raised.value)
    chain = [raised.value, raised.value.__cause__, raised.value.__context__]
    assert "+15550100200" not in "".join(map(str, chain))


# --- in a call

router = Router()
asked = list[Tour]()


@router.new_outbound_call()
def remember(event: NewOutboundCall) -> Reply:
    asked.append(event.arguments_as(Tour))
    return None


@router.call_update_requested()
def change(event: CallUpdateRequested) -> Reply:
    asked.append(event.arguments_as(Tour))
    return None


def test_the_arguments_of_both_requests_are_read() -> None:
    asked.clear()
    with Phone(router) as phone:
        call = phone.rings(arguments=arguments_of(TOUR))
        call.answers()
        call.updates(**arguments_of(TOUR.model_copy(update={"seats": 2})))
    assert [tour.seats for tour in asked] == [1, 2]
    assert asked[0] == TOUR


def test_a_call_without_arguments_says_what_to_send(caplog: pytest.LogCaptureFixture) -> None:
    with Phone(router) as phone:
        phone.rings().waits(0)
    assert "They are none. Send arguments_of(Tour(...))" in caplog.text


def test_a_rule_of_the_whole_model_is_told() -> None:
    class Walk(BaseModel):
        start: int
        end: int

        @model_validator(mode="after")
        def _goes_forward(self) -> Self:
            if self.end <= self.start:
                raise ValueError("a walk ends after it starts")
            return self

    with pytest.raises(ArgumentsUnreadable, match=r"all of it: .*a walk ends after it starts"):
        read_arguments(Walk, {"start": "2", "end": "1"})
