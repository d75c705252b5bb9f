"""Every operation that is emulated succeeds, and answers as botocore's model says.

The success stories are in `operations/`, each under its operation's name in the file of its family,
as in the emulator's own `operations/`.

About `offhook.emulator.server.api.operations.*`.
"""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.validate import ParamValidator

from docs.generate_operations import PAGE, page
from offhook.actions import Pause
from offhook.emulator.server.api import operations
from offhook.emulator.server.api.model import Operation, load_model
from tests.emulator.functions import always
from tests.emulator.server.conftest import Serves, client_of
from tests.emulator.server.stories import (
    EMULATED,
    STORIES,
    family_of,
    functions,
    stories_of,
    story_of,
)

NAMES = {xform_name(name): name for name in load_model().operations}
"""The operations of the model, by their names in Python."""
FAMILIES = [module.name for module in iter_modules(operations.__path__)]


@pytest.mark.parametrize("name", sorted(EMULATED))
def test_an_operation_succeeds_and_its_answer_is_as_the_model_says(
    serves: Serves, name: str
) -> None:
    server = serves(always(Pause(duration_in_milliseconds=20_000)))
    operation = load_model().operations[name]
    asking = client_of(server, operation.service)
    answers: list[AWSResponse] = []

    def hear(http_response: AWSResponse, **_said: object) -> None:
        answers.append(http_response)

    asking.meta.events.register(f"after-call.{operation.service}.{name}", hear)
    story_of(operation)(server, asking)
    assert answers, f"the story {xform_name(name)} does not call .{xform_name(name)}(...)"
    for answer in answers:
        assert answer.status_code == operation.status
        assert faults(operation, answer.content) == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_family_shows_are_operations_of_the_model(family: str) -> None:
    shown = functions(import_module(f"{operations.__name__}.{family}"))
    strange = [
        f"operations/{family}.py: {function} is no operation of the model, and is never run. "
        f"Is it one of {get_close_matches(function, NAMES)}? If it is none, begin its name with _"
        for function in sorted(shown - NAMES.keys())
    ]
    assert not strange, "\n".join(strange)


@pytest.mark.parametrize("file", sorted(STORIES.glob("*.py")), ids=lambda file: file.stem)
def test_a_story_is_of_an_operation_of_its_family(file: Path) -> None:
    told = functions(stories_of(file.stem)) & NAMES.keys()
    emulated = {xform_name(name) for name in EMULATED if family_of(name) == file.stem}
    strange = [
        f"tests/emulator/server/operations/{file.name} tells of {function}, which is not emulated "
        f"in the file of this name: move the story to its family's, or delete it"
        for function in sorted(told - emulated)
    ]
    assert not strange, "\n".join(strange)


def test_the_table_of_the_documentation_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/emulator.md is stale: make docs"


def faults(operation: Operation, content: bytes) -> str:
    """What botocore finds wrong with an answer as it came: its own parser would drop it."""
    shape = operation.model.output_shape
    if shape is None:
        return content.decode()
    members: Mapping[str, object] = json.loads(content or b"{}")
    return str(ParamValidator().validate(members, shape).generate_report())
