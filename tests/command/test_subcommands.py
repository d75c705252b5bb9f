"""A subcommand is a file: whatever is missing of it is named, and no other is loaded."""

import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from docs.generate_commands import page
from offhook.command.main import COMMANDS, main
from tests.sampled import sampled
from tests.to_write import nothing_to_write

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "emulator/offhook/command"
NO_SUBCOMMAND = {"__init__", "main", "arguments", "completion", "say"}
"""What is behind a subcommand, beside its own file, has a folder."""

FOLDERS = {each.parent.name for each in ROOM.glob("*/__init__.py") if "def run" in each.read_text()}
"""Those that have subcommands of their own."""
FILES = {file.stem for file in ROOM.glob("*.py")} - NO_SUBCOMMAND | FOLDERS
MODULES = [name.replace("-", "_") for name in COMMANDS]


@pytest.mark.parametrize("module", sorted(FILES.union(MODULES)))
def test_a_subcommand_has_everything_that_belongs_to_it(module: str) -> None:
    name, place = module.replace("_", "-"), f"emulator/offhook/command/{module}.py"
    assert module in FILES, f"{name} is in COMMANDS of main.py: write {place}"
    file = import_module(f"offhook.command.{module}")
    docs = "\n".join(page.read_text(encoding="utf-8") for page in _pages())
    missing = {
        f'"{name}" in COMMANDS of main.py': name not in COMMANDS,
        f'{place}: """What `offhook --help` says of it, in one line."""': not file.__doc__,
        f"{place}: def add_arguments(parser: ArgumentParser) -> None": _takes(file, "add_arguments")
        != ["parser"],
        f"{place}: def run(options: Namespace) -> int": _takes(file, "run") != ["options"],
        f"`offhook {name}` or `make {name}` in README.md or a page of docs/": not re.search(
            rf"\b(offhook|make) {name}\b", docs
        ),
    }
    nothing_to_write(f"{name} lacks", [part for part, lacks in missing.items() if lacks])


def _takes(file: object, function: str) -> list[str]:
    """The parameters of a function; nothing where there is none."""
    found = getattr(file, function, None)
    return list(inspect.signature(found).parameters) if inspect.isfunction(found) else []


def _pages() -> list[Path]:
    """Those that somebody has written: the list of all commands is made from the commands."""
    written = {*(ROOT / "docs").rglob("*.md")} - {ROOT / "docs/reference/commands.md"}
    return [ROOT / "README.md", *sorted(written)]


def test_help_lists_them_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(r"^ {4}([a-z][a-z-]*)", capsys.readouterr().out, re.MULTILINE)
    assert listed == list(COMMANDS)


LOADED = """
import sys
from contextlib import suppress
from offhook.command.main import main
with suppress(SystemExit):
    main(sys.argv[1:])
print("\\n", *sys.modules)
"""


@pytest.mark.parametrize("name", sampled(COMMANDS, 1))
def test_what_a_subcommand_takes_is_said_without_loading_another(name: str) -> None:
    """Nor what an extra brings, which need not be installed."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, name, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert f"usage: offhook {name} " in ran.stdout
    loaded = ran.stdout.splitlines()[-1].split()
    its = {
        name.replace("-", "_"),
        *(("explore",) if name == "lint-handler" else ()),
    }  # its old name
    assert {module for module in MODULES if f"offhook.command.{module}" in loaded} == its
    extras = {"boto3", "botocore", "flask", "moto", "prompt_toolkit", "starlette", "uvicorn"}
    assert extras & set(loaded) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_its_help_fits_a_terminal_of_80_columns(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([name, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.endswith("-")] == [], "a name is broken, and not copied"


def test_the_page_of_all_commands_says_what_their_help_says() -> None:
    assert "module:function, ../app/handler.py:function, ../app/index.js:handler" in page()
