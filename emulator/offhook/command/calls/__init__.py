"""Start lists of calls, and see what became of them."""

from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Final, cast

from offhook.command.main import Subcommand

SUBCOMMANDS: Final = ("start", "report", "stop", "go")
"""Each with its file in this folder, which is as that of a subcommand."""


def add_arguments(parser: ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in SUBCOMMANDS:
        its = cast("Subcommand", import_module(f"offhook.command.calls.{name}"))
        about = its.__doc__ or ""
        summary = about[:1].lower() + about[1:].partition("\n")[0].rstrip(".")
        command = commands.add_parser(name, help=summary, description=about)
        command.set_defaults(run=its.run)
        its.add_arguments(command)


def run(options: Namespace) -> int:
    """Of the subcommand that was typed."""
    return int(options.run(options))
