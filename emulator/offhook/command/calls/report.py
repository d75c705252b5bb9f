"""Say what became of a list: outcomes, what was said, the pace, and when it will be done."""

import csv
import io
import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from offhook.command.calls.which import add_line, line_in, name
from offhook.command.say import say
from offhook.handler.calling.call_record import OurCall
from offhook.production.calls.line import Line, NotReached
from offhook.production.calls.report import Report, report_on

WIDTH = 30
"""Characters of a bar."""

EVERY_SECONDS = 5.0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("batch", metavar="NAME", type=name, help="what the list was called")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--csv", action="store_true", help="a row for each call")
    shown.add_argument("--json", action="store_true", help="the counts, and each call")
    shown.add_argument(
        "--watch", action="store_true", help="again every five seconds, until it is done"
    )
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when nothing more will come, 1 while calls are left. Raises `NotReached`."""
    with line_in(options) as line:
        while True:
            calls = list(line.calls_of(options.batch))
            made = _report(line, options.batch, calls)
            if not calls and made.wanted is None:
                raise NotReached(
                    f"no list was started as {options.batch}, and none of its calls is known: name "
                    "it as it was given to `offhook calls start --batch`"
                )
            if options.csv:
                say(_csv(calls))
            elif options.json:
                told = [call.model_dump(mode="json") for call in calls]
                say(json.dumps({**made.to_json(), "calls": told}, indent=2))
            else:
                say(render(made, datetime.now(UTC)))
            if not (options.watch and made.left):
                return 1 if made.left else 0
            time.sleep(EVERY_SECONDS)


def _report(line: Line, batch: str, calls: Sequence[OurCall]) -> Report:
    return report_on(batch, calls, line.wanted(batch), datetime.now(UTC))


def render(made: Report, now: datetime) -> str:
    """The report as text."""
    total = max(made.wanted or 0, made.known, 1)
    full = round(WIDTH * made.done / total)
    lines = [f"{made.batch}: [{'#' * full}{'.' * (WIDTH - full)}] {made.done} of {total} are over"]
    lines += [f"  {count:6} {outcome}" for outcome, count in made.rows()]
    for title, counted in (
        ("What was said", made.said),
        ("What is waited for", made.waits),
        ("Why nothing was dialled", made.refused),
    ):
        if counted:
            lines.append(f"{title}:")
            lines += [f"  {count:6} {what}" for what, count in counted.most_common()]
    if made.left and not made.waiting:
        lines.append("all are dialled")
    elif made.left:
        minutes = "minute" if made.minutes < 1.5 else f"{made.minutes:.0f} minutes"
        lines.append(f"{made.recent or 'none'} dialled in the last {minutes}")
    if (until := made.until(now)) is not None:
        how = "not before" if until == made.not_before else "at this pace at"
        lines.append(f"the last one {how} {until:%Y-%m-%d %H:%M} UTC")
    return "\n".join(lines)


def _csv(calls: Sequence[OurCall]) -> str:
    columns = [*OurCall.model_fields, "outcome"]
    columns.remove("sip_media_application_id")
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(call.model_dump(mode="json") for call in calls)
    return file.getvalue().rstrip("\n")
