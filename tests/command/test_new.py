"""`offhook new` makes a project that works as it is."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path
from zipfile import ZipFile

import pytest

from offhook.command.main import main
from offhook.command.new import EXAMPLES, OURS, OURS_OUT, CannotMake, bring
from tests.command.conftest import made

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def calling_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made with `--calling-out`."""
    return made(tmp_path_factory.mktemp("new"), "--calling-out")


OTHERS = [
    f"-pno:{plugin.name}" for plugin in entry_points(group="pytest11") if plugin.name != "offhook"
]
"""Plugins of pytest that are installed here, and not where a new project is."""


def passes_its_own_tests(folder: Path, stories: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", *OTHERS],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{stories} passed" in ran.stdout, ran.stdout + ran.stderr


def test_a_new_project_passes_its_own_tests(front_desk: Path) -> None:
    passes_its_own_tests(front_desk, 3)


@pytest.mark.thorough
def test_one_that_calls_out_passes_its_own_tests(calling_out: Path) -> None:
    passes_its_own_tests(calling_out, 4)


def test_a_new_project_takes_a_call(front_desk: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "offhook.command.main", "call", "--script", "1"],
        cwd=front_desk,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hears “Hello. This line works.”" in ran.stdout


@pytest.mark.parametrize("name", ["Front Desk", "1desk", "../desk", ""])
def test_a_name_that_is_no_folder_and_stack_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 2
    assert "as in front-desk" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_what_is_there_already_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "front-desk").mkdir()
    assert main(["new", "front-desk"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert not list((tmp_path / "front-desk").iterdir())


def test_it_is_ours_under_its_own_name_and_without_the_examples(front_desk: Path) -> None:
    written = {
        str(file.relative_to(front_desk)): file.read_text(encoding="utf-8")
        for file in front_desk.rglob("*")
        if file.is_file() and file.suffix not in (".whl", ".pyc")
    }
    assert written.keys() >= {*OURS, ".gitignore", "prompts/README.md", "ship.mk"}
    assert not [name for name in written if "calling-out" in name or "trigger" in name]
    for name, text in written.items():
        assert not re.search(
            r"offhook-dev|offhook-prod|calling-out|\$(name|version|wheels)", text
        ), name
    assert not [each for each in EXAMPLES if re.search(rf"\b{each}\b", written["template.yaml"])]
    ours = (ROOT / "template.yaml").read_text(encoding="utf-8").splitlines()
    assert written["templates/provisioning.yaml"] == (
        ROOT / "templates/provisioning.yaml"
    ).read_text(encoding="utf-8")
    added = [line for line in written["template.yaml"].splitlines() if line not in ours]
    assert added == []


@pytest.mark.thorough
def test_with_calling_out_it_has_the_stack_that_does(calling_out: Path) -> None:
    folder = calling_out
    assert all((folder / name).is_file() for name in (*OURS, *OURS_OUT, "requirements-trigger.txt"))
    sam = tomllib.loads((folder / "samconfig.toml").read_text(encoding="utf-8"))
    said = sam["calling-out"]["deploy"]["parameters"]
    assert said["stack_name"] == "front-desk-dev-calling-out"
    assert "Line=front-desk-dev" in said["parameter_overrides"]
    assert "build-TriggerFunction:" in (folder / "Makefile").read_text(encoding="utf-8")


def test_it_has_a_phone_whose_voice_may_be_missing(front_desk: Path, tmp_path: Path) -> None:
    environment = shutil.copytree(front_desk, tmp_path / "front-desk") / ".venv"
    _as_pip(environment, refuses="speech")
    made = _opens_the_phone(environment.parent)
    assert made.returncode == 0, made.stderr
    assert "There is no voice here now: words are a soft tone." in made.stderr
    assert made.stdout.endswith("phone --port 0 --no-open\n")
    _as_pip(environment, refuses="serve")
    (environment / ".phone").unlink()
    made = _opens_the_phone(environment.parent)
    assert made.returncode != 0
    assert "pip could not install the phone" in made.stderr


def _opens_the_phone(folder: Path) -> subprocess.CompletedProcess[str]:
    """Typed in a shell, not below the make that runs the tests."""
    typed = ["make", "phone", "PORT=0", "ARGS=--no-open"]
    shell = {name: said for name, said in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(typed, cwd=folder, env=shell, capture_output=True, text=True, check=False)


def _as_pip(environment: Path, refuses: str) -> None:
    """An environment whose pip installs nothing, and fails for one extra."""
    (environment / "bin").mkdir(parents=True, exist_ok=True)
    python = environment / "bin" / "python"
    told = f'*"[{refuses}]"*) exit 1;; *offhook.command.main*) echo "$@";;'
    python.write_text(f'#!/bin/sh\ncase "$*" in {told} esac\n')
    python.chmod(0o755)


def test_it_brings_the_wheel_of_a_checkout(front_desk: Path) -> None:
    (wheel,) = (front_desk / "wheels").iterdir()
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert "offhook/command/new_project/ship.mk" in names
    required = (front_desk / "requirements.txt").read_text(encoding="utf-8")
    assert required == f"--find-links wheels\noffhook=={version('offhook')}\n"


def test_a_wheel_that_cannot_be_made_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "front-desk").mkdir()
    with pytest.raises(CannotMake, match="is made, but no wheel of /nowhere"):
        bring("/nowhere/offhook.whl", tmp_path / "front-desk" / "wheels")
