"""What the Tab key offers: argcomplete asks the parser that there is.

eval "$(register-python-argcomplete offhook)"
"""

import os
import shlex
from argparse import ArgumentParser
from collections.abc import Callable, Sequence


def complete(parser: Callable[[Sequence[str]], ArgumentParser]) -> None:
    """Tell the shell what may come next, and end. `parser` makes that of what is typed so far, so
    that no other subcommand is loaded. Without argcomplete nothing is told."""
    try:
        import argcomplete
    except ModuleNotFoundError:
        return
    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0") or 0)]
    argcomplete.autocomplete(parser(_words(line)))


def _words(line: str) -> list[str]:
    """Those that are complete, after the command's name: the last one is still being typed."""
    try:
        words = shlex.split(line)
    except ValueError:  # an open quote
        words = line.split()
    return words[1:] if line.endswith(" ") else words[1:-1]
