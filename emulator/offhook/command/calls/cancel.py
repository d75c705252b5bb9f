"""End a call that is up, or never dial one that waits; also one that came in."""

from argparse import ArgumentParser, Namespace

from offhook.command.calls.which import add_key, add_line, line_in
from offhook.command.say import say
from offhook.handler.calling.requests import CancelCall, make


def add_arguments(parser: ArgumentParser) -> None:
    add_key(parser)
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when it is over, or ends now. Raises `NotReached`, `CallError`."""
    request = make(CancelCall, {"key": options.key})
    with line_in(options) as line:
        call = line.calls().cancel(request)
    if call.may_be_up:
        say(f"{call.key} ends now or, where it rings, when somebody answers.")
    else:
        say(f"{call.key} is over: {call.outcome}.")
    return 0
