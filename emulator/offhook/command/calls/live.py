"""Find the calls with a number that are up, also those that came in, if the flows opted in."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from offhook.command.arguments import number
from offhook.command.calls.which import add_line, line_in
from offhook.command.say import say
from offhook.handler.calling.call_record import OurCall
from offhook.handler.calling.requests import CAME_IN


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "number", metavar="NUMBER", type=_theirs, help="of who is on the line, in E.164"
    )
    parser.add_argument("--json", action="store_true", help="all that is known of each")
    add_line(parser)


def _theirs(typed: str) -> str:
    """A number. Raises `ArgumentTypeError`."""
    try:
        return number(typed)
    except ArgumentTypeError as error:
        raise ArgumentTypeError(
            f"{error}. Who withholds the number is not found by it; the log has the call's "
            f"TransactionId, which is its key, with {CAME_IN} before it"
        ) from None


def run(options: Namespace) -> int:
    """0 when there are some, 1 when there are none. Raises `NotReached`."""
    with line_in(options) as line:
        calls = line.book().live(options.number).calls
    if options.json:
        say(json.dumps([call.model_dump(mode="json") for call in calls], indent=2))
    elif not calls:
        say(f"No call with {options.number} is up, as far as the ledger knows.")
    else:
        width = max(len(call.key) for call in calls)
        say("\n".join(f"{call.key:{width}}  {_since(call)}" for call in calls))
        say("Tell one something: offhook calls redirect KEY NAME=VALUE")
        say("End one: offhook calls cancel KEY")
    return 0 if calls else 1


def _since(call: OurCall) -> str:
    came_in = call.key.startswith(CAME_IN)
    at = call.answered_at or call.dialled_at
    when = "" if at is None else f", since {at:%Y-%m-%d %H:%M:%S} UTC"
    return f"{'came in' if came_in else f'called by us, {call.state}'}{when}"
