"""Put a list of calls into the queue, once it is whole; the same list again dials nobody again."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from offhook.command.arguments import number
from offhook.command.calls.which import add_line, line_in, name
from offhook.command.say import say
from offhook.handler.calling.requests import StartCall
from offhook.production.calls.line import NotReached
from offhook.production.calls.wanted import named, read_list


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "list",
        metavar="LIST",
        type=Path,
        help="CSV with the columns key, number, from, time_zone, argument.NAME, header.X-NAME; or "
        "JSON lines with the fields of a request",
    )
    parser.add_argument(
        "--batch", metavar="NAME", type=name, required=True, help="what the list is called"
    )
    parser.add_argument(
        "--from", dest="from_", metavar="NUMBER", type=number, help="ours, for rows without one"
    )
    parser.add_argument(
        "--model",
        metavar="MODULE:MODEL",
        help="hold each row's arguments against the model that the flow reads them with, as in "
        "flows.reminder:Reminder",
    )
    parser.add_argument("--check", action="store_true", help="only read it: nothing is sent")
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when all are in the queue, or as they should be. Raises `BadList`, `NotReached`."""
    model = named(options.model) if options.model else None
    calls = read_list(options.list, options.batch, options.from_, model)
    if options.check:
        say(f"{options.list}: {_counted(calls)}, as it should be. Nothing is sent.")
        return 0
    with line_in(options) as line:
        if not line.queue:
            raise NotReached("which queue? Write --stack NAME or --queue URL, or set OFFHOOK_QUEUE")
        is_new = line.wanted(options.batch) is None
        line.want(options.batch, len(calls))
        for sent in line.send(calls):
            if sent % 1000 == 0:
                say(f"{sent} of {len(calls)}")
    where = "" if is_new else " once more, and what was dialled is not dialled again"
    say(f"In the queue{where}: {_counted(calls)}. See: offhook calls report {options.batch}")
    return 0


def _counted(calls: Sequence[StartCall]) -> str:
    return "1 call" if len(calls) == 1 else f"{len(calls)} calls"
