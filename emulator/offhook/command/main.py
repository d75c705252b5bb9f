"""The command `offhook`: what the make targets call, and the same for those who installed it."""

import argparse
import asyncio
import io
import json
import logging
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from offhook.emulator.faults import NAMES, Fault
from offhook.emulator.findings.finding import Finding, render
from offhook.emulator.findings.turns import of_turns
from offhook.emulator.function.in_process import load_handler
from offhook.emulator.function.names import runs_here
from offhook.emulator.function.reach import reach
from offhook.emulator.service import config
from offhook.emulator.service.config import NO_NUMBER, ConfigError, Desk
from offhook.emulator.service.service import Service
from offhook.emulator.testing import MONDAY_AT_TEN, Phone, StoryFailed
from offhook.emulator.testing.scripted_caller import COMMA_SECONDS, KEYS, follow
from offhook.handler.errors import OffhookError

SCRIPT = "10"
"""What the scripted caller presses unless told otherwise."""


class _Route(Protocol):
    event_type: str

    def describe(self) -> str: ...
    @property
    def where(self) -> str: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all went well, 1 when a call was dropped, 2 for a mistake."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not know “ or ♪
            stream.reconfigure(errors="replace")
    try:
        return _run(options)
    except OffhookError as error:
        print(f"offhook: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read this has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D when asked for a number
        print()
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.command == "new":
        return new(options.name)
    desk = config.load()
    if options.handler:
        desk = desk.with_function(options.handler)
    if options.command == "routes":
        return routes(desk)
    if options.command == "serve":
        return _serve(options)
    if options.command == "local":
        return _local(options)
    if options.command == "lint-handler":
        return lint_handler(desk, outbound=options.outbound, update=options.update)
    if options.command == "invoke":
        return invoke_once(desk, options.event)
    if options.script is None and sys.stdin.isatty() and sys.stdout.isatty():
        return talk(desk, options.to, options.at, options.fault)
    script = SCRIPT if options.script is None else options.script
    return play(desk, options.to, script, options.at, options.fault)


def play(
    desk: Desk, number: str | None, script: str, at: datetime, faults: Sequence[Fault] = ()
) -> int:
    """A scripted call in virtual time, and its ladder."""
    with Phone(desk=desk) as phone:
        phone.put_faults(*faults)
        call = phone.dials(number, at=at)
        try:
            follow(call, script)
        except StoryFailed as failed:
            print(failed)
            return 1
        print(call.ladder.render())
        _print_findings(of_turns(call.turns))
    return _status(call.ladder.entries)


def talk(desk: Desk, number: str | None, at: datetime, faults: Sequence[Fault] = ()) -> int:
    """A call at the terminal, in real time."""
    from offhook.command.telephone import terminal
    from offhook.command.telephone.keyboard import HELP

    chosen = number or terminal.choose(_numbers(desk), input)
    loop = asyncio.new_event_loop()
    try:
        service = Service(desk, loop)
        service.faults.put(*faults)
        print(f"It is {at:%A, %H:%M %Z} at this desk (--at says otherwise).\n{HELP}\n")
        try:
            call = loop.run_until_complete(terminal.talk(service, chosen, at))
        finally:
            service.close()
    finally:
        loop.run_until_complete(asyncio.sleep(0))  # lets what was cancelled end
        loop.close()
    for recording in service.recordings.written:
        print(f"recorded: {_here(str(recording))}")
    _print_findings(of_turns(call.told.turns))
    return _status(call.ladder.entries)


def lint_handler(desk: Desk, *, outbound: bool = False, update: bool = False) -> int:
    """Probing calls at every handler of the desk: 1 when there is something to mend."""
    from offhook.emulator.findings.probes import INBOUND, OUTBOUND, UPDATE, is_elsewhere, probe

    _numbers(desk)
    probes = INBOUND + (OUTBOUND if outbound else ()) + (UPDATE if update else ())
    is_wrong = False
    for app in desk.sip_media_applications:
        count = len(probes) * len(app.numbers)
        print(f"{app.function}: {count} probing calls to {', '.join(app.numbers)}")
        if is_elsewhere(app.function, desk):
            print(
                "  it runs behind a URL, and cannot be started afresh from here: whether it shares "
                "state between calls is not looked at"
            )
        with _without_warnings():
            found = list(probe(app.function, desk, app.numbers, probes))
        for finding, call in found:
            print(f"  {finding}\n    when {call}")
        is_wrong = is_wrong or any(not finding.is_advice for finding, _ in found)
        if not found:
            print("  nothing to mend")
    return 1 if is_wrong else 0


@contextmanager
def _without_warnings() -> Generator[None]:
    """What a handler says of calls that nobody will make is no help; its errors are."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _print_findings(findings: Sequence[Finding]) -> None:
    if findings:
        print(f"\n{render(findings)}")


def invoke_once(desk: Desk, event: Path) -> int:
    """One event in AWS's own runtime: the reply, the log, the duration."""
    from offhook.emulator.function.lambda_runtime import invoke, read_event

    handler = desk.named(next(iter(desk.numbers.values())).function)[0] if desk.numbers else ""
    invocation = invoke(read_event(event), handler)
    print(json.dumps(invocation.reply, indent=2, ensure_ascii=False))
    print(f"\n{invocation.own_log}")
    if invocation.init_ms is not None and invocation.duration_ms is not None:
        print(f"start {invocation.init_ms:.0f} ms, handler {invocation.duration_ms:.1f} ms")
    return 1 if invocation.failed else 0


def new(name: str) -> int:
    """A project of one's own, in a new folder here."""
    from offhook.command.new import make

    folder = make(name, Path.cwd())
    print(f"{_here(str(folder))}/ is made. Next:\n\n  cd {name}\n  make call\n  make test")
    return 0


def routes(desk: Desk) -> int:
    """Which function answers which event. Raises `ConfigError` when there is none."""
    _numbers(desk)
    for application in desk.sip_media_applications:
        print(
            f"{application.name}: {application.function} answers {', '.join(application.numbers)}"
        )
        name, limits = desk.named(application.function)
        handler = load_handler(name) if runs_here(name) else None
        if handler is None:
            reach(name, limits).close()  # says what is wrong with the name
        table: Iterable[_Route] | None = getattr(handler, "routes", None)
        if table is None:
            what = "runs elsewhere" if handler is None else "is not a Router"
            print(f"  it {what}, so only it knows what it answers")
            continue
        rows = [(route.event_type, route.describe(), _here(route.where)) for route in table]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        for event_type, conditions, where in rows:
            print(f"  {event_type:{widths[0]}}  {conditions:{widths[1]}}  {where}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    try:
        from offhook.command.serving.api import serve
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'serving needs {error.name}: pip install "offhook[serve]", or `make serve` here'
        ) from None
    return serve(options)


def _local(options: argparse.Namespace) -> int:
    try:
        from offhook.command.serving.stack import local

        return local(options)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'this needs {error.name}: pip install "offhook[local]", or `make local` here'
        ) from None


