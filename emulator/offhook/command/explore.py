"""Play every call that a handler can get, and say what is wrong on which path."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from itertools import filterfalse
from math import inf
from pathlib import Path
from shutil import get_terminal_size
from typing import Self

from offhook.command.arguments import add_handler, add_pairs, desk_of, moment, number
from offhook.command.deployed.lacking import tell
from offhook.command.say import say
from offhook.emulator.explore.baseline import known, read
from offhook.emulator.explore.drawn import drawn
from offhook.emulator.explore.explored import Found, Told
from offhook.emulator.explore.jobs import Result, chosen, explore
from offhook.emulator.explore.junit import junit
from offhook.emulator.explore.options import Options
from offhook.emulator.explore.report import render, told
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.exploration import Exploration
from offhook.emulator.service.network import is_passed_on
from offhook.emulator.service.usual import A_CALLER
from offhook.emulator.viewer.page import page


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        action="append",
        help="when calls come, as in 2027-03-06T22:30 (UTC unless it says); may be given several "
        "times. Default: the moments of a week at which the line answers otherwise",
    )
    parser.add_argument(
        "--from",
        dest="from_",
        metavar="NUMBER",
        type=number,
        help=f"who calls, or is called; default: {A_CALLER}",
    )
    parser.add_argument("--to", metavar="NUMBER", type=number, help="only this number of ours")
    add_pairs(parser, "--sip-header", "a SIP header of the INVITE, as in X-Account=7")
    parser.add_argument("--outbound", action="store_true", help="also calls that we make")
    parser.add_argument("--outbound-only", action="store_true", help="only those")
    add_pairs(parser, "--argument", "an argument of the calls that we make")
    add_pairs(parser, "--update", "an argument of an update that may come")
    parser.add_argument(
        "--faults",
        metavar="N",
        type=_disturbances,
        help="disturbances in a path, at most: an action that the service refuses, an event that "
        "it delivers twice, a reply that is late, audio that is not there, an update. Default: 1",
    )
    parser.add_argument("--seconds", metavar="N", type=_time, help="of exploration; default: 60")
    parser.add_argument("--all", action="store_true", help="to the end, however long it takes")
    parser.add_argument(
        "--after",
        metavar="COMMIT",
        default="",
        help="as well: the version of that commit answers up to any moment, this one from there",
    )
    add_handler(parser)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all of it, as JSON")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write it as JUnit XML")
    parser.add_argument(
        "--map", metavar="FILE.html", type=Path, help="write a page that shows every situation"
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        type=Path,
        help="findings that are known do not count: those in this file. Where there is none, it is "
        "written",
    )


def run(options: Namespace) -> int:
    """At every handler of the desk: 1 with faults or where the template lacks something, 2 with
    none so far, 0 clean. Raises
    `ConfigError`, `FunctionNotFound`."""
    desk = desk_of(options)
    lacking = tell(desk)
    if fixed := ", ".join(sorted(desk.far_ends.keys() - {DEFAULT, *desk.numbers})):
        say(f"[far_ends] of the configuration says who is at {fixed}: nobody else is tried there")
    asked = wanted(options, desk.explore)
    for line in _unheeded(options, asked):
        say(line)
    for file in filter(None, (options.json, options.junit, options.map, options.baseline)):
        if file.is_dir():
            raise ConfigError(f"{file} cannot be written: it is a folder")
        if not file.parent.is_dir():
            raise ConfigError(f"{file} cannot be written: there is no folder {file.parent}")
    old = read(options.baseline) if options.baseline else None
    results: list[Result] = []
    for application in chosen(desk, options.to):
        say(f"{application.function}: calls to {', '.join(application.numbers)}")
        with Telling() as telling:
            result = explore(desk, application, asked, tell=telling)
        if old is not None:
            result.known = old.of(result.function)
            for gone in old.gone(result):
                say(f"  gone: {gone.rule}: {gone.where}: {gone.evidence}")
        results.append(result)
        say(render(result, asked))
    if options.json:
        _write(options.json, json.dumps(drawn(results, asked), indent=1, default=str))
    if options.junit:
        _write(options.junit, junit(results))
    if options.map:
        _write(options.map, page(drawn(results, asked)))
    if options.baseline and old is None:
        _write(options.baseline, known(results).model_dump_json(indent=2) + "\n")
    codes = [result.exit_code for result in results] + [int(lacking)]
    return 1 if 1 in codes else max(codes, default=0)


def _unheeded(options: Namespace, asked: Options) -> Iterator[str]:
    """What somebody asks for, and no call has."""
    if lost := ", ".join(filterfalse(is_passed_on, asked.sip_headers)):
        yield f"{lost}: of SIP headers a function is told X-..., User-to-User and Diversion alone"
    if options.argument and not asked.outbound:
        yield "--argument is for calls that we make, and none is explored: --outbound"


def _disturbances(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number of disturbances: write 0, 1, or 2")
    return int(text)


def _time(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < inf:
        raise ArgumentTypeError(f"{text!r} is no time: write seconds, as in 60, or --all")
    return seconds


def wanted(options: Namespace, usual: Exploration) -> Options:
    """What the flags say, else the desk's configuration."""
    return Options(
        at=options.at or usual.at,
        from_=options.from_ or usual.from_,
        sip_headers=dict(options.sip_header) or usual.sip_headers,
        inbound=not options.outbound_only,
        outbound=options.outbound or options.outbound_only or usual.outbound,
        arguments=dict(options.argument) or usual.arguments,
        updates=[dict(options.update)] if options.update else usual.updates,
        after=options.after,
        faults=usual.faults if options.faults is None else options.faults,
        seconds=None if options.all else options.seconds or usual.seconds,
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    say(f"{path} is written")


class Telling:
    """Says each finding when it is found; on a terminal, how far it is, in a line that passes."""

    def __enter__(self) -> Self:
        self._passes = sys.stderr.isatty()
        return self

    def __call__(self, one: Told) -> None:
        """What exploration tells."""
        if isinstance(one, Found):
            self._pass("")
            say(f"  found {told(one)}")
        else:
            self._pass(told(one))

    def __exit__(self, *_exception: object) -> None:
        self._pass("")

    def _pass(self, text: str) -> None:
        if self._passes:
            room = get_terminal_size().columns - 1
            sys.stderr.write(f"\r{text[:room]}\x1b[K")
            sys.stderr.flush()
