"""`offhook new`, from the wheel, in a fresh folder: what a newcomer types works."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def succeeds(*command: str, cwd: Path, **variables: str) -> str:
    """What it says, on both streams; a failure shows it."""
    # What make and pip were told about this checkout is nothing to the other.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    ran = subprocess.run(
        command, cwd=cwd, env={**kept, **variables}, capture_output=True, text=True, check=False
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, f"{' '.join(command)}: {said}"
    return said


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that the wheel wrote, with the wheel where its README says."""
    place = tmp_path_factory.mktemp("desk")
    wheels = place / "front-desk" / "wheels"
    made = place / "made"
    succeeds(
        *(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)), cwd=ROOT
    )
    (wheel,) = made.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "unpacked")
    succeeds(
        *(sys.executable, "-m", "offhook.command.main", "new", "front-desk"),
        cwd=place,
        PYTHONPATH=str(place / "unpacked"),
    )
    wheels.mkdir()
    wheel.rename(wheels / wheel.name)
    (place / "front-desk" / ".venv-sam").symlink_to(ROOT / ".venv-sam")
    return place / "front-desk"


def test_its_tests_pass(project: Path) -> None:
    assert "2 passed" in succeeds("make", "test", cwd=project)


def test_it_takes_a_call(project: Path) -> None:
    said = succeeds("make", "call", "ARGS=--script 1", cwd=project)
    assert "hears “Hello. This line works.”" in said


def test_it_lists_what_answers_and_what_there_is_to_make(project: Path) -> None:
    assert "flows.hello" in succeeds("make", "routes", cwd=project)
    assert "make deploy" in succeeds("make", cwd=project)


def test_its_template_is_linted_and_built_from_the_wheel(project: Path) -> None:
    said = succeeds("make", "build", cwd=project)
    assert "is a valid SAM Template" in said
    built = project / ".aws-sam" / "build" / "CallFunction"
    found = {entry.name for entry in built.iterdir() if not entry.name.endswith(".dist-info")}
    assert {"flows", "offhook", "pydantic", "aws_lambda_powertools"} <= found
    assert not found & {"tests", "prompt_toolkit", "awslambdaric"}
    assert {entry.name for entry in (built / "offhook").iterdir()} == {"actions", "handler"}
    assert all(library.read_bytes()[18:20] == b"\xb7\x00" for library in built.rglob("*.so"))


def test_it_runs_in_aws_s_own_runtime(project: Path) -> None:
    said = succeeds("make", "invoke", cwd=project)
    assert "Hello. This line works." in said
    assert '"message":"NEW_INBOUND_CALL 1 -> Speak, SpeakAndGetDigits"' in said
