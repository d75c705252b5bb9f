"""A file has one name: to Python, to git, in a traceback, in a report of coverage."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.deploy.elsewhere import ROOT, run

ROOTS = ("actions", "handler", "emulator")
"""Each has its part of the package `offhook`, and is deployed as a whole or not at all."""
INSTALLED = sysconfig.get_path("purelib")


@pytest.mark.parametrize("root", ROOTS)
def test_a_root_hides_no_other_and_its_parts_are_typed(root: str) -> None:
    folder = ROOT / root / "offhook"
    in_the_way = [place.name for place in folder.iterdir() if not place.is_dir()]
    assert in_the_way == [], f"an __init__.py in {folder} hides the other roots: remove it"
    parts = {place.parent for place in folder.glob("*/__init__.py")}
    assert parts
    missing = [str(part / "py.typed") for part in parts if not (part / "py.typed").is_file()]
    assert missing == [], "without it nobody's type checker looks inside: write it, empty"


def test_there_is_no_link_in_the_tree() -> None:
    made = (".git", ".venv", ".aws-sam")
    places = [place for place in ROOT.iterdir() if not place.name.startswith(made)]
    inside = [each for place in places if place.is_dir() for each in place.rglob("*")]
    assert [str(each) for each in (*places, *inside) if each.is_symlink()] == []


@pytest.mark.parametrize(
    "module", ["actions.call_and_bridge", "handler.router", "emulator.faults", "command.main"]
)
def test_no_module_has_a_second_name(module: str) -> None:
    """It would be a second module, with second classes: one such passed the dial policy."""
    done = run([sys.executable, "-c", f"import {module}"], cwd=ROOT)
    assert "ModuleNotFoundError" in done.stderr


ALONE = """
import json, sys
from flows.app import lambda_handler
print(len(lambda_handler(json.load(open(sys.argv[1])), None)["Actions"]))
import offhook.emulator
"""


def test_what_ships_answers_a_call_and_has_no_emulator(tmp_path: Path) -> None:
    for part in ("actions/offhook", "handler/offhook"):
        shutil.copytree(ROOT / part, tmp_path / "offhook", dirs_exist_ok=True)
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    event = ROOT / "events/new_inbound_call/minimal.json"
    done = subprocess.run(
        [sys.executable, "-S", "-c", ALONE, event],  # -S: nothing leads to this checkout
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": INSTALLED},
        capture_output=True,
        text=True,
        check=False,
    )
    assert int(done.stdout) > 0
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'offhook.emulator'\n")
