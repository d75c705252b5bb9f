"""The command `offhook`: exit codes, and no traceback for any mistake."""

import atexit
import gc
import re
import subprocess
import sys
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from offhook.command.main import main
from tests.command.conftest import Run
from tests.patience import PATIENCE_SECONDS
from tests.sampled import sampled


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
        (("call", "--seed", "x"), "'x' is no whole number: write digits, as in 7"),
        (("prompts", "--seconds", "nan"), "'nan' is no amount: write 0 or more, as in 1.5"),
        (("prompts", "--seconds", "-1"), "'-1' is no amount"),
        (("logs", "replay", "calls", "--ladders", "1.5"), "'1.5' is no whole number"),
        (("logs", "list", "calls", "--worst", "-1"), "'-1' is no whole number"),
        (("calls", "reckon", "many"), "'many' is no whole number"),
        (("calls", "reckon", "9", "--hours", "0"), "'0' is no part of a day: write up to 24"),
        (("calls", "reckon", "9", "--minutes", "inf"), "'inf' is no amount"),
        (("dance",), "invalid choice: 'dance'"),
        (("expolre",), "did you mean explore?"),
        (("logs", "rplay"), "did you mean replay?"),
        (("call", "--form=+15550100199"), "did you mean --from?"),
        ((), "play every call that a handler can get"),
        (("logs",), "the following arguments are required: COMMAND"),
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
    folder: Path, *arguments: str, shell: str = '"$@"'
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, by what a shell makes of it."""
    command = [sys.executable, "-m", "offhook.command.main", *arguments]
    return subprocess.run(
        ["/bin/sh", "-c", shell, "sh", *command],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def test_the_command_works_in_a_process_of_its_own(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hears “Welcome.”" in done.stdout.decode()


def test_a_process_of_its_own_looks_for_garbage_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["offhook", "--version"])
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        for typed, looks in ((["--version"], (700, 10, 10)), (None, (20_000, 20, 20))):
            with pytest.raises(SystemExit):
                main(typed)
            assert gc.get_threshold() == looks
    finally:
        atexit.unregister(gc.freeze)
        gc.set_threshold(*before)


@pytest.mark.usefixtures("folder")
def test_a_terminal_that_knows_ascii_only_shows_what_it_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with TemporaryFile() as shown:
        terminal = TextIOWrapper(shown, encoding="ascii")
        monkeypatch.setattr(sys, "stdout", terminal)
        assert main(["call", "--script", "12"]) == 0
        terminal.flush()
        shown.seek(0)
        assert b"hears ?Welcome.?" in shown.read()


def test_a_mistake_is_one_line(run: Run) -> None:
    """And what a process of its own makes of it is what it makes of a full disk, below."""
    code, printed, complained = run("call", "--handler", "nowhere:handler")
    assert (code, printed) == (2, "")
    assert complained.startswith("offhook: cannot import nowhere")
    assert len(complained.splitlines()) == 1


@pytest.mark.parametrize("shell", sampled(['"$@" <&- >&- 2>&-', '"$@" <&-', '"$@" >&-'], 1))
def test_a_stream_that_a_daemon_has_closed_is_not_missed(folder: Path, shell: str) -> None:
    done = offhook_in(folder, "call", shell=shell)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk")
def test_a_full_disk_is_said_in_one_line(folder: Path) -> None:
    done = offhook_in(folder, "call", "--script", "12", shell='"$@" > /dev/full')
    assert done.returncode == 2
    assert done.stderr == b"offhook: what it prints: No space left on device\n"


NO_FILES = Path("/sys")
"""It takes no file, not even of root."""


@pytest.mark.skipif(not NO_FILES.is_dir(), reason="here is no such folder")
def test_a_folder_that_takes_no_file_is_said_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = NO_FILES / "desk" / "state.json"
    says = [run("serve", "--port", "0", "--state", str(state))]
    monkeypatch.chdir(NO_FILES)
    says.append(run("new", "front-desk"))
    for (code, printed, complained), place in zip(says, (state.parent, "front-desk"), strict=True):
        assert (code, printed) == (2, "")
        assert re.fullmatch(rf"offhook: .*{place}: [A-Z].+\n", complained)
