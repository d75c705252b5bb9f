"""Which line a command is about: the arguments that all of them take."""

from argparse import ArgumentParser, Namespace
from collections.abc import Generator
from contextlib import contextmanager

from offhook.command.say import say
from offhook.production.calls.line import Line, NotReached, line_of


def add_line(parser: ArgumentParser) -> None:
    """`--stack`, `--ledger`, `--queue` and `--profile`, for `line_in`."""
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


@contextmanager
def line_in(options: Namespace) -> Generator[Line]:
    """The line, which is said. Raises `NotReached`, also for what AWS says meanwhile."""
    line = line_of(
        stack=options.stack, queue=options.queue, ledger=options.ledger, profile=options.profile
    )
    from botocore.exceptions import BotoCoreError, ClientError

    say(f"The line: {line.where}")
    try:
        yield line
    except (BotoCoreError, ClientError) as error:
        raise NotReached(f"it is not reached: {error}") from None
