"""What is released works in an empty environment: the wheel, and the sdist. `DIST` has both, where
`make release` has built them."""

import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.deploy.elsewhere import ROOT, Project, succeeds
from tests.project.versions.keep import HERE


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both."""
    if dist := os.environ.get("DIST"):
        return Path(dist).resolve()
    folder = tmp_path_factory.mktemp("dist")
    succeeds(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    return folder


@pytest.mark.parametrize("ending", ["-py3-none-any.whl", ".tar.gz"])
def test_a_project_of_its_own_is_made_and_tested_with_it(
    built: Path, ending: str, tmp_path: Path
) -> None:
    (file,) = built.glob(f"*{ending}")
    assert file.name == f"offhook-{version('offhook')}{ending}"
    succeeds(sys.executable, "-m", "venv", tmp_path / ".venv", cwd=tmp_path)
    project = Project(tmp_path)
    project.installs(f"{file}[emulator]", "pytest>=9")
    assert project.runs("offhook", "--version").strip() == version("offhook")
    assert "front-desk/ is made" in project.runs("offhook", "new", "front-desk")
    told = project.runs("python", "-m", "pytest", "-q", "--rootdir=front-desk", "front-desk")
    assert " passed" in told
    assert " failed" not in told


def test_what_it_writes_is_kept_for_the_versions_to_come() -> None:
    kept = HERE / version("offhook")
    assert kept.is_dir(), "python -m tests.project.versions.keep"
