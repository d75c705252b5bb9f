"""Serve the API, and the trigger with its URL, queue and ledger."""

from argparse import ArgumentParser, Namespace

from offhook.command.arguments import (
    add_example,
    add_handler,
    add_pairs,
    add_port,
    add_quiet,
)
from offhook.emulator.service.config_file import ConfigError


def add_arguments(parser: ArgumentParser) -> None:
    add_port(
        parser,
        "of the API; the trigger has the next one. Default: `port` in the configuration, else 4060",
    )
    add_quiet(parser)
    add_example(parser)
    add_pairs(parser, "--update", "an argument of its redirection in those commands")
    add_handler(parser)


def run(options: Namespace) -> int:
    """All of it in one process, until Ctrl-C. Raises `PortTaken`, `ConfigError`."""
    try:
        from offhook.command.serving.stack import serve

        return serve(options)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'this needs {error.name}: pip install "offhook[local]", or `make local` here'
        ) from None
