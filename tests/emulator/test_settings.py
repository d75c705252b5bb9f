"""Every decision that AWS leaves open: each value of each setting, as a caller notices it."""

from importlib import import_module
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import ValidationError

from offhook.emulator.testing import Settings
from tests.emulator.functions import AnsweredBy
from tests.emulator.settings_stories.decides import STORIES

for room in Path(__file__).with_name("settings_stories").glob("[a-z]*.py"):
    import_module(f"tests.emulator.settings_stories.{room.stem}")

TO_WRITE = """\
{name}, of emulator/offhook/emulator/settings.py, has no story. Write in a file of
tests/emulator/settings_stories/ what a caller notices of each of its values:

@decides({{{outcomes}}})
def {name}(answered_by: Answered) -> object:
    call = answered_by(in_turn([Speak(text="Hello.")])).dials()
    call.hears("Hello.")
    return ...  # what differs
"""


def values_of(name: str) -> tuple[object, ...]:
    """The values of a setting; the default, where there is no end of them."""
    field = Settings.model_fields[name]
    if get_origin(field.annotation) is Literal:
        return get_args(field.annotation)
    return (True, False) if field.annotation is bool else (field.default,)


@pytest.mark.parametrize(
    ("name", "value", "outcome"),
    [(name, value, come) for name, (_, comes) in STORIES.items() for value, come in comes.items()],
)
def test_a_setting_decides_what_the_caller_notices(
    answered_by: AnsweredBy, name: str, value: object, outcome: object
) -> None:
    assert name in Settings.model_fields, "there is no such setting: delete its story"
    story, _ = STORIES[name]
    came = story(lambda function: answered_by(function, **{name: value}))
    assert came == outcome, (
        f"with {name}={value!r} the story {story.__module__}.{name} comes to {came!r}, and its "
        f"@decides says {outcome!r}: mend where .settings.{name} decides, or what is said"
    )


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_value_of_a_setting_has_a_story_and_makes_a_difference(name: str) -> None:
    values = values_of(name)
    if name not in STORIES:
        shown = [*map(repr, values), *(["another"] if len(values) == 1 else [])]
        asked = ", ".join(f"{value}: ..." for value in shown)
        pytest.fail(TO_WRITE.format(name=name, outcomes=asked), pytrace=False)
    story, outcomes = STORIES[name]
    untold = [value for value in values if value not in outcomes]
    assert untold == [], f"say in @decides(...) of {story.__module__}.{name} what comes of these"
    assert any(one != other for one in outcomes.values() for other in outcomes.values()), (
        f"{story.__module__}.{name} says that every value comes to the same"
    )


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_value_that_is_none_of_a_settings_is_refused(name: str) -> None:
    assert refuses(name, ["nonsense"])


NUMBERS = [name for name, default in Settings() if type(default) in {int, float}]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_of_less_than_nothing_is_refused(name: str) -> None:
    assert refuses(name, -1), "write Annotated[..., Field(gt=0)], or ge=0"


def refuses(name: str, value: object) -> bool:
    """Whether a setting cannot be this, and its name is told."""
    try:
        Settings.model_validate({name: value})
    except ValidationError as error:
        return name in str(error)
    return False
