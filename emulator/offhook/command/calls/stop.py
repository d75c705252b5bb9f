"""Stop all dialling at once: what is asked for waits, calls that are up go on."""

from argparse import ArgumentParser, Namespace

from offhook.command.calls.which import add_line, line_in
from offhook.command.say import say


def add_arguments(parser: ArgumentParser) -> None:
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when nobody is dialled from now on. Raises `NotReached`."""
    with line_in(options) as line:
        line.book().stop()
    say("Nobody is dialled from now on. To go on: offhook calls go")
    return 0
