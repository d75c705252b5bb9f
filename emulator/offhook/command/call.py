"""Place a call to one of our numbers."""

import asyncio
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from offhook.command.arguments import add_faults, add_handler, desk_of, moment
from offhook.command.say import say
from offhook.emulator.call.ladder import Ladder
from offhook.emulator.call.told import Turn
from offhook.emulator.findings.finding import render
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.service.config import Desk
from offhook.emulator.service.service import Service
from offhook.emulator.testing import MONDAY_AT_TEN, Phone, StoryFailed
from offhook.emulator.testing.scripted_caller import COMMA_SECONDS, KEYS, follow

SCRIPT = "10"
"""What the scripted caller presses unless told otherwise."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--to", metavar="NUMBER", help="which of our numbers (default: ask)")
    parser.add_argument(
        "--script",
        metavar="KEYS",
        type=_script,
        help="press these keys, one after each prompt, and print what happened; a comma waits "
        f"{COMMA_SECONDS:.0f} s. Without a terminal: {SCRIPT}",
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        default=MONDAY_AT_TEN,
        help="when the call comes: `now`, or as in 2027-03-06T22:30 (UTC unless it says). "
        "Default: a Monday at ten",
    )
    add_faults(parser)
    add_handler(parser)


def _script(text: str) -> str:
    wrong = next((key for key in text if key not in KEYS), None)
    if wrong is not None:
        raise ArgumentTypeError(f"{wrong!r} is not a key: 0 to 9, * and # are, and a comma waits")
    return text


def run(options: Namespace) -> int:
    """By script, or at the terminal where there is one."""
    desk = desk_of(options)
    if options.script is None and sys.stdin.isatty() and sys.stdout.isatty():
        return _talk(desk, options)
    return _play(desk, options)


def _play(desk: Desk, options: Namespace) -> int:
    """A scripted call in virtual time, and its ladder."""
    with Phone(desk=desk) as phone:
        phone.put_faults(*options.fault)
        call = phone.dials(options.to, at=options.at)
        try:
            follow(call, SCRIPT if options.script is None else options.script)
        except StoryFailed as failed:
            say(str(failed))
            return 1
        say(call.ladder.render())
        return _judged(call.ladder, call.turns)


def _talk(desk: Desk, options: Namespace) -> int:
    """A call at the terminal, in real time."""
    from offhook.command.telephone import terminal
    from offhook.command.telephone.keyboard import HELP

    number = options.to or terminal.choose(tuple(desk.numbers), input)
    loop = asyncio.new_event_loop()
    try:
        service = Service(desk, loop)
        service.faults.put(*options.fault)
        say(f"It is {options.at:%A, %H:%M %Z} at this desk (--at says otherwise).\n{HELP}\n")
        try:
            call = loop.run_until_complete(terminal.talk(service, number, options.at))
        finally:
            service.close()
    finally:
        loop.run_until_complete(asyncio.sleep(0))  # lets what was cancelled end
        loop.close()
    for recording in service.recordings.written:
        say(f"recorded: {str(recording).removeprefix(f'{Path.cwd()}/')}")
    return _judged(call.ladder, call.told.turns)


def _judged(ladder: Ladder, turns: Sequence[Turn]) -> int:
    """Print what is to mend; 1 when the call was dropped."""
    if findings := of_turns(turns):
        say(f"\n{render(findings)}")
    return 1 if any(entry.kind == "service" for entry in ladder.entries) else 0
