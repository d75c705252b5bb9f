"""How each operation succeeds: the stories in `operations/`, found by the operation's name."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

import pytest
from botocore import xform_name
from botocore.model import StructureShape

from offhook.emulator.server.api import keeping, operations
from offhook.emulator.server.api.model import Operation, load_model
from offhook.emulator.server.listening import Server

Story: TypeAlias = Callable[[Server, Any], object]

STORIES = Path(__file__).with_name("operations")
EMULATED = operations.find()

TO_WRITE = """\
{name} is emulated, in emulator/offhook/emulator/server/api/operations/{family}.py, and has no story
of how it succeeds. Write one in tests/emulator/server/operations/{family}.py:

def {function}(server: Server, voice: ChimeSDKVoiceClient) -> None:
    answer = voice.{function}({required})
    assert ...  # what the answer says{members}, or what is kept in server.service.account

What it needs to begin with, put into `server.service.account.holdings` (of what is only kept,
`server.service.resources`): a story that calls other operations fails with them.
"""


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
