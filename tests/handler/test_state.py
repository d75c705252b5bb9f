"""Call state: a model of one's own, kept in the call's attributes."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, JsonValue, computed_field

from offhook.actions import Response, Speak
from offhook.handler import OffhookError, Router, StateUnreadable
from offhook.handler.events import parse
from offhook.handler.state import decode, read, write
from tests.handler.answers import explaining, heard, returning, saying
from tests.handler.payloads import Payload, payload, storing


class Mood(Enum):
    """Values that look like something else."""

    FINE = "true"
    ONE = "1"
    NONE = "null"


class Step(IntEnum):
    """Numbers with names."""

    FIRST = 1
    LAST = 2


class Order(BaseModel):
    """Something within the state."""

    number: str
    lines: list[str] = []
    paid: bool | None = None


class Survey(BaseModel):
    """A state with every kind of field."""

    name: str
    tries: int
    score: float
    done: bool
    note: str | None
    either: int | str
    answers: list[str]
    order: Order
    by_key: dict[str, int]
    asked_at: datetime
    birthday: date
    mood: Mood
    step: Step
    language: Literal["en", "fr"]
    wait: timedelta
    price: Decimal
    ticket: UUID


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LIKE_JSON = st.sampled_from(
    [
        *("12", "1.5", "true", "false", "null", '"x"', "[]", "{}", "NaN", "Infinity", "", " 1 "),
        *("-0", "1e5", "[1, 2]", '{"a": 1}', "0123", "'x'", "None", "True", "[" * 1200),
    ]
)
STRINGS = WORDS | LIKE_JSON

SURVEYS = st.builds(
    Survey,
    name=STRINGS,
    tries=st.integers(),
    score=st.floats(allow_nan=False),
    done=st.booleans(),
    note=st.none() | STRINGS,
    either=st.integers() | STRINGS,
    answers=st.lists(STRINGS, max_size=3),
    order=st.builds(
        Order,
        number=STRINGS,
        lines=st.lists(STRINGS, max_size=2),
        paid=st.none() | st.booleans(),
    ),
    by_key=st.dictionaries(STRINGS, st.integers(), max_size=3),
    asked_at=st.datetimes(timezones=st.just(UTC)),
    birthday=st.dates(),
    mood=st.sampled_from(Mood),
    step=st.sampled_from(Step),
    language=st.sampled_from(["en", "fr"]),
    wait=st.timedeltas(timedelta(), timedelta(days=7)),
    price=st.decimals(-1000, 1000, places=2),
    ticket=st.uuids(),
)


@given(survey=SURVEYS)
def test_a_state_comes_back_as_it_was_stored(survey: Survey) -> None:
    stored = write(survey, {})
    assert all(isinstance(value, str) for value in stored.values())
    after_the_service = json.loads(json.dumps(stored))
    assert read(Survey, after_the_service) == survey


@given(survey=SURVEYS)
def test_a_state_comes_back_through_the_service(survey: Survey) -> None:
    router = Router()
    router.call_answered()(returning(Response(attributes=survey)))
    attributes = router(payload("call_answered/minimal"))["TransactionAttributes"]
    assert isinstance(attributes, dict)
    event: Payload = json.loads(json.dumps(storing(dict(attributes))))
    assert parse(event).state(Survey) == survey


class Visit(BaseModel):
    """A small state."""

    name: str = "somebody"
    tries: int = 0


def test_a_string_is_stored_as_it_is_where_it_cannot_be_mistaken() -> None:
    assert write(Visit(name="Ana", tries=2), {}) == {"name": "Ana", "tries": "2"}
    assert write(Visit(name="12"), {})["name"] == '"12"'
    assert write(Visit(name="true"), {})["name"] == '"true"'
    assert write(Visit(name="Zoë"), {})["name"] == "Zoë"


def test_what_is_not_stored_takes_its_default() -> None:
    assert read(Visit, {}) == Visit()
    assert read(Visit, {"tries": "3"}) == Visit(tries=3)


def test_attributes_that_are_not_fields_are_kept() -> None:
    foreign: dict[str, JsonValue] = {"campaign": "7", "nested": {"a": [1]}, "name": "old"}
    assert write(Visit(name="Ana"), foreign) == {
        "campaign": "7",
        "nested": {"a": [1]},
        "name": "Ana",
        "tries": "0",
    }
    assert foreign["name"] == "old"
    assert read(Visit, foreign) == Visit(name="old")


@pytest.mark.parametrize(
    ("stored", "name"), [("12", "12"), ("true", "true"), ('{"a": 1}', '{"a": 1}'), ("Ana", "Ana")]
)
def test_what_another_program_stored_is_read_as_it_stands(stored: str, name: str) -> None:
    assert read(Visit, {"name": stored}).name == name


@pytest.mark.parametrize("stored", ["3", 3, 3.0], ids=repr)
def test_another_program_may_store_numbers_as_they_are(stored: JsonValue) -> None:
    assert read(Visit, {"tries": stored}).tries == 3


class Strict(BaseModel):
    """A model with rules of its own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    asked_at: datetime
    ids: tuple[int, ...] = ()


