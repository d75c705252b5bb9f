"""Makes `docs/reference/commands.md` from the parsers of the subcommands."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from offhook.command.main import COMMANDS, add_commands

PAGE = Path(__file__).parent / "reference" / "commands.md"

HEAD = """\
<!-- Made by docs/generate_commands.py from the subcommands: change those, then `make docs`. -->

# Commands

`offhook COMMAND --help` says the same at a terminal. They exit with 0 when all went well, with 1
when a call was dropped or something was found, with 2 for a mistake in what was typed or
configured, which they tell in one line; `offhook explore` also where paths are left over.

For the Tab key in bash and zsh, in your `.bashrc` or `.zshrc`; `register-python-argcomplete --help`
has other shells:

<!-- not run: it is for the shell that you type in -->
```sh
eval "$(register-python-argcomplete offhook)"
```
"""


def page() -> str:
    """The whole page."""
    parser = ArgumentParser(prog="offhook")
    add_commands(parser, {name: f"offhook.command.{name.replace('-', '_')}" for name in COMMANDS})
    return HEAD + "".join(f"\n{part}\n" for each in _below(parser) for part in section(each))


def section(parser: ArgumentParser) -> Iterator[str]:
    """A command: what it does, each option, then the commands below it."""
    yield f"{'#' * len(parser.prog.split())} {parser.prog}"
    yield " ".join(str(parser.description).split())
    rows = [row for option in parser._actions for row in _rows(option)]
    if rows:
        yield "\n".join(["| option | what it says |", "|---|---|", *rows])
    for each in _below(parser):
        yield from section(each)


def _below(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    for option in parser._actions:
        if isinstance(option, _SubParsersAction):
            yield from option.choices.values()


def _rows(option: Action) -> Iterator[str]:
    if option.help is None or "--help" in option.option_strings:
        return
    value = option.metavar or option.dest.upper()
    value = value if isinstance(value, str) else " ".join(value)
    if option.choices:
        value = "{" + ",".join(map(str, option.choices)) + "}"
    shown = [", ".join(option.option_strings), value if option.nargs != 0 else ""]
    told = " ".join((option.help % vars(option)).split()).replace("<", "&lt;").rstrip(".")
    yield f"| `{' '.join(filter(None, shown))}` | {told}. |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
