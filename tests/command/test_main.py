"""The command `offhook`: exit codes, and no traceback for any mistake."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.command.conftest import Run
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("call", "--to", "+15550199999", "--script", "1"),
            "+15550199999 is not one of our numbers",
        ),
        (("call", "--script", "1x"), "'x' is not a key"),
        (("call", "--at", "tomorrow"), "'tomorrow' is no time"),
        (("call", "--nonsense"), "offhook call: error: unrecognized arguments: --nonsense"),
        (("logs", "list", "a", "b"), "offhook logs list: error: unrecognized arguments: b"),
        (("dance",), "invalid choice: 'dance'"),
        ((), "the following arguments are required: COMMAND"),
    ],
)
def test_a_wrong_word_is_a_mistake(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, printed, complained = run(*arguments)
    assert code == 2
    assert printed == ""
    assert says in complained


def test_the_version_is_the_package_s(run: Run) -> None:
    assert run("--version")[:2] == (0, version("offhook") + "\n")


def test_help_names_the_commands(run: Run) -> None:
    code, printed, _ = run("--help")
    assert code == 0
    assert "place a call to one of our numbers" in printed
    assert "list which function answers which event" in printed


def offhook_in(
    folder: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "offhook.command.main", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def test_the_command_works_in_a_process_of_its_own(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hears “Welcome.”" in done.stdout.decode()


def test_a_terminal_that_knows_ascii_only_shows_what_it_can(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"hears ?Welcome.?" in done.stdout


def test_a_mistake_in_a_process_of_its_own_is_one_line(folder: Path) -> None:
    done = offhook_in(folder, "call", "--handler", "nowhere:handler")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"offhook: cannot import nowhere")
    assert len(done.stderr.splitlines()) == 1
