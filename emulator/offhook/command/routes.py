"""List which function answers which event."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from offhook.command.arguments import add_handler, desk_of
from offhook.command.say import say
from offhook.emulator.function.reach import reach


def add_arguments(parser: ArgumentParser) -> None:
    add_handler(parser)


def run(options: Namespace) -> int:
    """One table for each application. Raises `ConfigError` when there is none."""
    from offhook.handler.routes import RouteTable

    desk, here = desk_of(options), f"{Path.cwd()}/"
    for application in desk.sip_media_applications:
        say(f"{application.name}: {application.function} answers {', '.join(application.numbers)}")
        function = reach(*desk.named(application.function))
        function.close()
        handler = getattr(function, "handler", None)
        table = getattr(handler, "routes", None)
        if not isinstance(table, RouteTable):
            what = "runs elsewhere" if handler is None else "is not a Router"
            say(f"  it {what}, so only it knows what it answers")
            continue
        rows = [
            (route.event_type, route.describe(), route.where.replace(here, "")) for route in table
        ]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        for event_type, conditions, where in rows:
            say(f"  {event_type:{widths[0]}}  {conditions:{widths[1]}}  {where}")
    return 0
