"""An action that is half added is never silent: what is missing is named, and where."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import cast

import pytest
from pydantic.alias_generators import to_pascal

from offhook import actions
from offhook.actions import Action, UnknownAction, action_class, action_types
from offhook.actions.base import snake_case
from offhook.actions.refusals import FailsWith
from offhook.actions.wire import marker
from offhook.emulator.behaviours import find
from offhook.emulator.function.needs import PLACES
from offhook.handler.memory import TELLS
from tests.actions.examples import ACTIONS
from tests.actions.test_catalogue import RESULTS
from tests.actions.test_refusals import FAULTS
from tests.emulator.call.canonical import INTERRUPTIBLE, canonical, names
from tests.emulator.call.every_action import (
    FIRST_LEG_ONLY,
    NEEDS_A_CALL_ID,
    PARAMETERS,
    SECOND_LEG_ONLY,
    TAKES_A_TAG,
    TAKES_TIME,
)
from tests.emulator.functions import action_data
from tests.project.test_house import ROOT
from tests.to_write import nothing_to_write

BEHAVIOURS = ROOT / "emulator" / "offhook" / "emulator" / "behaviours"
EVENTS = ROOT / "events"
EXPORTS = (ROOT / "actions/offhook/actions/__init__.py").read_text(encoding="utf-8")
REPLIES = (ROOT / "docs/reference/replies.md").read_text(encoding="utf-8")
STORIES = "\n".join(
    file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "tests/emulator/behaviours").glob("test_*.py"))
)
FAILED = {action_data(canonical(name))["Type"] for name in names("action_failed")}
LEGS = (*FIRST_LEG_ONLY, *SECOND_LEG_ONLY, *TAKES_A_TAG, *NEEDS_A_CALL_ID)


def treated(action: str) -> tuple[bool, bool]:
    """Whether a call update stops it; whether its success is told from the middle of a list while
    one leg is up: of two, the router knows it by them."""
    kind = action_class(action)
    behaviour = find(kind) if kind else None
    if behaviour is None:
        return False, False
    are_two = behaviour.makes_leg_b or behaviour.on == "LEG-B"
    return behaviour.interruptible, behaviour.notifies and not are_two


def places(kind: type[Action[object]] | None) -> Iterator[str]:
    """Its fields that are an object or a prefix in S3."""
    schema: dict[str, object] = kind.model_json_schema(by_alias=False) if kind else {}
    for field, said in cast("dict[str, object]", schema.get("properties", {})).items():
        if "'const': 'S3'" in str(said):
            yield field


def refused_with(kind: type[Action[object]] | None) -> set[str]:
    """The errors with which the fields say that they are refused."""
    marks = [marker(field, FailsWith) for field in kind.model_fields.values()] if kind else []
    said = {mark.error_type for mark in marks if mark}
    return said | {mark.missing.error_type for mark in marks if mark and mark.missing}


def parts(action: str) -> dict[str, bool]:
    """All that belongs to an action, and whether it is there."""
    name = snake_case(action)
    kind = action_class(action)
    brings = kind.result_type if kind else None
    result = brings.__name__ if brings else None
    shown = f"::: {brings.__module__}.{result}" if brings else ""
    is_interruptible, is_told = treated(action)
    unnamed = [f for f in places(kind) if not {("", f), (action, f)} & PLACES.keys()]
    unsaid = sorted(refused_with(kind) - {*(kind.errors if kind else ())})
    return {
        f"actions/offhook/actions/{name}.py: {', '.join(unsaid)}, with which its fields are "
        "refused, in errors": not unsaid,
        "actions/offhook/actions/__init__.py: its export, as "
        f"`from offhook.actions.{name} import {action} as {action}`": (
            re.search(rf"\bas {action}\b", EXPORTS) is not None
        ),
        f"actions/offhook/actions/__init__.py: what it brings back, {result}, as its export, and "
        "in _RESULTS": result is None or (f"as {result}\n" in EXPORTS and result in dir(actions)),
        f"tests/actions/test_catalogue.py: what it brings back, {result}, in RESULTS": (
            RESULTS.get(action) == result
        ),
        f"emulator/offhook/emulator/behaviours/{name}.py: how it is performed, in an async "
        f"function {name} with the decorator `behaviour`": (BEHAVIOURS / f"{name}.py").exists(),
        f'handler/offhook/handler/memory.py: "{action}" in TELLS, where its success is told from '
        "the middle of a list while one leg is up, and there alone": (action in TELLS) == is_told,
        f"emulator/offhook/emulator/function/needs.py: the bucket of {', '.join(unnamed)}, where "
        "none is named, in PLACES": not unnamed,
        f"events/action_successful/{name}.json: what is told of its success, and its row in "
        "events/README.md": (EVENTS / f"action_successful/{name}.json").exists(),
        f"events/action_failed/{name}_....json: what is told of a failure, and its row; where "
        "only a fault brings it about, its name in ON_PURPOSE of "
        "tests/emulator/call/test_canonical_failures.py": action in FAILED,
        f"events/action_interrupted/{name}.json: what is told when an update stops it, and its "
        "row": action in INTERRUPTIBLE or not is_interruptible,
        'tests/actions/examples.json: a "minimal" and a "full" example of it in "actions"': (
            ACTIONS.get(action, {}).keys() == {"minimal", "full"}
        ),
        "tests/actions/test_refusals.py: how a parameter of it is refused, in FAULTS": (
            action in FAULTS
        ),
        "tests/emulator/call/every_action.py: one that works, and ends within 30 s, in "
        "PARAMETERS": action in PARAMETERS,
        "tests/emulator/call/every_action.py: its legs, in one of FIRST_LEG_ONLY, SECOND_LEG_ONLY, "
        "TAKES_A_TAG, NEEDS_A_CALL_ID": LEGS.count(action) == 1,
        "tests/emulator/call/every_action.py: what is told when its leg leaves in its middle, in "
        "one of ENDS_WELL, ENDS_BADLY, JUST_ENDS": (action in TAKES_TIME or not is_interruptible),
        f"tests/emulator/behaviours/test_{name}.py: a caller's story of it": (
            re.search(rf"\b{action}\b", STORIES) is not None
        ),
        f"docs/reference/replies.md: what it brings back, {shown}": f"{shown}\n" in REPLIES,
        f"docs/schemas/{name}.json and docs/actions.md: make docs": (
            ROOT / f"docs/schemas/{name}.json"
        ).exists(),
    }


@pytest.mark.parametrize("action", action_types())
def test_an_action_has_everything_that_belongs_to_it(action: str) -> None:
    missing = [part for part, is_there in parts(action).items() if not is_there]
    nothing_to_write(f"{action} lacks", missing)


def test_every_class_of_an_action_is_found_by_the_name_of_its_file() -> None:
    nothing_to_write(
        "no action is found by these files: a class has the AWS name, its file that in snake case",
        (
            f"actions/offhook/actions/{file.stem}.py: class {to_pascal(file.stem)}, not {name}"
            for file in sorted((ROOT / "actions/offhook/actions").glob("[a-z]*.py"))
            for name, kind in vars(import_module(f"offhook.actions.{file.stem}")).items()
            if is_an_action_of(file.stem, kind) and name not in action_types()
        ),
    )


def is_an_action_of(room: str, kind: object) -> bool:
    """Whether it is a class of an action that is made there, for itself and for no other."""
    return (
        isinstance(kind, type)
        and issubclass(kind, Action)
        and kind.__module__ == f"offhook.actions.{room}"
        and not kind.__subclasses__()
        and kind is not UnknownAction
    )


def test_every_behaviour_is_of_an_action() -> None:
    names = {file.stem for file in BEHAVIOURS.glob("[a-z]*.py")}
    strange = sorted(names - {*map(snake_case, action_types())})
    nothing_to_write(
        "no action has the name of these behaviours: write, or call otherwise",
        (f"actions/offhook/actions/{name}.py: class {to_pascal(name)}" for name in strange),
    )
