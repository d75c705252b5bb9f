"""Tell a call that is up something: its flow gets CALL_UPDATE_REQUESTED."""

from argparse import ArgumentParser, Namespace

from offhook.command.arguments import pair
from offhook.command.calls.which import add_key, add_line, line_in
from offhook.command.say import say
from offhook.handler.calling.requests import RedirectCall, make


def add_arguments(parser: ArgumentParser) -> None:
    add_key(parser)
    parser.add_argument(
        "arguments", metavar="NAME=VALUE", type=pair, nargs="+", help="what its flow is told"
    )
    parser.add_argument(
        "--id", metavar="ID", help="makes two redirections the same one: the second is not sent"
    )
    add_line(parser)


def run(options: Namespace) -> int:
    """0 when the service has taken it. Raises `NotReached`, `CallError`."""
    fields = {"key": options.key, "arguments": dict(options.arguments), "id": options.id}
    request = make(RedirectCall, fields)
    with line_in(options) as line:
        line.calls().redirect(request)
    say(f"{options.key} is told.")
    return 0
