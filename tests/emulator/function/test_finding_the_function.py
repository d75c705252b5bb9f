"""`module:function`: how it is found, and what is said when it is not there."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from offhook.emulator.function.function import FunctionNotFound
from offhook.emulator.function.in_process import LambdaContext, load_handler
from tests.emulator.functions import AnsweredBy

Module = Callable[..., str]
"""`a_module("x = 1")`: a fresh module in the current folder; its name."""


@pytest.fixture
def a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    made: list[str] = []

    def make(text: str, name: str = "") -> str:
        name = name or f"app_{tmp_path.name}_{len(made)}"
        file = tmp_path / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        made.append(name)
        return name

    return make


def why_not(name: str) -> str:
    with pytest.raises(FunctionNotFound) as raised:
        load_handler(name)
    return str(raised.value)


def test_a_function_in_the_current_folder_is_found(
    a_module: Module, answered_by: AnsweredBy
) -> None:
    name = a_module(
        "def handler(event, context):\n"
        "    speak = {'Type': 'Speak', 'Parameters': {'Text': context.function_name}}\n"
        "    return {'SchemaVersion': '1.0', 'Actions': [speak]}\n"
    )
    answered_by(f"{name}:handler").dials().hears("offhook")


def test_a_function_in_a_package_is_found(a_module: Module, tmp_path: Path) -> None:
    package = f"package_{tmp_path.name}"
    name = a_module("class App:\n    @staticmethod\n    def handler(e, c): ...\n", f"{package}.app")
    assert callable(load_handler(f"{name}:App.handler"))


@pytest.mark.parametrize(
    "name",
    [
        "flows.app",
        "flows/app.py",
        "flows/app.py:lambda_handler",
        "./flows/app:lambda_handler",
        "app.py:lambda_handler",
        "flows.app:",
        ":lambda_handler",
        "",
    ],
)
def test_a_path_or_half_a_name_is_no_function(name: str) -> None:
    assert why_not(name) == (
        f"{name!r} is not a function: write module:function, as in flows.app:lambda_handler"
    )


def test_a_module_that_is_not_there_is_named(a_module: Module, tmp_path: Path) -> None:
    a_module("")
    said = why_not("nowhere.app:handler")
    assert said.startswith("cannot import nowhere.app (of 'nowhere.app:handler'): ")
    assert "there is no module 'nowhere'" in said
    assert str(tmp_path) in said


def test_a_module_that_a_module_needs_is_named(a_module: Module) -> None:
    name = a_module("import json\nimport a_library_that_is_not_there\n")
    said = why_not(f"{name}:handler")
    assert said.startswith(f"{name} does not import: No module named 'a_library_that_is_not_there'")
    assert "install it where the function runs" in said
    assert f"{name}.py:2" in said


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("x = 1\nraise ValueError('no table')\n", "ValueError: no table", 2),
        ("def broken(:\n    pass\n", "SyntaxError: invalid syntax", 1),
        ("x = 1\nif x:\nprint(x)\n", "IndentationError: ", 3),
        ("import sys\nsys.exit('usage: app')\n", "SystemExit: usage: app", 2),
        ("from json import nothing_of_the_kind\n", "ImportError: cannot import name", 1),
        ("print(undefined)\n", "NameError: name 'undefined' is not defined", 1),
    ],
)
def test_a_module_that_does_not_import_says_where(
    a_module: Module, text: str, says: str, line: int
) -> None:
    name = a_module(text)
    said = why_not(f"{name}:handler")
    assert said.startswith(f"{name} does not import: {says}")
    assert re.search(rf"\n  at .*{name}\.py:{line}\b", said)


def test_a_function_that_is_not_there_is_named_with_those_that_are(a_module: Module) -> None:
    name = a_module(
        "def handler(e, c): ...\ndef other(e, c): ...\nclass Kind: ...\n"
        "_hidden = print\nnumber = 3\n"
    )
    said = why_not(f"{name}:lambda_handler")
    assert said == f"{name} has no function 'lambda_handler': it has handler, other"
    assert why_not(f"{name}:number").startswith(f"{name} has no function 'number'")
    assert why_not(f"{name}:Kind").startswith(f"{name} has no function 'Kind'")
    assert why_not(f"{name}:handler.more").startswith(f"{name} has no function 'handler.more'")


def test_a_module_without_functions_says_so(a_module: Module) -> None:
    name = a_module("number = 3\n")
    assert why_not(f"{name}:handler") == f"{name} has no function 'handler'"


def test_the_phone_says_so_too(a_module: Module, answered_by: AnsweredBy) -> None:
    a_module("")
    with pytest.raises(FunctionNotFound, match=r"cannot import nowhere \(of 'nowhere:handler'\)"):
        answered_by("nowhere:handler").dials()


def test_the_context_is_as_lambda_gives_it(answered_by: AnsweredBy) -> None:
    seen: dict[str, object] = {}

    def function(_event: object, context: LambdaContext) -> object:
        seen["function_name"] = context.function_name
        seen["aws_request_id"] = context.aws_request_id
        seen["arn"] = context.invoked_function_arn
        seen["left"] = context.get_remaining_time_in_millis()
        seen["memory"] = context.memory_limit_in_mb
        return {"SchemaVersion": "1.0", "Actions": [{"Type": "Hangup"}]}

    answered_by(function).dials().ends()
    assert seen["function_name"] == "offhook"
    assert isinstance(seen["left"], int)
    assert str(seen["memory"]).isdecimal()
    assert str(seen["arn"]).startswith("arn:aws:lambda:")
    assert len(str(seen["aws_request_id"])) == 36
