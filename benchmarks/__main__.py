"""Run the comparisons, all or those that are named, and print one table."""

import argparse
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import cast

from benchmarks.table import Section, render
from benchmarks.turns import ONCE, Effort

COMPARISONS = (
    "start_up",
    "start_up_in_lambda",
    "imports",
    "one_event",
    "one_event_logged",
    "whole_calls",
    "exploring",
    "bridged",
    "ten_minutes",
    "functions",
    "serving",
    "phones",
    "silent",
    "calling",
    "queue",
    "importing",
    "recording",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, whether or not the aims are met: that depends on who else uses the machine."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Ours beside theirs, in one run."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which (default: all): {', '.join(COMPARISONS)}"
    )
    parser.add_argument(
        "--once", action="store_true", help="run each once, to see that it works; no figures"
    )
    parser.add_argument(
        "--minutes", type=float, help="how long the calls of `phones` and `silent` are up"
    )
    options = parser.parse_args(arguments)
    names = cast("list[str]", options.names)
    unknown = [name for name in names if name not in COMPARISONS]
    if unknown:
        parser.error(f"there is no {unknown[0]!r}: there are {', '.join(COMPARISONS)}")
    effort = ONCE if options.once else Effort()
    if options.minutes is not None:
        effort = replace(effort, minutes=cast("float", options.minutes))
    sections = [_measure(name, effort) for name in names or COMPARISONS]
    print(f"Python {platform.python_version()} on {platform.machine()}\n{render(sections)}")
    return 0


def _measure(name: str, effort: Effort) -> Section:
    print(f"measuring {name} ...", file=sys.stderr)
    measure = import_module(f"benchmarks.{name}").measure
    return cast("Section", measure(effort))


if __name__ == "__main__":
    sys.exit(main())