def test_a_strict_model_is_read_too() -> None:
    strict = Strict(asked_at=datetime(2026, 9, 21, tzinfo=UTC), ids=(1, 2))
    assert read(Strict, write(strict, {"foreign": "1"})) == strict


class Aliased(BaseModel):
    """A model with names for elsewhere."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: str = Field(alias="fullName")
    tries: int = Field(default=0, validation_alias="attempts", serialization_alias="attempts")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shout(self) -> str:
        """Not a field: it is made of one."""
        return self.name.upper()


def test_a_state_is_stored_under_the_names_of_its_fields() -> None:
    aliased = Aliased.model_validate({"fullName": "12", "attempts": 4})
    stored = write(aliased, {})
    assert stored == {"name": '"12"', "tries": "4"}
    assert read(Aliased, stored) == aliased
    assert read(Aliased, {"name": "12"}).name == "12"


class Needed(BaseModel):
    """A state that cannot do without."""

    customer: str
    age: int


def test_a_state_that_is_not_there_is_told_by_what_is_missing() -> None:
    with pytest.raises(StateUnreadable) as refused:
        parse(storing({"age": "unknown", "campaign": "7"})).state(Needed)
    message = str(refused.value)
    assert "TransactionAttributes hold no Needed" in message
    assert "customer: Field required" in message
    assert "age: " in message
    assert "Stored are age, campaign" in message
    assert "Response(actions, attributes=Needed(...))" in message
    assert isinstance(refused.value, OffhookError)


def test_a_message_about_a_state_holds_no_value() -> None:
    with pytest.raises(StateUnreadable) as refused:
        read(Needed, {"customer": "Ana", "age": "12 Canal Street"})
    assert "Canal" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_an_empty_store_is_told_as_such() -> None:
    with pytest.raises(StateUnreadable, match="Stored are none"):
        read(Needed, {})


def test_a_state_that_cannot_be_read_is_a_failure_of_the_handler() -> None:
    router = Router()
    router.call_answered()(lambda event: saying(event.state(Needed).customer)(event))
    router.exception(StateUnreadable)(explaining(Speak(text="Who are you?")))
    assert heard(router, payload("call_answered/minimal")) == "Who are you?"
    assert heard(router, storing({"customer": "Ana", "age": "30"})) == "Ana"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | STRINGS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["customer", "age", "other"]), JSON))
def test_any_attributes_are_a_state_or_unreadable(stored: dict[str, JsonValue]) -> None:
    try:
        state = read(Needed, stored)
    except StateUnreadable:
        return
    assert isinstance(state, Needed)


@given(JSON)
def test_any_attribute_has_a_value(stored: JsonValue) -> None:
    value = decode(stored)
    assert isinstance(stored, str) or value is stored
