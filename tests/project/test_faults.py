"""A fault on purpose that is half added is never silent: what is missing is named, and where."""

import re
from pathlib import Path

import pytest

from offhook.actions import action_class, action_types
from offhook.emulator.behaviours import find
from offhook.emulator.call.audio import AUDIO_AT_FAULT
from offhook.emulator.faults import (
    AUDIO,
    DESTINATIONS,
    FUNCTION,
    LEGS,
    NAMES,
    RECORDINGS,
    SERVICES,
    Fault,
)
from offhook.emulator.service.far_ends import AT_FAULT
from tests.emulator.function.test_faults_of_a_call import STORIES
from tests.to_write import nothing_to_write

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "emulator/offhook/emulator"
PAGE = (ROOT / "docs/functions.md").read_text(encoding="utf-8")
TOLD = {re.split("[=:]", fault)[0] for fault in STORIES}


def strikes() -> set[str]:
    """The faults that something at the desk asks for."""
    kinds = [kind for kind in map(action_class, action_types()) if kind is not None]
    behaviours = [behaviour for behaviour in map(find, kinds) if behaviour is not None]
    struck = {name for behaviour in behaviours for name in behaviour.at_fault} | AT_FAULT.keys()
    # These two families strike by the name of the family, in Stage.
    audio = AUDIO_AT_FAULT.keys() | {"s3-not-pcm", *RECORDINGS}
    of_functions = _named_in("function/faulty.py", FUNCTION)
    return struck | audio | of_functions | _named_in("call/performance.py", LEGS)


def _named_in(file: str, names: tuple[str, ...]) -> set[str]:
    text = (EMULATOR / file).read_text(encoding="utf-8")
    return {name for name in names if f'"{name}"' in text}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_has_everything_that_belongs_to_it(name: str) -> None:
    where = {
        **dict.fromkeys(FUNCTION, "a case in function/faulty.py"),
        **dict.fromkeys(SERVICES, "at_fault={...} of the behaviour that needs it"),
        **dict.fromkeys(AUDIO, "an entry of AUDIO_AT_FAULT in call/audio.py"),
        **dict.fromkeys(RECORDINGS, "where it strikes, in may_record of call/behaviour.py"),
        **dict.fromkeys(LEGS, "where it strikes a leg, in _lose_legs of call/performance.py"),
        **dict.fromkeys(DESTINATIONS, "an entry of AT_FAULT in service/far_ends.py"),
    }
    parts = {
        where[name]: name in strikes(),
        "a row in docs/functions.md, Faults on purpose": f"`{name}" in PAGE,
        "a story of a call that meets it, in STORIES of "
        "tests/emulator/function/test_faults_of_a_call.py": name in TOLD,
    }
    nothing_to_write(f"{name} lacks", [part for part, is_there in parts.items() if not is_there])


def test_every_fault_that_is_asked_for_has_a_name() -> None:
    nothing_to_write(
        "emulator/offhook/emulator/faults.py lacks, in the family that it belongs to, the name",
        sorted(strikes() - {*NAMES}),
    )


@pytest.mark.parametrize("action", action_types())
def test_every_action_can_fail_by_its_name(action: str) -> None:
    fault = Fault.parse(f"{action}=SystemException:2")
    assert (fault.name, fault.value, fault.times) == (action, "SystemException", 2)
