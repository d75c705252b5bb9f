"""See calls of production: made of the logs that people can export, nobody's, as ladders."""

from argparse import ArgumentParser, Namespace
from typing import Final

from offhook.command.main import add_commands

SUBCOMMANDS: Final = {"import": "importing", "list": "listing", "show": "showing"}
"""Each with its file in this folder, which is as that of a subcommand."""


def add_arguments(parser: ArgumentParser) -> None:
    add_commands(parser, {name: f"{__name__}.{file}" for name, file in SUBCOMMANDS.items()})


def run(options: Namespace) -> int:
    """Of the subcommand that was typed."""
    return int(options.run(options))
