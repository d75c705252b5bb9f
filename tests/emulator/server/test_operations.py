"""Every operation that is emulated succeeds, and answers as botocore's model says.

The success stories are in `operations/`, each under its operation's name in the file of its family,
as in the emulator's own `operations/`.

About `offhook.emulator.server.api.operations.*`.
"""

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeAlias, cast

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.model import StructureShape
from botocore.validate import ParamValidator

from docs.generate_operations import PAGE, page
from offhook.actions import Pause
from offhook.emulator.server.api import keeping, operations
from offhook.emulator.server.api.model import Operation, load_model
from offhook.emulator.server.listening import Server
from tests.emulator.functions import always
from tests.emulator.server.conftest import Serves, client_of

Story: TypeAlias = Callable[[Server, Any], object]

STORIES = Path(__file__).with_name("operations")
NAMES = {xform_name(name): name for name in load_model().operations}
"""The operations of the model, by their names in Python."""
EMULATED = operations.find()
FAMILIES = [module.name for module in iter_modules(operations.__path__)]

TO_WRITE = """\
{name} is emulated, in emulator/offhook/emulator/server/api/operations/{family}.py, and has no story
of how it succeeds. Write one in tests/emulator/server/operations/{family}.py:

def {function}(server: Server, voice: ChimeSDKVoiceClient) -> None:
    answer = voice.{function}({required})
    assert ...  # what the answer says{members}, or what is kept in server.service.account

What it needs to begin with, put into `server.service.account.holdings`: a story that calls other
operations fails with them.
"""


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


def story_of(operation: Operation) -> Story:
    """How it succeeds; fails where nobody has told it."""
    function = xform_name(operation.name)
    family = family_of(operation.name)
    if (STORIES / f"{family}.py").exists() and function in functions(stories_of(family)):
        return cast("Story", getattr(stories_of(family), function))
    asked, told = operation.model.input_shape, operation.model.output_shape
    required = asked.required_members if isinstance(asked, StructureShape) else []
    members = f": {', '.join(told.members)}" if isinstance(told, StructureShape) else ""
    pytest.fail(
        TO_WRITE.format(
            name=operation.name,
            function=function,
            family=family,
            required=", ".join(f"{member}=..." for member in required),
            members=members,
        ),
        pytrace=False,
    )


def family_of(name: str) -> str:
    """The family of an operation that is emulated: of one that is only kept, the first segment."""
    if EMULATED[name].__module__ == keeping.__name__:
        return str(load_model().operations[name].segments[0]).replace("-", "_")
    return EMULATED[name].__module__.rpartition(".")[2]


@cache
def stories_of(family: str) -> ModuleType:
    """The stories of a family."""
    return import_module(f"tests.emulator.server.operations.{family}")


def functions(module: ModuleType) -> set[str]:
    """What a module defines for others."""
    return {
        name
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def faults(operation: Operation, content: bytes) -> str:
    """What botocore finds wrong with an answer as it came: its own parser would drop it."""
    shape = operation.model.output_shape
    if shape is None:
        return content.decode()
    members: Mapping[str, object] = json.loads(content or b"{}")
    return str(ParamValidator().validate(members, shape).generate_report())
