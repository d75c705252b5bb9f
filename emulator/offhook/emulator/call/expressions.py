"""Whether digits match an InputDigitsRegex, in bounded time.

Python's `re` cannot be stopped: one careless expression would stop the desk. `regex` reads the same
expressions (lookaheads too, which the service's samples need) and takes a limit.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from offhook.emulator.call.behaviour import Stage

if TYPE_CHECKING:
    import regex

MATCH_SECONDS = 0.1
"""How long one match may take, in seconds of this process's work. An honest expression needs a
thousandth of it for 128 digits."""


@lru_cache
def _compiled(expression: str) -> "regex.Pattern[str]":
    import regex

    return regex.compile(expression, regex.VERSION0)


def matches(expression: str, digits: str, stage: Stage) -> bool:
    """Whether they match, as the settings say. What cannot be found out in time is no match, and
    the ladder says so."""
    pattern = _compiled(expression)
    whole = stage.settings.digits_regex == "fullmatch"
    try:
        found = (pattern.fullmatch if whole else pattern.search)(digits, timeout=MATCH_SECONDS)
    except TimeoutError:
        why = f"InputDigitsRegex {expression!r} is given up: too slow for {len(digits)} keys"
        stage.leg.report("note", f"{why}, which do not match")
        return False
    return found is not None
