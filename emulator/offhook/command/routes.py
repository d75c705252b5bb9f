"""List which function answers which event."""

import textwrap
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size

from offhook.command.arguments import add_handler, desk_of
from offhook.command.say import say
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.reach import reach


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="list only what has all of these words in it, as in action_failed menu",
    )
    add_handler(parser)


def run(options: Namespace) -> int:
    """One table for each application. Raises `ConfigError` when there is none."""
    from offhook.handler.routes import RouteTable

    desk, here = desk_of(options), f"{Path.cwd()}/"
    for application in desk.sip_media_applications:
        say(f"{application.name}: {application.function} answers {', '.join(application.numbers)}")
        function = reach(*desk.named(application.function))
        function.close()
        said = function.log if isinstance(function, InProcess) else ""
        for line in said.splitlines():
            say(f"  | {line}")
        handler = getattr(function, "handler", None)
        table = getattr(handler, "routes", None)
        if not isinstance(table, RouteTable):
            what = "runs elsewhere" if handler is None else "is not a Router"
            say(f"  it {what}, so only it knows what it answers")
            continue
        rows = [
            (route.event_type, route.describe(), route.where.replace(here, "")) for route in table
        ]
        wanted = [word.lower() for word in options.words]
        chosen = [row for row in rows if all(word in " ".join(row).lower() for word in wanted)]
        for line in _table(chosen, get_terminal_size((160, 0)).columns):
            say(line)
        if rows and not chosen:
            say(f"  none of its {len(rows)} routes has {' and '.join(options.words)} in it")
    return 0


def _table(rows: Sequence[tuple[str, str, str]], columns: int) -> Sequence[str]:
    """Event, conditions, place: side by side where they fit, else each below the one before."""
    first, second, third = (max((len(row[n]) for row in rows), default=0) for n in range(3))
    room = columns - first - third - 6
    if min(second, 24) > room:
        return [
            line
            for event_type, conditions, place in rows
            for line in (
                f"  {event_type}",
                *_wrapped(conditions, columns - 6, "      "),
                *_wrapped(place, columns - 6, "      "),
            )
        ]
    lines: list[str] = []
    for event_type, conditions, place in rows:
        start, *more = _wrapped(conditions, room, "") or [""]
        lines.append(f"  {event_type:{first}}  {start:{min(second, room)}}  {place}")
        lines += [f"  {'':{first}}  {each}" for each in more]
    return lines


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return [f"{indent}{line}" for line in textwrap.wrap(text, max(width, 10))]
