"""Dial again, after a stop."""

from argparse import ArgumentParser, Namespace

from offhook.command.calls.which import add_line, line_in
from offhook.command.say import say


def add_arguments(parser: ArgumentParser) -> None:
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when calls are dialled again. Raises `NotReached`."""
    with line_in(options) as line:
        line.book().go()
    say("Calls are dialled again. What has waited comes by itself, within five minutes.")
    return 0