def _numbers(desk: Desk) -> tuple[str, ...]:
    if not desk.numbers:
        raise ConfigError(NO_NUMBER)
    return tuple(desk.numbers)


def _here(where: str) -> str:
    return where.replace(f"{Path.cwd()}/", "")


def _moment(text: str) -> datetime:
    if text == "now":
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: write `now`, or as in 2027-03-06T22:30"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _script(text: str) -> str:
    wrong = next((key for key in text if key not in KEYS), None)
    if wrong is not None:
        raise argparse.ArgumentTypeError(
            f"{wrong!r} is not a key: 0 to 9, * and # are, and a comma waits"
        )
    return text


def _fault(text: str) -> Fault:
    try:
        return Fault.parse(text)
    except OffhookError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _status(entries: Iterable[object]) -> int:
    return 1 if any(getattr(entry, "kind", "") == "service" for entry in entries) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="offhook", description="Amazon Chime SDK PSTN Audio on your desk."
    )
    parser.add_argument("--version", action="version", version=version("offhook"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    call = commands.add_parser("call", help="place a call to one of our numbers")
    call.add_argument("--to", metavar="NUMBER", help="which of our numbers (default: ask)")
    call.add_argument(
        "--script",
        metavar="KEYS",
        type=_script,
        help="press these keys, one after each prompt, and print what happened; a comma waits "
        f"{COMMA_SECONDS:.0f} s. Without a terminal: {SCRIPT}",
    )
    call.add_argument(
        "--at",
        metavar="TIME",
        type=_moment,
        default=MONDAY_AT_TEN,
        help="when the call comes: `now`, or as in 2027-03-06T22:30 (UTC unless it says). "
        "Default: a Monday at ten",
    )
    lint = commands.add_parser(
        "lint-handler", help="play probing calls at a handler, and say what to mend in it"
    )
    lint.add_argument("--outbound", action="store_true", help="also calls that we make")
    lint.add_argument("--update", action="store_true", help="also a call that is updated")
    table = commands.add_parser("routes", help="list which function answers which event")
    once = commands.add_parser("invoke", help="run one event in AWS's own Lambda runtime")
    once.add_argument("event", metavar="EVENT", type=Path, help="a file of events/")
    fresh = commands.add_parser("new", help="make a project of your own")
    fresh.add_argument("name", metavar="NAME", help="its folder and its stack, as in front-desk")
    server = commands.add_parser("serve", help="serve the API, for boto3, the AWS CLI, any SDK")
    server.add_argument("--port", type=int, default=4060, help="default: 4060; 0 takes any")
    server.add_argument(
        "--no-quotas", action="store_true", help="let everything through, however fast and many"
    )
    server.add_argument(
        "--fail",
        metavar="OPERATION=EXCEPTION[:TIMES]",
        action="append",
        default=[],
        help="let the next requests fail, as in "
        "CreateSipMediaApplicationCall=ThrottledClientException:2 (or `:always`)",
    )
    server.add_argument(
        "--state", metavar="FILE", type=Path, help="keep in it what the account owns"
    )
    server.add_argument(
        "--s3",
        metavar="ENDPOINT",
        nargs="?",
        const="embedded",
        help="prompts and recordings are in an S3 of our own (`embedded`, the default), in that at "
        "a URL, or in `folders`",
    )
    server.add_argument(
        "--records",
        metavar="FOLDER",
        type=Path,
        help="write call detail records there, and the message logs that are turned on",
    )
    here = commands.add_parser(
        "local", help="serve the API, and the trigger with its URL, queue and ledger"
    )
    here.add_argument(
        "--port",
        type=int,
        default=4060,
        help="of the API; the trigger has the next one. Default: 4060; 0 takes any",
    )
    for command in (server, here):
        _add_example(command)
    _add_pairs(here, "--update", "its redirection")
    for command in (call, server):
        _add_faults(command)
    for command in (call, lint, table, once, server, here):
        command.add_argument(
            "--handler",
            metavar="FUNCTION",
            help="the function that answers every number: module:function, "
            "../app/handler.py:function, ../app/index.js:handler, template.yaml:CallFunction, "
            "http://host:port, or command: ./bootstrap",
        )
    return parser


def _add_example(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from",
        dest="from_",
        metavar="NUMBER",
        help="our number that the commands it prints call from (default: the first)",
    )
    _add_pairs(command, "--argument", "the call")


def _add_pairs(command: argparse.ArgumentParser, option: str, what: str) -> None:
    command.add_argument(
        option,
        metavar="NAME=VALUE",
        type=_pair,
        action="append",
        default=[],
        help=f"an argument of {what} in those commands; may be given several times",
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is no argument: write NAME=VALUE")
    return name, value


def _add_faults(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fault",
        metavar="FAULT",
        type=_fault,
        action="append",
        default=[],
        help=f"what goes wrong on purpose: {', '.join(NAMES)}. As in slow=6, s3-missing=hello.wav, "
        "or throttled:2 for the next two times; may be given several times",
    )


if __name__ == "__main__":
    sys.exit(main())
