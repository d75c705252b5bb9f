"""See calls of production, replay them, and hold the emulator against them."""

from argparse import ArgumentParser, Namespace
from typing import Final

from offhook.command.main import add_commands

SUBCOMMANDS: Final = {
    "import": "importing",
    "list": "listing",
    "show": "showing",
    "replay": "replaying",
    "calibrate": "calibrating",
}
"""Each with its file in this folder, which is as that of a subcommand."""


def add_arguments(parser: ArgumentParser) -> None:
    add_commands(parser, {name: f"{__name__}.{file}" for name, file in SUBCOMMANDS.items()})


def run(options: Namespace) -> int:
    """Of the subcommand that was typed."""
    return int(options.run(options))
