"""docs/calling-out.md says what the code does: its settings, its errors, its Python."""

import json
import re
from pathlib import Path

import pytest

from offhook.command.serving.openapi import document
from offhook.handler import errors, trigger
from offhook.handler.calling import dial_policy, service_errors
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.errors import CallError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "calling-out.md").read_text(encoding="utf-8")
HANDLER = ROOT / "handler/offhook/handler"
FILES = [HANDLER / "calls.py", HANDLER / "trigger.py", *(HANDLER / "calling").glob("*.py")]
CODE = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
DEFAULTS = dict(re.findall(r'_setting\("(OFFHOOK_\w+)", (\d+)\)', CODE))


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


SETTINGS = {name.strip("`"): default for name, default, _ in rows("Settings")}


def test_every_setting_is_there() -> None:
    known = set(re.findall(r"OFFHOOK_[A-Z_]*[A-Z]", CODE)) - {"OFFHOOK_DIAL"}
    assert known - SETTINGS.keys() == set(), "give each a row in docs/calling-out.md, Settings"
    assert SETTINGS.keys() - known == set(), "nothing reads them: docs/calling-out.md, Settings"


def test_the_defaults_of_the_policy_are_those_of_the_page() -> None:
    closed = DialPolicy()
    assert SETTINGS["OFFHOOK_DIAL_HOURS"] == str(closed.hours)
    assert SETTINGS["OFFHOOK_DIAL_DENIED"] == ""
    assert all(prefix in PAGE for prefix in dial_policy.DENIED)
    for name, value in (
        ("PER_DESTINATION", closed.per_destination),
        ("PER_CALLER", closed.per_caller),
        ("PER_DAY", closed.per_day),
    ):
        assert SETTINGS[f"OFFHOOK_DIAL_{name}"] == str(value)
    assert (SETTINGS["OFFHOOK_DIAL_DESTINATIONS"], closed.destinations) == ("nobody", ())
    assert (SETTINGS["OFFHOOK_DIAL_FROM"], closed.from_numbers) == ("none", ())


def test_the_other_defaults_are_those_of_the_page() -> None:
    assert DEFAULTS
    assert {name: SETTINGS[name] for name in DEFAULTS} == DEFAULTS


def test_every_error_is_there_with_its_status() -> None:
    told = {
        name: int(status)
        for names, status, *_ in rows("Errors")
        for name in re.findall(r"`(\w+)`", names)
    }
    kinds = {
        kind.__name__: kind.status
        for module in (errors, service_errors, trigger)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, CallError)
        if kind not in (CallError, service_errors.ChimeError)
    }
    untold = {name: status for name, status in kinds.items() if told.get(name) != status}
    assert untold == {}, "give each a row with its status in docs/calling-out.md, Errors"
    assert told.keys() - kinds.keys() == set(), "there are none: docs/calling-out.md, Errors"
    answered = set(re.findall(r"`(\w+)`", str(document())))
    assert told.keys() - answered == set(), "say in command/serving/openapi.py which methods do"


def test_what_python_it_shows_names_what_there_is() -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    pytest.importorskip("flows.reminder", reason="its example is flows/reminder.py")
    imports = "\n".join(line for line in snippet.splitlines() if line.startswith("from "))
    names: dict[str, object] = {}
    exec(imports, names)
    for verb in set(re.findall(r"calls\.(\w+)\(", PAGE)):
        assert hasattr(names["calls"], verb), verb


def test_the_state_of_a_workflow_is_json() -> None:
    (state,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    for retry in json.loads(state)["Retry"]:
        for name in retry["ErrorEquals"]:
            assert name == "States.ALL" or hasattr(errors, name), name
