"""Which line a command is about: the arguments that all of them take."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Generator
from contextlib import contextmanager

from offhook.command.say import complain
from offhook.handler.calling.requests import KEY, KEYS
from offhook.handler.errors import LedgerFailed
from offhook.production.calls.line import Line, NotReached, line_of
from offhook.production.way_in import why


def add_line(parser: ArgumentParser) -> None:
    """`--stack`, `--ledger`, `--queue`, `--profile` and `--region`, for `line_in`."""
    parser.add_argument(
        "--stack", metavar="NAME", help="the stack of templates/calling-out.yaml: it says the rest"
    )
    parser.add_argument(
        "--ledger", metavar="TABLE", help="the ledger's table (default: OFFHOOK_LEDGER)"
    )
    parser.add_argument("--queue", metavar="URL", help="the queue (default: OFFHOOK_QUEUE)")
    parser.add_argument(
        "--profile", help="the credentials: a profile of ~/.aws (default: as any SDK finds them)"
    )
    parser.add_argument("--region", help="where the line is (default: the profile's)")


def add_key(parser: ArgumentParser) -> None:
    """The key of a call."""
    parser.add_argument(
        "key", metavar="KEY", type=_key, help="of the call: its own, or what `live` says of it"
    )


def name(typed: str) -> str:
    """The type of an argument that is the name of a list. Raises `ArgumentTypeError`."""
    return _written(typed, "name of a list")


def _key(typed: str) -> str:
    return _written(typed, "key")


def _written(typed: str, what: str) -> str:
    if not re.fullmatch(KEY, typed):
        raise ArgumentTypeError(f"{typed!r} is no {what}: write {KEYS}")
    return typed


@contextmanager
def line_in(options: Namespace) -> Generator[Line]:
    """The line, which the standard error says. Raises `NotReached`, also for what AWS says
    meanwhile."""
    names = ("stack", "queue", "ledger", "profile", "region")
    line = line_of(**{name: getattr(options, name) for name in names})
    from botocore.exceptions import BotoCoreError, ClientError

    complain(f"the line: {line.where}")  # what a command prints may be read by another
    try:
        yield line
    except (BotoCoreError, ClientError) as error:
        raise NotReached(_why(error, line)) from None
    except LedgerFailed as error:
        raise NotReached(_why(error.__cause__ or error, line)) from None


def _why(error: BaseException, line: Line) -> str:
    from botocore.exceptions import ClientError

    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        return f"there is no table {line.ledger} in {line.place}"
    return f"it is not reached: {why(error)}"
