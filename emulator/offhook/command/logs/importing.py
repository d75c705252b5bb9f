"""Make a folder of calls from logs, and nobody's: CloudWatch's JSON and CSV, S3 exports, text."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from offhook.command.say import say
from offhook.emulator.service.config_file import ConfigError
from offhook.production.logs.drawn import counted
from offhook.production.logs.imported import Imported, Seen, import_logs, unseen


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="what was exported, as it is: output of `aws logs filter-log-events`, get-log-events, "
        "get-query-results or tail, JSON and CSV of Logs Insights, exports to S3, payloads of "
        "subscriptions, events; a folder is all files in it, - is the standard input",
    )
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", type=Path, required=True, help="the folder to make"
    )
    parser.add_argument(
        "--ours",
        metavar="NAME",
        action="append",
        default=[],
        help="a header, argument, attribute or slot whose values are the application's own words, "
        "and stay; may be given several times",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="change nothing: numbers, digits and names of callers are in the folder. For those "
        "who may",
    )


def run(options: Namespace) -> int:
    """0 when every file was read to its end, else 1. Raises `ConfigError`, `NoCalls`,
    `ACallersNumber` and `NoSuchCalls`."""
    files = [path for name in options.files for path in _files(name)]
    with _bars() as seen:
        done = import_logs(files, options.output, keep=options.keep, ours=options.ours, seen=seen)
    say(report(done, options.output, kept=options.keep))
    return 1 if done.unreadable else 0


def _files(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    if name != "-" and not path.exists():
        raise ConfigError(
            f"{name} is not there: name files that were exported, or - for the standard input"
        )
    return [path]


@contextmanager
def _bars() -> Generator[Seen]:
    """On a terminal, a bar for each thing that is done."""
    if not sys.stderr.isatty():
        yield unseen
        return
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import ProgressBar
    from prompt_toolkit.shortcuts.progress_bar import ProgressBarCounter

    with (
        create_pipe_input() as nothing,  # what is typed, or piped in, is not for the bar
        ProgressBar(input=nothing, output=create_output(sys.stderr)) as shown,
    ):
        bars: dict[str, ProgressBarCounter[int]] = {}

        def seen(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = ProgressBarCounter(shown, label=what, total=total or None)
                shown.counters.append(bars[what])
            bars[what].items_completed = done
            shown.invalidate()

        yield seen


def report(done: Imported, folder: Path, *, kept: bool) -> str:
    """What came of it, in lines."""
    files = ", ".join(map(str, done.files))
    calls, events = counted(done.calls, "call"), counted(done.events, "event")
    told = [f"{calls} of {events}, from {counted(done.lines, 'line')}: {files}"]
    for count, what, more in (
        (done.incomplete, "incomplete call{}", "offhook logs list says what each lacks"),
        (done.again, "deliveries beyond the first", "what was answered first counts"),
        (done.unseen, "event{} without a reply in the logs", "nothing is said of what they answer"),
        (done.orphans, "replies without an event in the logs", "they are left out"),
        (done.lost, "object{} that began and never ended", "lines are missing"),
        (done.unexplained, "text{} of the service's message log", "of none of these calls"),
    ):
        if count:
            told.append(f"  {count} {what.format('s' * (count != 1))}: {more}")
    told += [f"  {error}" for error in done.unreadable]
    if kept:
        return "\n".join(
            [*told, f"Nothing was changed: {folder} has numbers and names of callers."]
        )
    told.append("Changed, so that it is nobody's:")
    told += [f"  {count} {what}" for what, count in sorted(done.changed.items()) if count]
    if done.kept:
        told.append("Kept, as several callers have the same (or --ours says so):")
        told += [f"  {place}: {', '.join(values)}" for place, values in done.kept.items()]
    return "\n".join(told)
