"""Serve the API, for boto3, the AWS CLI, any SDK."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from offhook.command.arguments import add_example, add_faults, add_handler, add_port, add_quiet
from offhook.emulator.service.config_file import ConfigError


def add_arguments(parser: ArgumentParser) -> None:
    add_port(parser, "default: `port` in the configuration, else 4060")
    parser.add_argument(
        "--no-quotas", action="store_true", help="let everything through, however fast and many"
    )
    parser.add_argument(
        "--fail",
        metavar="OPERATION=EXCEPTION[:TIMES]",
        action="append",
        default=[],
        help="let the next requests fail, as in "
        "CreateSipMediaApplicationCall=ThrottledClientException:2 (or `:always`)",
    )
    parser.add_argument(
        "--state", metavar="FILE", type=Path, help="keep in it what the account owns"
    )
    parser.add_argument(
        "--s3",
        metavar="ENDPOINT",
        nargs="?",
        const="embedded",
        help="prompts and recordings are in an S3 of our own (`embedded`, the default, or "
        "`embedded:4566` for that port), in that at a URL, or in `folders`",
    )
    parser.add_argument(
        "--records",
        metavar="FOLDER",
        type=Path,
        help="write call detail records there, and the message logs that are turned on",
    )
    add_quiet(parser)
    add_example(parser)
    add_faults(parser)
    add_handler(parser)


def run(options: Namespace) -> int:
    """Until Ctrl-C. Raises `PortTaken`, `ConfigError`, `Cannot`."""
    try:
        from offhook.command.serving.api import serve
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'serving needs {error.name}: pip install "offhook[serve]", or `make serve` here'
        ) from None
    return serve(options)
