"""Play probing calls at a handler, and say what to mend in it."""

import logging
from argparse import ArgumentParser, Namespace

from offhook.command.arguments import add_handler, desk_of
from offhook.command.say import say
from offhook.emulator.findings.probes import INBOUND, OUTBOUND, UPDATE, is_elsewhere, probe


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--outbound", action="store_true", help="also calls that we make")
    parser.add_argument("--update", action="store_true", help="also a call that is updated")
    add_handler(parser)


def run(options: Namespace) -> int:
    """At every handler of the desk: 1 when there is something to mend. Raises `ConfigError`."""
    desk = desk_of(options)
    probes = INBOUND + (OUTBOUND if options.outbound else ()) + (UPDATE if options.update else ())
    is_wrong = False
    for app in desk.sip_media_applications:
        count = len(probes) * len(app.numbers)
        say(f"{app.function}: {count} probing calls to {', '.join(app.numbers)}")
        if is_elsewhere(app.function, desk):
            say(
                "  it runs behind a URL, and cannot be started afresh from here: whether it shares "
                "state between calls is not looked at"
            )
        logging.disable(logging.WARNING)  # of calls that nobody will make; errors are of help
        try:
            found = list(probe(app.function, desk, app.numbers, probes))
        finally:
            logging.disable(logging.NOTSET)
        for finding, call in found:
            say(f"  {finding}\n    when {call}")
        is_wrong = is_wrong or any(not finding.is_advice for finding, _ in found)
        if not found:
            say("  nothing to mend")
    return 1 if is_wrong else 0
