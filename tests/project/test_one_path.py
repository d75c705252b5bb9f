"""A file has one name: to Python, to git, in a traceback, in a report of coverage."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.project.conftest import ROOT, Project, run, succeeds

ROOTS = ("actions", "handler", "emulator")
"""Each has its part of the package `offhook`, and is deployed as a whole or not at all."""
INSTALLED = sysconfig.get_path("purelib")

FILES_OF_MODULES = """
import sys
import offhook.actions.speak, offhook.command.main, offhook.emulator.faults, offhook.handler.router
for name in ("actions.speak", "command.main", "emulator.faults", "handler.router"):
    print(sys.modules[f"offhook.{name}"].__file__)
"""


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


@pytest.fixture(scope="module")
def clone(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone on a machine without links, and an environment that has all that ours has, except
    Offhook."""
    folder = tmp_path_factory.mktemp("clone") / "offhook"
    succeeds("git", "clone", "-q", "-c", "core.symlinks=false", origin, folder, cwd=origin)
    succeeds(sys.executable, "-m", "venv", "--without-pip", folder / ".venv", cwd=folder)
    (packages,) = (folder / ".venv").rglob("site-packages")
    (packages / "what_there_is.pth").write_text(INSTALLED, encoding="utf-8")
    return Project(folder)


def test_a_clone_without_links_takes_a_call(clone: Project) -> None:
    said = succeeds("make", "call", "ARGS=--script 1", cwd=clone.folder)
    assert "hears “Welcome to the bicycle workshop.”" in said
    assert said.rstrip().endswith("the call is over")


def test_the_path_that_tracebacks_show_is_the_one_that_git_knows(clone: Project) -> None:
    succeeds("make", ".venv/.emulator", cwd=clone.folder)
    shown = clone.runs("python", "-c", FILES_OF_MODULES).split()
    assert len(shown) == 4
    succeeds("git", "ls-files", "--error-unmatch", *shown, cwd=clone.folder)
    assert "Somebody" in succeeds("git", "blame", shown[0], cwd=clone.folder)


def test_an_old_clone_is_put_right_and_coverage_has_that_path_too(clone: Project) -> None:
    """`git pull` leaves the folders of before, and an environment that leads into them."""
    folder = clone.folder
    for left in ("offhook", "actions", "emulator/media"):
        (folder / left / "__pycache__").mkdir(parents=True, exist_ok=True)
        (folder / left / "__pycache__" / "module.cpython-311.pyc").touch()
    (packages,) = (folder / ".venv").rglob("site-packages")
    (packages / "_offhook.pth").write_text(str(folder), encoding="utf-8")
    (folder / "pyproject.toml").touch()  # as git does: it has changed
    arguments = (
        "ARGS=tests/flows/test_opening_hours.py -k pressing_0 --cov=offhook --cov-report=json"
    )
    assert " passed" in succeeds("make", "test", arguments, cwd=folder)
    assert not (folder / "offhook").exists()
    assert not (folder / "emulator/media").exists()
    report = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
    lines = report["files"]["handler/offhook/handler/router.py"]["summary"]["covered_lines"]
    assert lines > 20
