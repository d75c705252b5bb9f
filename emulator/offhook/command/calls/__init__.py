"""Start lists of calls, see what became of them; find, redirect and end a call that is up."""

from argparse import ArgumentParser, Namespace
from typing import Final

from offhook.command.main import add_commands

SUBCOMMANDS: Final = ("start", "report", "stop", "go", "live", "redirect", "cancel", "reckon")
"""Each with its file in this folder, which is as that of a subcommand."""


def add_arguments(parser: ArgumentParser) -> None:
    add_commands(parser, {name: f"{__name__}.{name}" for name in SUBCOMMANDS})


def run(options: Namespace) -> int:
    """Of the subcommand that was typed."""
    return int(options.run(options))
