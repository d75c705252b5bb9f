"""A fault on purpose that is half added is never silent: what is missing is named, and where."""

from pathlib import Path

import pytest

from offhook.actions import action_class, action_types
from offhook.emulator.behaviours import find
from offhook.emulator.call.audio import AUDIO_AT_FAULT
from offhook.emulator.faults import AUDIO, DESTINATIONS, FUNCTION, LEGS, NAMES, SERVICES, Fault
from offhook.emulator.service.far_ends import AT_FAULT

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "emulator/offhook/emulator"
PAGE = (ROOT / "docs/functions.md").read_text(encoding="utf-8")
TESTS = "\n".join(
    file.read_text(encoding="utf-8") for file in (ROOT / "tests/emulator").rglob("*.py")
)


def strikes() -> set[str]:
    """The faults that something at the desk asks for."""
    kinds = [kind for kind in map(action_class, action_types()) if kind is not None]
    behaviours = [behaviour for behaviour in map(find, kinds) if behaviour is not None]
    struck = {name for behaviour in behaviours for name in behaviour.at_fault} | AT_FAULT.keys()
    faulty = (EMULATOR / "function/faulty.py").read_text(encoding="utf-8")
    audio = AUDIO_AT_FAULT.keys() | {"s3-not-pcm"}
    return struck | audio | {*LEGS} | {name for name in FUNCTION if f'"{name}"' in faulty}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_has_everything_that_belongs_to_it(name: str) -> None:
    where = {
        **dict.fromkeys(FUNCTION, "a case in function/faulty.py"),
        **dict.fromkeys(SERVICES, "at_fault={...} of the behaviour that needs it"),
        **dict.fromkeys(AUDIO, "an entry of AUDIO_AT_FAULT in call/audio.py"),
        **dict.fromkeys(DESTINATIONS, "an entry of AT_FAULT in service/far_ends.py"),
    }
    parts = {
        where.get(name, ""): name in strikes(),
        "a row in docs/functions.md, Faults on purpose": f"`{name}" in PAGE,
        "a story in tests/emulator that puts it": name in TESTS,
    }
    missing = [part for part, is_there in parts.items() if not is_there]
    assert missing == [], f"{name} lacks " + "; ".join(missing)


def test_every_fault_that_is_asked_for_has_a_name() -> None:
    unknown = strikes() - set(NAMES)
    assert unknown == set(), "name it in emulator/faults.py, in the family that it belongs to"


@pytest.mark.parametrize("action", action_types())
def test_every_action_can_fail_by_its_name(action: str) -> None:
    fault = Fault.parse(f"{action}=SystemException:2")
    assert (fault.name, fault.value, fault.times) == (action, "SystemException", 2)
