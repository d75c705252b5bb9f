"""The command `offhook`: each subcommand is a file of this folder."""

import ast
import atexit
import errno
import gc
import io
import os
import re
import sys
from argparse import ArgumentParser, HelpFormatter, Namespace
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.metadata import version
from importlib.util import find_spec
from textwrap import wrap
from typing import NoReturn, Protocol, cast

from offhook.command.completion import complete
from offhook.command.say import complain, log_visibly
from offhook.emulator.function.output import held_back
from offhook.handler.errors import OffhookError

COMMANDS = (
    "call",
    "routes",
    "phone",
    "explore",
    "lint-handler",
    "serve",
    "local",
    "invoke",
    "calls",
    "template",
    "prompts",
    "doctor",
    "logs",
    "new",
)
"""As `offhook --help` lists them. `lint-handler` is lint_handler.py."""

NOT_LET = (errno.EACCES, errno.ENOSPC, errno.EPERM, errno.EROFS)
"""A folder or a disk that takes no file is no fault of ours."""


class Subcommand(Protocol):
    """What such a file holds. Its docstring is the help; what an extra brings, `run` imports."""

    def add_arguments(self, parser: ArgumentParser, /) -> None:
        """Say what it takes."""
        ...

    def run(self, options: Namespace, /) -> int:
        """Do it: the exit code. An `OffhookError` is told in one line."""
        ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all went well, 1 when a call was dropped, 2 for a mistake."""
    if arguments is None:
        _collect_garbage_seldom()
    typed = sys.argv[1:] if arguments is None else arguments
    if "_ARGCOMPLETE" in os.environ:  # the shell asks what may come next, and ends here
        complete(_parser)
    _open_streams()
    log_visibly()
    try:
        options, unknown = _parser(typed).parse_known_args(typed)
        if unknown:
            options.refuse(f"unrecognized arguments: {' '.join(unknown)}")
        with held_back():  # what functions of this process write is shown with their events
            return int(options.run(options))
    except OffhookError as error:
        complain(str(error))
        return 2
    except BrokenPipeError:  # whoever read this has gone, as `head` does
        _print_no_more()
        return 1
    except OSError as error:
        if error.filename is None and error.errno == errno.ENOSPC:
            _print_no_more()
            error.filename = "what it prints"
        if error.filename is None or error.errno not in NOT_LET:
            raise
        complain(f"{error.filename}: {error.strerror}")
        return 2
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D when asked for a number
        print()
        return 130


def _collect_garbage_seldom() -> None:
    """In a process of its own: to look for garbage among all that is loaded, again and again and
    once more at the end, takes a quarter of a short command's time, and frees nothing."""
    gc.set_threshold(20_000, 20, 20)
    atexit.register(gc.freeze)


def _open_streams() -> None:
    """A daemon may have closed them; a terminal may not know “ or ♪."""
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _print_no_more() -> None:
    """What is left in the buffer is lost without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Help(HelpFormatter):
    """A name with hyphens, which somebody will copy, stays in one piece."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width, break_on_hyphens=False, break_long_words=False)


class _Parser(ArgumentParser):
    """Says what there is where nothing was chosen, and what may have been meant."""

    def error(self, message: str) -> NoReturn:
        """End with 2."""
        if message.endswith("required: COMMAND"):
            self.print_help(sys.stderr)
            self.exit(2, f"\n{self.prog}: error: {message}\n")
        typed, _, choices = message.partition("choose from")
        if choices or message.startswith("unrecognized"):
            known = re.findall(
                r"[\w-]+" if choices else r"--[\w-]+", choices or self.format_usage()
            )
            words = re.findall(r"(?<=')[\w-]+(?=')|--[\w-]+", typed)
            close = [meant for word in words for meant in get_close_matches(word, known, n=1)]
            message += f": did you mean {' '.join(close)}?" if close else ""
        super().error(message)


def _parser(typed: Sequence[str]) -> ArgumentParser:
    """Of the subcommand that is typed first, so that no other is loaded; else one that lists all,
    and loads none."""
    parser = _Parser(prog="offhook", description="Amazon Chime SDK PSTN Audio on your desk.")
    parser.add_argument("--version", action="version", version=version("offhook"))
    modules = {name: f"offhook.command.{name.replace('-', '_')}" for name in COMMANDS}
    if chosen := {name: module for name, module in modules.items() if name in typed[:1]}:
        add_commands(parser, chosen)
    else:
        commands = parser.add_subparsers(required=True, metavar="COMMAND")
        for name, module in modules.items():
            commands.add_parser(name, help=_summary(_docstring(module)))
    return parser


def add_commands(parser: ArgumentParser, modules: Mapping[str, str]) -> None:
    """Subcommands, by the name that is typed, each with the module that is its `Subcommand`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in modules.items():
        file = cast("Subcommand", import_module(module))
        about = file.__doc__ or ""
        command = commands.add_parser(
            name, help=_summary(about), description=about, formatter_class=_Help
        )
        command.set_defaults(run=file.run, refuse=command.error)
        file.add_arguments(command)


def _summary(about: str) -> str:
    return about[:1].lower() + about[1:].partition("\n")[0].rstrip(".")


def _docstring(module: str) -> str:
    """A module's, for which it is not loaded."""
    found = find_spec(module)
    source = cast("InspectLoader", found.loader).get_source(module) if found else None
    return ast.get_docstring(ast.parse(source or "")) or ""


if __name__ == "__main__":
    sys.exit(main())
