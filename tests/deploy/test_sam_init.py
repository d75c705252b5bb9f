"""`sam init --location` makes a project that works of what is committed: by a git URL, by a zip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAM = ROOT / ".venv-sam" / "bin" / "sam"


def run(*command: str | Path, cwd: Path) -> str:
    """What it says; a failure shows it."""
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that a newcomer has after `sam init`."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so it has no URL to make a project from")
    place = tmp_path_factory.mktemp("init")
    location = f"git+file://{ROOT}"
    run(SAM, "init", "--no-input", "--location", location, "--name", "front-desk", cwd=place)
    return place / "front-desk"


def test_it_holds_what_is_committed_and_nothing_else(project: Path) -> None:
    committed = run("git", "ls-tree", "-r", "-z", "--name-only", "HEAD", cwd=ROOT)
    found = {str(path.relative_to(project)) for path in project.rglob("*") if not path.is_dir()}
    assert found == set(filter(None, committed.split("\0")))


def test_a_zip_does_too_and_a_folder_does_not(project: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "offhook.zip"
    run("git", "archive", "--prefix=offhook/", "-o", zipped, "HEAD", cwd=ROOT)
    new = (SAM, "init", "--no-input", "--name", "front-desk", "--location")
    run(*new, zipped, cwd=tmp_path)
    made = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    made -= {name for name in made if "__pycache__" in name}
    found = (tmp_path / "front-desk").rglob("*")
    assert made == {
        str(path.relative_to(tmp_path / "front-desk")) for path in found if path.is_file()
    }
    with pytest.raises(AssertionError, match=r"/path/to/code\.zip"):
        run(*new, ROOT, cwd=tmp_path / "front-desk")


def test_its_template_is_valid_and_its_flows_pass_their_tests(project: Path) -> None:
    assert "is a valid SAM Template" in run(SAM, "validate", "--lint", cwd=project)
    said = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/flows"),
        cwd=project,
    )
    assert " passed" in said


def test_the_docs_say_what_to_rename_and_it_is_there() -> None:
    docs = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    for file, name in (
        ("samconfig.toml", "offhook-dev"),
        ("samconfig.toml", "offhook-prod"),
        ("pyproject.toml", "workshop"),
    ):
        assert name in (ROOT / file).read_text(encoding="utf-8")
        assert f"`{name}`" in docs
