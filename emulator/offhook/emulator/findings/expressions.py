"""Expressions that nothing fits, and those that take for ever: these are found by trying, in a
process that can be ended.

The service's engine is not known. One that goes back and tries again, as Java's and Python's do,
needs twice the time for each key more that an expression like `^(1+)+$` is given.
"""

import re
import string
import subprocess
import sys
from functools import lru_cache

from offhook.actions.base import Action
from offhook.actions.collecting import CollectsDigits
from offhook.emulator.call.pressable import Asked

REPEATS = re.compile(r"(?<!\\)[*+{?|]")
"""What an expression needs two of before it can be read in more ways than one."""
SECONDS = 0.1
"""How long one of the tries may take, in seconds of that process's own work."""
MOST_SECONDS = 20.0
"""How long all of them may take, by the wall clock."""

TRY = """
import itertools, re, signal, sys

def end(*_):
    print(digits, flush=True)
    sys.exit(1)

pattern = re.compile(sys.argv[1])
signal.signal(signal.SIGVTALRM, end)
keys = "0123456789*#"
some = itertools.chain.from_iterable(itertools.product(keys, repeat=most) for most in (1, 2, 3))
words = [*map("".join, some), *re.findall("[0-9]{4,}", sys.argv[1])]
for word, last in itertools.product(words, ("", "0", "*", "#")):
    digits = word * 24 + last
    signal.setitimer(signal.ITIMER_VIRTUAL, float(sys.argv[2]))
    pattern.search(digits)
"""


@lru_cache
def endless_for(expression: str) -> str:
    """Keys for which it takes for ever; empty where there are none among those that are tried."""
    if len(REPEATS.findall(expression)) < 2:
        return ""
    tries = [sys.executable, "-I", "-S", "-c", TRY, expression, str(SECONDS)]
    try:
        done = subprocess.run(
            tries, capture_output=True, text=True, check=False, timeout=MOST_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 1 else ""


def asks_in_vain(action: Action[object]) -> str:
    """What an action asks for, where nobody can press it; empty where somebody can, where that is
    not known, and where nothing at all is meant to fit."""
    expression: object = getattr(action, "input_digits_regex", None)
    if not isinstance(expression, str):
        return ""
    asked, said = Asked(expression), f"InputDigitsRegex {expression!r}"
    if isinstance(action, CollectsDigits):
        fewest, most, ends = (
            action.min_number_of_digits,
            action.max_number_of_digits,
            tuple(action.terminator_digits),
        )
        asked = Asked(expression, fewest, most, ends)
        said += f", {fewest} to {most} digits, ended by {' or '.join(ends) or 'no key'}"
    if asked.some() == "" and Asked(expression, keys=string.printable).some() != "":
        return said
    return ""
