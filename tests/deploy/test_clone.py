"""A clone of the repository, where nobody has prepared anything: new, and one from before."""

import json
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.deploy.elsewhere import Project, succeeds

INSTALLED = sysconfig.get_path("purelib")

FILES_OF_MODULES = """
import sys
import offhook.actions.speak, offhook.command.main, offhook.emulator.faults, offhook.handler.router
for name in ("actions.speak", "command.main", "emulator.faults", "handler.router"):
    print(sys.modules[f"offhook.{name}"].__file__)
"""


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
