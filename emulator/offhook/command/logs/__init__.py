"""See calls of production: made of the logs that people can export, nobody's, as ladders."""

from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import Final, cast

from offhook.command.main import Subcommand

SUBCOMMANDS: Final = {"import": "importing", "list": "listing", "show": "showing"}
"""Each with its file in this folder, which is as that of a subcommand."""


def add_arguments(parser: ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, file in SUBCOMMANDS.items():
        its = cast("Subcommand", import_module(f"offhook.command.logs.{file}"))
        about = its.__doc__ or ""
        summary = about[:1].lower() + about[1:].partition("\n")[0].rstrip(".")
        command = commands.add_parser(name, help=summary, description=about)
        command.set_defaults(run=its.run)
        its.add_arguments(command)


def run(options: Namespace) -> int:
    """Of the subcommand that was typed."""
    return int(options.run(options))
