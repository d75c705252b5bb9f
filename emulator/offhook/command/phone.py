"""Pick up a phone in the browser: call the application, be called, and see what happens."""

from argparse import ArgumentParser, Namespace

from offhook.command.arguments import add_faults, add_handler, add_port, moment
from offhook.emulator.service.config_file import ConfigError


def add_arguments(parser: ArgumentParser) -> None:
    add_port(parser, "default: `port` in the configuration, else 4060")
    parser.add_argument(
        "--no-open", action="store_true", help="print the address, and open no browser"
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        help="when calls come, by their own clock: as in 2027-03-06T22:30 (UTC unless it says). "
        "Default: now; the page can say otherwise",
    )
    add_faults(parser)
    add_handler(parser)


def run(options: Namespace) -> int:
    """Until Ctrl-C. Raises `PortTaken`, `ConfigError`."""
    try:
        from offhook.command.serving.page import show
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'a phone needs {error.name}: pip install "offhook[serve]", or `make phone` here'
        ) from None
    return show(options)
