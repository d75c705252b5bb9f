"""Makes `docs/reference/commands.md` from the parsers of the subcommands."""

from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from offhook.command.main import COMMANDS

PAGE = Path(__file__).parent / "reference" / "commands.md"

HEAD = """\
<!-- Made by docs/generate_commands.py from the subcommands of offhook: change those, then `make docs`. -->

# Commands

`offhook COMMAND --help` says the same at a terminal. They exit with 0 when all went well, with 1 when a call was dropped
or something was found, with 2 for a mistake in what was typed or configured, which they tell in one line.

For the Tab key in bash and zsh, in your `.bashrc` or `.zshrc` (fish and others: `register-python-argcomplete --help`):

<!-- not run: it is for the shell that you type in -->
```sh
eval "$(register-python-argcomplete offhook)"
```
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"\n{line}\n" for name in COMMANDS for line in section(name))


def section(name: str) -> Iterator[str]:
    """A command: what it does, and each option."""
    file = import_module(f"offhook.command.{name.replace('-', '_')}")
    parser = ArgumentParser(prog=f"offhook {name}")
    file.add_arguments(parser)
    yield f"## offhook {name}"
    yield " ".join(str(file.__doc__).split())
    rows = [row for option in parser._actions for row in _rows(option)]
    if rows:
        yield "\n".join(["| option | what it says |", "|---|---|", *rows])


def _rows(option: Action) -> Iterator[str]:
    if option.help in {None, SUPPRESS} or "--help" in option.option_strings:
        return
    value = option.metavar or (option.dest.upper() if option.nargs != 0 else "")
    value = value if isinstance(value, str) else " ".join(value)
    if option.choices:
        value = "{" + ",".join(map(str, option.choices)) + "}"
    names = ", ".join(option.option_strings)
    told = " ".join(
        str(option.help % vars(option) if "%(" in str(option.help) else option.help).split()
    )
    shown = " ".join(filter(None, (names, value if option.nargs != 0 else "")))
    yield f"| `{shown}` | {told}. |".replace("%%", "%").replace("<", "&lt;").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
