"""A folder of somebody else, with an environment that knows nothing of this checkout."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OUR_OWN = ("AWS_", "COV", "GIT_", "MAKE", "OFFHOOK_", "PYTEST", "PYTHON", "VENV", "VIRTUAL_ENV")
"""What the environment may say about this checkout, and a stranger's does not."""
ABOUT_PIP = ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER")


def run(command: Sequence[str | Path], *, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(OUR_OWN) and name not in ABOUT_PIP
    }
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def succeeds(*command: str | Path, cwd: Path) -> str:
    done = run(command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Project:
    """A folder with an environment in it, which knows nothing of this one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commands = folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")

    def runs(self, command: str, *arguments: str) -> str:
        """What a command of the environment prints."""
        return succeeds(self.commands / command, *arguments, cwd=self.folder)

    def installs(self, *what: str) -> None:
        """Install by our pip, from whatever registry this user's is configured for."""
        pip = (sys.executable, "-m", "pip", "--python", self.commands / "python", "--no-input")
        done = run((*pip, "install", "-q", "--no-compile", *what), cwd=self.folder)
        if done.returncode != 0:
            pytest.fail(
                f"pip could not install {' '.join(what)}: is its package index within reach from "
                f"here? This test needs one.\n{done.stderr[-2000:]}",
                pytrace=False,
            )
