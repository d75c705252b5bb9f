"""Which calls are meant: the arguments that list and show have in common."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

from offhook.command.arguments import count, moment, number
from offhook.production.logs.chosen import Choice, worst
from offhook.production.logs.recorded import RecordedCall, read


def add_choice(parser: ArgumentParser) -> None:
    """The folder, and `--number`, `--day`, `--at` and `--worst`."""
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, help="what offhook logs import made, or a file of it"
    )
    parser.add_argument(
        "--number",
        metavar="NUMBER",
        type=number,
        help="calls with this number on any leg, as it stands in the folder",
    )
    parser.add_argument("--day", type=_day, help="calls that began on it, as in 2027-03-01 (UTC)")
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        help="calls that were up then, or five minutes before or after, as in 2027-03-01T14:03 "
        "(UTC unless it says)",
    )
    parser.add_argument(
        "--worst",
        metavar="N",
        type=count,
        help="only so many, the worst first: dropped, stranded, most faults",
    )


def calls_of(options: Namespace) -> Iterator[RecordedCall]:
    """Those that are meant, the earliest first; with `--worst`, the worst."""
    choice = Choice(
        transactions=getattr(options, "transactions", ()),
        number=options.number or "",
        day=options.day or "",
        moment=options.at,
    )
    meant = choice.of(read(options.folder))
    return iter(worst(meant, options.worst)) if options.worst else meant


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ArgumentTypeError(f"{text!r} is no day: write it as in 2027-03-01")
    return text
