"""Place a call to one of our numbers, or be called from one."""

import asyncio
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from offhook.command.arguments import (
    add_faults,
    add_handler,
    add_pairs,
    add_picture,
    add_port,
    count,
    desk_of,
    draw,
    moment,
    number,
)
from offhook.command.deployed.lacking import tell
from offhook.command.say import say
from offhook.emulator.call.call import Call
from offhook.emulator.faults import DESTINATIONS
from offhook.emulator.findings.finding import render
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.function.names import URLS
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.service import Service
from offhook.emulator.testing import A_CALLER, MONDAY_AT_TEN, Phone, StoryFailed
from offhook.emulator.testing.scripted_caller import (
    COMMA_SECONDS,
    KEYS,
    LONGEST_CALL_SECONDS,
    follow,
)
from offhook.emulator.testing.story_file import story
from offhook.emulator.viewer.document import ladder
from offhook.handler.errors import OffhookError

SCRIPT = "10"
"""What the scripted caller presses unless told otherwise."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        metavar="NUMBER",
        type=number,
        help="whom to call: one of our numbers (default: ask, or the first); with --outbound "
        f"anybody (default: {A_CALLER})",
    )
    parser.add_argument(
        "--from",
        dest="from_",
        metavar="NUMBER",
        type=number,
        help=f"who calls (default: {A_CALLER}); with --outbound one of our numbers (the first)",
    )
    add_pairs(parser, "--sip-header", "a SIP header of the INVITE, as in X-Account=7")
    parser.add_argument(
        "--outbound",
        action="store_true",
        help="we call, as by CreateSipMediaApplicationCall: you are who is called",
    )
    add_pairs(parser, "--argument", "an argument of such a call")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--script",
        metavar="KEYS",
        type=_script,
        help="press these keys, one after each prompt, those of a number in a row, and print what "
        f"happened; a comma waits {COMMA_SECONDS:.0f} s. Without a terminal: {SCRIPT}",
    )
    how.add_argument(
        "--story",
        metavar="FILE.py:FUNCTION",
        help="play a story, as a test tells one: a function that takes the phone; and print what "
        "happened. It says itself who calls whom, and when",
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        default=MONDAY_AT_TEN,
        help="when the call comes: `now`, or as in 2027-03-06T22:30 (UTC unless it says). "
        "Default: a Monday at ten",
    )
    parser.add_argument(
        "--seed", metavar="N", type=count, help="the same ids in every run with this number"
    )
    parser.add_argument(
        "--sound",
        action="store_true",
        help="speak, at a terminal: by the extra `speech`, and paplay, aplay or afplay",
    )
    add_picture(parser, "the call, and of those that come of it,")
    add_port(parser, "of the API that functions ask for calls and meetings")
    add_faults(parser)
    add_handler(parser)


def _script(text: str) -> str:
    wrong = next((key for key in text if key not in KEYS), None)
    if wrong is not None:
        raise ArgumentTypeError(f"{wrong!r} is not a key: 0 to 9, * and # are, and a comma waits")
    return text


def run(options: Namespace) -> int:
    """By script or story, or at the terminal where there is one. Raises `ConfigError`."""
    if options.argument and not options.outbound:
        raise ConfigError("--argument is of a call that we make: add --outbound")
    desk = desk_of(options)
    if options.seed is not None:
        desk = desk.model_copy(update={"seed": options.seed})
    by_hand = options.script is None and options.story is None
    by_hand = by_hand and sys.stdin.isatty() and sys.stdout.isatty()
    if options.sound and not by_hand:
        raise ConfigError("--sound is heard in real time: call at a terminal, by hand")
    tell(desk)
    if by_hand:
        return _talk(desk, options)
    if options.story is not None:
        return _tell(desk, options)
    return _play(desk, options)


def _tell(desk: Desk, options: Namespace) -> int:
    """A story in virtual time, and the ladder of each of its calls."""
    told = story(options.story)
    with Phone(desk=desk, recordings=desk.recordings) as phone:
        try:
            told(phone)
        except OffhookError:
            raise
        except Exception as failed:
            is_told = isinstance(failed, AssertionError) and str(failed)
            say(str(failed) if is_told else f"{options.story} does not hold\n{_in_story(failed)}")
            if options.picture:
                draw(options.picture, [*map(ladder, phone.service.placed())])
            return 1
        return _judged(options, phone.service)


def _in_story(failed: Exception) -> str:
    """What went wrong, and the last line of the story that it came to."""
    below = extract_tb(failed.__traceback__)[1:]
    last = next(each for each in below[::-1] if each.filename == below[0].filename)
    return f"{type(failed).__name__}: {failed}\n  at {last.filename}:{last.lineno}: {last.line}"


def _play(desk: Desk, options: Namespace) -> int:
    """A scripted call in virtual time, and its ladder."""
    headers, arguments = dict(options.sip_header), dict(options.argument)
    keys = SCRIPT if options.script is None else options.script
    with Phone(desk=desk, recordings=desk.recordings) as phone:
        try:
            if options.outbound:
                to = options.to or A_CALLER
                somebody_else = phone.service.faults.meant(DESTINATIONS, to)
                call = phone.rings(
                    to, from_=options.from_, at=options.at, arguments=arguments, sip_headers=headers
                )
                if somebody_else:
                    keys = ""  # a machine presses nothing, nor does who is busy or silent
                elif to not in phone.service.far_ends:
                    call.answers()
            else:
                call = phone.dials(
                    options.to, from_=options.from_ or A_CALLER, at=options.at, sip_headers=headers
                )
            say(f"It is {options.at:%A, %H:%M %Z} (--at says otherwise).{_whose_clock(desk)}")
            follow(call, keys)
            last = phone.now + LONGEST_CALL_SECONDS
            phone.until(lambda: not phone.service.calls or phone.now >= last)  # calls back, too
        except StoryFailed as failed:
            say(str(failed).partition("\n\n")[0])
            _judged(options, phone.service)
            return 1
        return _judged(options, phone.service)


def _whose_clock(desk: Desk) -> str:
    """That functions elsewhere do not know what time it is in the call, where that matters."""
    elsewhere = [
        app.function
        for app in desk.sip_media_applications
        if desk.named(app.function)[0].startswith((*URLS, "command:"))
    ]
    if not elsewhere:
        return ""
    return f"\n{elsewhere[0]} is started elsewhere: its clock is the machine's."


def _talk(desk: Desk, options: Namespace) -> int:
    """A call at the terminal, in real time."""
    from offhook.command.telephone import sound, terminal

    media = sound.media(desk, wanted=options.sound)
    loop = asyncio.new_event_loop()
    service = Service(desk, loop, media=media)
    try:
        call = loop.run_until_complete(terminal.talk(service, options))
    finally:
        service.close()
        loop.run_until_complete(asyncio.sleep(0))  # lets what was cancelled end
        loop.close()
    others = [other for other in service.placed() if other is not call]
    return _judged(options, service, [call, *others], shown=1)


def _judged(
    options: Namespace, service: Service, calls: Sequence[Call] = (), shown: int = 0
) -> int:
    """Print the calls (all, unless they are named), but for the first that were `shown`, what was
    recorded, and what is to mend in them; draw them; 1 when one was dropped."""
    calls = calls or service.placed()
    for call in calls[shown:]:
        leg = call.legs[0]
        if call is not calls[0]:
            say(f"\nThe call from {leg.from_} to {leg.to} that came of it:")
        say(call.ladder.render())
    for recording in service.buckets.written:
        say(f"recorded: {str(recording).removeprefix(f'{Path.cwd()}/')}")
    if findings := [finding for call in calls for finding in of_turns(call.told.turns)]:
        say(f"\n{render(findings)}")
    if options.picture:
        draw(options.picture, [*map(ladder, calls)])
    entries = [entry for call in calls for entry in call.ladder.entries]
    return 1 if any(entry.kind == "service" for entry in entries) else 0
