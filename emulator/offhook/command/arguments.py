"""Arguments that several subcommands take: what their help says, and how they are read."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from offhook.actions.fields import E164
from offhook.command.say import complain, say
from offhook.emulator.faults import NAMES, Fault
from offhook.emulator.ports.port import LAST_PORT, NO_PORT
from offhook.emulator.service.config import Desk, load
from offhook.emulator.service.config_file import ConfigError, NoNumber
from offhook.emulator.viewer.document import Ladder
from offhook.handler.errors import OffhookError


def add_handler(parser: ArgumentParser) -> None:
    """`--handler` and `--real-aws`, for `desk_of`."""
    parser.add_argument(
        "--handler",
        metavar="FUNCTION",
        help="the function that answers every number: module:function, "
        "../app/handler.py:function, ../app/index.js:handler, template.yaml:CallFunction, "
        "http://host:port, or command: ./bootstrap",
    )
    parser.add_argument(
        "--real-aws",
        action="store_true",
        help="let functions find your AWS credentials (AWS_PROFILE says which), and act on that "
        "account; without it they find none that open anything",
    )


def desk_of(options: Namespace, default: str | None = None) -> Desk:
    """The desk of this folder, `--handler` behind every number; `default` behind one number, where
    none is configured. `--fault` and `--port` beat its own. That functions may do something real is
    told. Raises `ConfigError`."""
    desk = load()
    function = options.handler or (None if desk.numbers else default)
    desk = desk.with_function(function) if function else desk
    if not desk.numbers:
        raise NoNumber
    if options.real_aws:
        desk = desk.model_copy(update={"real_aws": True})
    if (port := getattr(options, "port", None)) is not None:
        desk = desk.model_copy(update={"port": port})
    if faults := getattr(options, "fault", None):
        desk = desk.model_copy(update={"faults": tuple(map(str, faults))})
    if desk.real_aws:
        which = "those of this environment" if desk.real_aws is True else f"profile {desk.real_aws}"
        complain(f"functions have real AWS credentials: {which}")
    return desk


def add_port(parser: ArgumentParser, what: str) -> None:
    """`--port`, of the desk's own API, for `desk_of`; `what` it is by default."""
    parser.add_argument("--port", metavar="N", type=_port, help=f"{what}; 0 takes any that is free")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > LAST_PORT:
        raise ArgumentTypeError(NO_PORT.format(repr(text)))
    return int(text)


def add_faults(parser: ArgumentParser) -> None:
    """`--fault`: a list of `Fault`."""
    parser.add_argument(
        "--fault",
        metavar="FAULT",
        type=_fault,
        action="append",
        default=[],
        help=f"what goes wrong on purpose: {', '.join(NAMES)}. As in slow=6, s3-missing=hello.wav, "
        "or throttled:2 for the next two times; may be given several times",
    )


def _fault(text: str) -> Fault:
    try:
        return Fault.parse(text)
    except OffhookError as error:
        raise ArgumentTypeError(str(error)) from None


def add_example(parser: ArgumentParser) -> None:
    """`--from` and `--argument`: the call that the printed commands make."""
    parser.add_argument(
        "--from",
        dest="from_",
        metavar="NUMBER",
        help="our number that the commands it prints call from (default: the first)",
    )
    add_pairs(parser, "--argument", "an argument of the call in those commands")


def add_picture(parser: ArgumentParser, of: str) -> None:
    """`--picture`: a file that can be written, for `draw`."""
    parser.add_argument(
        "--picture", metavar="FILE.svg", type=_svg, help=f"draw the ladder of {of} as a picture too"
    )


def _svg(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".svg":
        raise ArgumentTypeError(
            f"{text!r} is no name of an SVG: write e.g. {path.stem or 'call'}.svg"
        )
    try:
        is_new = not path.exists()
        path.open("ab").close()  # what is wrong is said now, and not when the call is over
        if is_new:
            path.unlink()
    except FileNotFoundError:
        raise ArgumentTypeError(f"there is no folder {str(path.parent)!r}: make it first") from None
    except OSError as error:
        raise ArgumentTypeError(f"{text!r} cannot be written: {error.strerror}") from None
    return path


def draw(path: Path, ladders: Sequence[Ladder]) -> None:
    """Write them there as one picture. Raises `ConfigError`."""
    from offhook.emulator.viewer.picture import picture

    try:
        path.write_text(picture(ladders), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    say(f"drawn: {path}")


def add_quiet(parser: ArgumentParser) -> None:
    """`--quiet`: whether a server shows its calls."""
    parser.add_argument(
        "--quiet", action="store_true", help="show nothing of the calls as they happen"
    )


def add_pairs(parser: ArgumentParser, option: str, what: str) -> None:
    """An option that takes NAME=VALUE, again and again: a list of tuples. `what` one is."""
    parser.add_argument(
        option,
        metavar="NAME=VALUE",
        type=pair,
        action="append",
        default=[],
        help=f"{what}; may be given several times",
    )


def pair(text: str) -> tuple[str, str]:
    """The type of an argument that is NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ArgumentTypeError(f"{text!r} has no name and value: write NAME=VALUE")
    return name, value


def number(text: str) -> str:
    """The type of an option that takes a telephone number."""
    if not re.fullmatch(E164, text):
        raise ArgumentTypeError(f"{text!r} is no number: write E.164, as in +15550100200")
    return text


def count(text: str) -> int:
    """The type of an option that takes a whole number: 0 or more."""
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is no whole number: write digits, as in 7")
    return int(text)


def amount(text: str) -> float:
    """The type of an option that takes so much of something: 0 or more, and an end to it."""
    try:
        read = float(text)
    except ValueError:
        read = -1.0
    if not 0 <= read < inf:
        raise ArgumentTypeError(f"{text!r} is no amount: write 0 or more, as in 1.5")
    return read


def moment(text: str) -> datetime:
    """The type of an option that takes a time: `now`, or ISO 8601, in UTC unless it says."""
    if text == "now":
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is no time: write `now`, or as in 2027-03-06T22:30"
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
