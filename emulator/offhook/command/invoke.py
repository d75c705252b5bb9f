"""Run one event in AWS's own Lambda runtime."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from offhook.command.arguments import add_handler, desk_of
from offhook.command.deployed.lacking import tell
from offhook.command.say import say
from offhook.emulator.function.lambda_runtime import invoke, read_event


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("event", metavar="EVENT", type=Path, help="a file of events/")
    add_handler(parser)


def run(options: Namespace) -> int:
    """The reply, the log, the duration; 1 when the function failed. Raises `CannotInvoke`."""
    desk = desk_of(options)
    tell(desk)
    handler = desk.named(next(iter(desk.numbers.values())).function)[0]
    invocation = invoke(read_event(options.event), handler, real_aws=desk.real_aws)
    say(json.dumps(invocation.reply, indent=2, ensure_ascii=False))
    say(f"\n{invocation.own_log}")
    if invocation.init_ms is not None and invocation.duration_ms is not None:
        say(f"start {invocation.init_ms:.0f} ms, handler {invocation.duration_ms:.1f} ms")
    return 1 if invocation.failed else 0
