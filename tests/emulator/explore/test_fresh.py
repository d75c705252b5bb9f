"""A function is explored as a new environment has it, and nobody else in the process notices.

About `offhook.emulator.explore.chance` too.
"""

import importlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhook.emulator.explore.fresh import fresh
from offhook.emulator.explore.jobs import explore
from offhook.emulator.explore.options import Options
from offhook.emulator.function.function import FunctionNotFound, Limits
from offhook.emulator.service.config import Desk
from offhook.emulator.service.usual import MONDAY_AT_TEN

BYE = "{'SchemaVersion': '1.0', 'Actions': [{'Type': 'Hangup', 'Parameters': {}}]}"
SEED = 1
"""With it, the first two environments that are asked say the same."""
HANDLER = f"""
import helped_by
def handler(event, context):
    helped_by.seen.append(event["Sequence"])
    return {BYE}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a handler, what it imports, and what it does not."""
    (tmp_path / "takes_calls.py").write_text(HANDLER)
    (tmp_path / "helped_by.py").write_text("seen = []\n")
    (tmp_path / "of_others.py").write_text("kept = []\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    before = {*sys.modules}
    for name in ("takes_calls", "of_others"):
        importlib.import_module(name)
    yield tmp_path
    for name in {*sys.modules} - before:
        del sys.modules[name]


def test_what_the_handler_imports_is_new_and_comes_back(project: Path) -> None:
    mine = {name: sys.modules[name] for name in ("takes_calls", "helped_by", "of_others")}
    with fresh("takes_calls:handler", Limits()):
        assert sys.modules["takes_calls"] is not mine["takes_calls"]
        assert sys.modules["helped_by"] is not mine["helped_by"]
        assert sys.modules["of_others"] is mine["of_others"]
    assert {name: sys.modules[name] for name in mine} == mine


def test_an_exploration_leaves_no_trace_in_modules(project: Path) -> None:
    mine = sys.modules["helped_by"]
    desk = Desk().with_function("takes_calls:handler")
    explore(desk, desk.sip_media_applications[0], Options(at=[MONDAY_AT_TEN]))
    assert sys.modules["helped_by"] is mine
    assert mine.seen == []


@pytest.mark.parametrize("is_object", [False, True])
def test_what_is_said_by_chance_is_no_state(project: Path, is_object: bool) -> None:
    random.seed(SEED)
    (project / "takes_calls.py").write_text(
        "import random\n"
        "def handler(event, context):\n"
        "    text = random.choice(['Hi.', 'Hello.'])\n"
        "    actions = [{'Type': 'Speak', 'Parameters': {'Text': text}},\n"
        "               {'Type': 'Hangup', 'Parameters': {}}]\n"
        "    return {'SchemaVersion': '1.0', 'Actions': actions}\n"
    )
    module = importlib.reload(sys.modules["takes_calls"])
    desk, options = Desk().with_function("takes_calls:handler"), Options(at=[MONDAY_AT_TEN])
    handler = module.handler if is_object else None
    found = explore(desk, desk.sip_media_applications[0], options, handler=handler).found
    assert [each.finding.rule for each in found] == ["ignored-actions"]


@pytest.mark.thorough
def test_what_shows_in_another_call_and_in_another_environment_is_one(project: Path) -> None:
    (project / "takes_calls.py").write_text(
        "CALLS = []\n"
        "def handler(event, context):\n"
        "    told = event['InvocationEventType']\n"
        "    if told == 'HANGUP':\n"
        "        return\n"
        "    more = [{'Type': 'Hangup', 'Parameters': {}}] if told != 'NEW_INBOUND_CALL' else []\n"
        "    if told == 'NEW_INBOUND_CALL':\n"
        "        CALLS.append(told)\n"
        "    count = min(3, len(CALLS)) if told == 'ACTION_SUCCESSFUL' else 0\n"
        "    actions = [{'Type': 'Speak', 'Parameters': {'Text': f'{count} calls'}}, *more]\n"
        "    return {'SchemaVersion': '1.0', 'Actions': actions}\n"
    )
    desk = Desk().with_function("takes_calls:handler")
    result = explore(desk, desk.sip_media_applications[0], Options(at=[MONDAY_AT_TEN]))
    (found,) = (each for each in result.found if each.finding.rule == "shared-state")
    assert found.story == ["waits"]


LOTS = {
    "random.randrange(10 ** 9)": True,
    "secrets.token_hex(4)": True,
    "uuid.uuid4().hex": True,
    "os.environ.update(N=os.environ.get('N', '') + '1') or os.environ['N']": False,
}


@pytest.mark.thorough
@pytest.mark.parametrize("lot", LOTS)
def test_a_call_that_draws_a_number_by_lot_is_explored_to_the_end(
    project: Path, monkeypatch: pytest.MonkeyPatch, lot: str
) -> None:
    monkeypatch.setenv("N", "")
    random.seed(SEED)
    (project / "takes_calls.py").write_text(
        "import os, random, secrets, uuid\n"
        "def handler(event, context):\n"
        "    told = event['InvocationEventType']\n"
        "    kept = event['CallDetails'].get('TransactionAttributes') or {}\n"
        "    if told == 'HANGUP':\n"
        "        return\n"
        "    text, more = 'Bye.', [{'Type': 'Hangup', 'Parameters': {}}]\n"
        "    if told == 'NEW_INBOUND_CALL':\n"
        "        text, more = 'Hold.', []\n"
        f"        kept = {{'reference': {lot}}}\n"
        "    actions = [{'Type': 'Speak', 'Parameters': {'Text': text}}, *more]\n"
        "    return {'SchemaVersion': '1.0', 'Actions': actions, 'TransactionAttributes': kept}\n"
    )
    desk = Desk().with_function("takes_calls:handler")
    result = explore(desk, desk.sip_media_applications[0], Options(at=[MONDAY_AT_TEN]))
    assert {each.finding.rule for each in result.found} <= {"ignored-actions"}
    assert result.is_played is LOTS[lot]


def test_what_does_not_import_leaves_the_others_as_they_were(project: Path) -> None:
    (project / "takes_calls.py").write_text("import nowhere_at_all")
    mine = sys.modules["takes_calls"]
    with pytest.raises(FunctionNotFound), fresh("takes_calls:handler", Limits()):
        pass
    assert sys.modules["takes_calls"] is mine
