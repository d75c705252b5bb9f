"""Show calls that happened as ladders: legs, replies, waits, findings, where a caller was lost."""

from argparse import ArgumentParser, Namespace
from itertools import islice
from pathlib import Path

from offhook.command.logs.choosing import add_choice, calls_of
from offhook.command.say import complain, say
from offhook.emulator.call.ladder import rendered
from offhook.emulator.findings.finding import render
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.viewer.page import page
from offhook.production.logs.drawn import drawn, entries, summary, title
from offhook.production.logs.recorded import RecordedCall
from offhook.production.logs.turns import findings

MOST = 20
"""So many are shown, unless somebody asks for more."""


def add_arguments(parser: ArgumentParser) -> None:
    add_choice(parser)
    parser.add_argument(
        "transactions",
        metavar="TRANSACTION",
        nargs="*",
        help="the id of a call as it stands in the folder, or its beginning",
    )
    parser.add_argument(
        "--html", metavar="FILE", type=Path, help="write them as one page, to attach to a ticket"
    )


def run(options: Namespace) -> int:
    """0; 1 when there are none. Raises `NoSuchCalls` and `ConfigError`."""
    meant = calls_of(options)
    calls = [*islice(meant, options.worst or MOST)]
    if not calls:
        complain("no call is meant by that: offhook logs list says which there are")
        return 1
    if options.html:
        try:
            options.html.write_text(page(drawn(calls, options.folder.name)), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.html} cannot be written: {error.strerror}") from None
        say(f"{options.html} is written: {len(calls)} calls")
    else:
        say("\n\n".join(map(_told, calls)))
    if next(meant, None) is not None:
        complain(f"there are more than these {MOST}: choose some, or the --worst N")
    return 0


def _told(call: RecordedCall) -> str:
    lines = [f"{title(call)}: {summary(call)}", rendered(entries(call)), render(findings(call))]
    return "\n".join(filter(None, lines))
