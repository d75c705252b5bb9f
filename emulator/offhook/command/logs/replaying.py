"""Replay calls that happened to the handler as it is now: what it answers otherwise."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from offhook.command.arguments import add_handler, count, desk_of
from offhook.command.logs.choosing import add_choice, calls_of
from offhook.command.say import complain, say
from offhook.production.logs.differing import PARTS
from offhook.production.logs.drawn import counted
from offhook.production.logs.expected import Expectations, expectations
from offhook.production.logs.recorded import SUFFIX, RecordedCall
from offhook.production.logs.replayed import Group, Replay, accepted, rewrite

LADDERS = 5
"""Of so many changes the ladder is shown, unless somebody asks for more."""


def add_arguments(parser: ArgumentParser) -> None:
    add_choice(parser)
    parser.add_argument(
        "transactions",
        metavar="TRANSACTION",
        nargs="*",
        help="the id of a call as it stands in the folder, or its beginning",
    )
    add_handler(parser)
    parser.add_argument(
        "--compare",
        metavar="PART",
        choices=PARTS,
        action="append",
        help=f"what is compared: {', '.join(PARTS)}; may be given several times. Default: all",
    )
    parser.add_argument(
        "--ladders",
        metavar="N",
        type=count,
        default=LADDERS,
        help=f"of so many changes, what the caller would hear; default: {LADDERS}",
    )
    parser.add_argument(
        "--accept", action="store_true", help="write the replies of now into the folder"
    )


def run(options: Namespace) -> int:
    """1 with changes that nobody expects or accepts, else 0. Raises `NoSuchCalls`, `ConfigError`
    and `FunctionNotFound`."""
    expected = expectations(options.folder)
    with Replay(desk_of(options), parts=options.compare or PARTS) as replay:
        calls = 0

        def seen(call: RecordedCall) -> RecordedCall:
            nonlocal calls
            calls += 1
            return call

        groups = replay.groups(map(seen, calls_of(options)))
        if not calls:
            complain("no call is meant by that: offhook logs list says which there are")
            return 1
        new = [group for group in groups if expected.of(group.what) is None]
        of = len({call.transaction for group in groups for call in group.calls})
        found = f"{counted(len(groups), 'change')} in {of} of them" if groups else "no change"
        say(f"{counted(calls, 'call')}, {found}")
        for number, group in enumerate(groups):
            say("\n" + _told(group, expected, options.folder))
            if group in new and number < options.ladders:
                say("  from there on:\n" + replay.ladder(group.calls[0], group.place))
        if options.accept:
            by_call: dict[str, RecordedCall] = {}
            for call in (call for group in groups for call in group.calls):
                by_call[call.transaction] = accepted(call, replay.changes(call))
            _accept(options.folder, by_call)
            return 0
    return 1 if new else 0


def _told(group: Group, expected: Expectations, folder: Path) -> str:
    count = counted(len(group.calls), "call")
    first = group.calls[0].transaction
    lines = [f"{group.what}; {count}"]
    if meant := expected.of(group.what):
        return f"{lines[0]} (expected until {meant.until}: {meant.reason})"
    if overdue := expected.overdue(group.what):
        lines.append(f"  {overdue}")
    lines.append(f"  look at: offhook logs show {folder} {first}")
    return "\n".join(lines)


def _accept(folder: Path, changed: Mapping[str, RecordedCall]) -> None:
    for file in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else [folder]:
        rewrite(file, changed)
    say(f"\nwritten: {counted(len(changed), 'call')}")
