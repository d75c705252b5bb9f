"""Every decision that AWS leaves open: each value of each setting, as a caller notices it."""

from typing import Literal, get_args, get_origin

import pytest
from pydantic import ValidationError

from offhook.emulator.testing import Settings
from tests.emulator.functions import AnsweredBy
from tests.emulator.settings_stories import STORIES


def values_of(name: str) -> set[object]:
    """The values of a setting; the default, where there is no end of them."""
    field = Settings.model_fields[name]
    if get_origin(field.annotation) is Literal:
        return set(get_args(field.annotation))
    return {True, False} if field.annotation is bool else {field.default}


@pytest.mark.parametrize(
    ("name", "value", "outcome"),
    [(name, value, come) for name, (_, comes) in STORIES.items() for value, come in comes.items()],
)
def test_a_setting_decides_what_the_caller_notices(
    answered_by: AnsweredBy, name: str, value: object, outcome: object
) -> None:
    story, _ = STORIES[name]
    assert story(lambda function: answered_by(function, **{name: value})) == outcome


def test_every_value_of_every_setting_has_a_story() -> None:
    told = {name: set(outcomes) for name, (_, outcomes) in STORIES.items()}
    assert told.keys() == Settings.model_fields.keys()
    for name, values in told.items():
        assert values >= values_of(name), name
        assert len(values) > 1, name


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_value_that_is_none_of_a_settings_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: ["nonsense"]})


@pytest.mark.parametrize(
    "name", ["words_per_minute", "unanswered_seconds", "outbound_ring_seconds", "max_invocations"]
)
def test_a_number_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: 0})
