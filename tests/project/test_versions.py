"""What an earlier version wrote is read by this one, as docs/versions.md promises."""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from offhook.actions import Action
from offhook.handler.calling.call_record import call_of
from offhook.handler.event import ATTRIBUTE
from offhook.handler.events import parse
from offhook.handler.memory import FORMAT, recall
from offhook.production.logs.recorded import read
from tests.project.versions import keep, line

KEPT = sorted(folder for folder in keep.HERE.iterdir() if (folder / "imports.json").exists())
each_version = pytest.mark.parametrize("kept", KEPT, ids=lambda folder: folder.name)


def of(kept: Path, name: str) -> Any:
    """A file of it."""
    return json.loads((kept / f"{name}.json").read_text(encoding="utf-8"))


def test_there_is_one() -> None:
    assert KEPT, "python -m tests.project.versions.keep"


@each_version
def test_what_could_be_imported_can_be(kept: Path) -> None:
    for module, names in of(kept, "imports").items():
        room = import_module(module)
        gone = [name for name in names if not hasattr(room, name)]
        assert gone == [], f"{module}: docs/versions.md says how a name goes"


@each_version
def test_actions_come_back_as_they_were_sent(kept: Path) -> None:
    for examples in of(kept, "actions")["actions"].values():
        for wire in examples.values():
            assert Action.from_wire(wire).to_wire() == wire


@each_version
def test_a_call_in_the_middle_of_which_this_is_deployed_goes_on(kept: Path) -> None:
    first, *others = of(kept, "events")
    assert first["InvocationEventType"] == "NEW_INBOUND_CALL"
    said = [json.dumps(line.router(event)) for event in others]
    assert "That makes 1." in said[0]
    assert "Thank you." in said[1]


@each_version
def test_the_router_s_own_attribute_is_read(kept: Path) -> None:
    waiting = [event for event in map(parse, of(kept, "events")) if ATTRIBUTE in event.stored]
    assert waiting
    assert all(recall(event).waits for event in waiting)


def test_an_attribute_of_a_later_version_is_left_alone() -> None:
    event = of(KEPT[-1], "events")[1]
    stored = event["CallDetails"]["TransactionAttributes"]
    stored[ATTRIBUTE] = f"{int(FORMAT) + 1}{stored[ATTRIBUTE][1:]}"
    assert recall(parse(event)) == ("", (), ())
    assert "That makes 1." in str(line.router(event))


@each_version
def test_items_of_the_ledger_are_read(kept: Path) -> None:
    for state, item in of(kept, "ledger").items():
        assert call_of(item).state == state


@each_version
def test_recorded_calls_are_read(kept: Path) -> None:
    (call,) = read(kept / "calls")
    assert [one.event for one in call.exchanges] == of(kept, "events")


def test_a_version_that_is_released_has_kept_what_it_writes(tmp_path: Path) -> None:
    keep.keep(tmp_path / "now")
    now = {name: of(tmp_path / "now", name).keys() for name in ("imports", "ledger")}
    assert now["imports"] == of(KEPT[-1], "imports").keys()
    assert KEPT[-1].name == version("offhook")
