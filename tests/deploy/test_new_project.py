"""`offhook new`, of a wheel and of a checkout, in a fresh folder: what a newcomer types works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.command.new import OURS, OURS_OUT

ROOT = Path(__file__).parents[2]


def succeeds(*command: str, cwd: Path, **variables: str) -> str:
    """What it says, on both streams; a failure shows it."""
    # What make and pip were told about this checkout is nothing to the other.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    kept.pop("PYTHONPATH", None)
    ran = subprocess.run(
        command, cwd=cwd, env={**kept, **variables}, capture_output=True, text=True, check=False
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, f"{' '.join(command)}: {said}"
    return said


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that calls out, of an Offhook that pip installed from its wheel: it brings that."""
    place = tmp_path_factory.mktemp("desk")
    made = place / "made"
    succeeds(
        *(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)), cwd=ROOT
    )
    (wheel,) = made.iterdir()
    there = str(place / "installed")
    pip = (sys.executable, "-m", "pip", "-q", "install", "--no-deps", "--target", there)
    succeeds(*pip, str(wheel), cwd=place)
    succeeds(
        *(sys.executable, "-m", "offhook.command.main", "new", "front-desk", "--calling-out"),
        cwd=place,
        PYTHONPATH=there,
    )
    assert (place / "front-desk" / "wheels" / wheel.name).read_bytes() == wheel.read_bytes()
    (place / "front-desk" / ".venv-sam").symlink_to(ROOT / ".venv-sam")
    return place / "front-desk"


def test_the_wheel_makes_the_project_that_the_checkout_makes(project: Path, tmp_path: Path) -> None:
    succeeds(
        *(sys.executable, "-m", "offhook.command.main", "new", "front-desk", "--calling-out"),
        cwd=tmp_path,
        PYTHONPATH=os.pathsep.join(str(ROOT / room) for room in ("actions", "handler", "emulator")),
    )
    for name in (*OURS, *OURS_OUT, "Makefile", "README.md", "flows/hello.py", "requirements.txt"):
        one, other = (folder / name for folder in (project, tmp_path / "front-desk"))
        assert one.read_bytes() == other.read_bytes(), name
    assert len(list((tmp_path / "front-desk" / "wheels").iterdir())) == 1


def test_its_tests_pass_and_the_set_up_says_what_it_does(project: Path) -> None:
    said = succeeds("make", "test", cwd=project)
    assert said.startswith("Setting up .venv")
    assert "4 passed" in said


def test_it_takes_a_call(project: Path) -> None:
    said = succeeds("make", "call", "ARGS=--script 1", cwd=project)
    assert "hears “Hello. This line works.”" in said


def test_it_takes_one_where_its_folder_is_called_otherwise_since(project: Path) -> None:
    elsewhere = project.rename(project.with_name("second line"))
    try:
        assert "This line works" in succeeds("make", "call", "ARGS=--script 1", cwd=elsewhere)
    finally:
        elsewhere.rename(project)


def test_every_call_is_played_and_nothing_is_to_mend(project: Path) -> None:
    assert "explored to the end, no fault" in succeeds("make", "explore", cwd=project)


def test_it_lists_what_answers_and_what_there_is_to_make(project: Path) -> None:
    assert "flows.hello" in succeeds("make", "routes", cwd=project)
    assert "make deploy" in succeeds("make", cwd=project)


def test_its_prompts_are_looked_at(project: Path) -> None:
    assert "0 prompts in" in succeeds("make", "prompts", "ARGS=--seconds 0", cwd=project)


def test_its_templates_are_linted_and_built_from_the_wheel(project: Path) -> None:
    said = succeeds("make", "build", cwd=project)
    assert "CallFunction has all that its flows need" in said
    assert said.count("is a valid SAM Template") == 5
    assert "Collecting what ships" in said
    built = {
        "CallFunction": project / ".aws-sam" / "build" / "CallFunction",
        "TriggerFunction": project / ".aws-sam" / "calling-out" / "TriggerFunction",
    }
    for name, folder in built.items():
        found = {entry.name for entry in folder.iterdir() if not entry.name.endswith(".dist-info")}
        assert {"offhook", "pydantic", "aws_lambda_powertools", "built"} <= found
        assert ("flows" in found) == (name == "CallFunction")
        assert ("tzdata" in found) == (name == "TriggerFunction")
        assert not found & {"boto3", "tests", "prompt_toolkit", "awslambdaric"}
        within = {entry.name for entry in (folder / "offhook").iterdir()} - {"__pycache__"}
        assert within == {"actions", "handler"}
        assert all(library.read_bytes()[18:20] == b"\xb7\x00" for library in folder.rglob("*.so"))
    makes = project / ".aws-sam" / "build" / "Provisioning" / "ProvisioningFunction" / "offhook"
    assert (makes / "provisioning" / "function.py").is_file()
    (compiled,) = {
        bool(list(folder.glob("flows/__pycache__/app.*.pyc")))
        for folder in (built["CallFunction"],)
    }
    assert compiled or "ships without bytecode" in said


def test_it_runs_in_aws_s_own_runtime(project: Path) -> None:
    said = succeeds("make", "invoke", cwd=project)
    assert "Hello. This line works." in said
    assert '"message":"NEW_INBOUND_CALL 1 -> Speak, SpeakAndGetDigits"' in said
    assert "sets no" not in said
