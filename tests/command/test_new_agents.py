"""What the AGENTS.md of a new project says to type works there as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from offhook.command.main import main

NAMES = ("call", "explore", "routes")


@pytest.mark.thorough
def test_the_commands_that_check_a_new_project_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "front-desk"]) == 0
    page = (tmp_path / "front-desk" / "AGENTS.md").read_text(encoding="utf-8")
    assert "`front-desk` is a phone line" in page
    typed = re.findall(r"^    \.venv/bin/offhook (.+?)(?:  .*)?$", page, re.MULTILINE)
    assert sorted(line.split()[0] for line in typed) == sorted(NAMES)
    for line in typed:
        ran = subprocess.run(
            [sys.executable, "-m", "offhook.command.main", *line.split()],
            cwd=tmp_path / "front-desk",
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
