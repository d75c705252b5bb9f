"""`offhook new` makes a project that works as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from offhook.command.main import main


def test_a_new_project_passes_its_own_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "front-desk"]) == 0
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "front-desk",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_a_new_project_takes_a_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(["new", "front-desk"])
    ran = subprocess.run(
        [sys.executable, "-m", "offhook.command.main", "call", "--script", "1"],
        cwd=tmp_path / "front-desk",
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
