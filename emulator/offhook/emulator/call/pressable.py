"""What can be pressed so that an InputDigitsRegex takes it."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

KEYS = "1234567890*#"
TRIED = 20_000
"""So many beginnings are looked at before it is left to chance."""
DRAWS = 200
LONGEST = 24
"""Keys that somebody presses in a row, at most, unless more are asked for."""
MATCH_SECONDS = 0.1
AROUND = re.compile(r"\(\?<?[=!]|\\[bB]")
"""What looks at keys that may be beside those that match."""
AGAIN = re.compile(r"\\[1-9]|\(\?P=")
"""What wants a key that was pressed before."""
HOW_OFTEN = re.compile(r"\{\d+(?:,\d*)?\}")
PART = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|.")
"""What stands for one key."""


@dataclass(frozen=True)
class Asked:
    """What an action asks for."""

    expression: str | None
    """Found anywhere in the keys, as the service does it; `None` takes all."""
    fewest: int = 0
    most: int = 128
    terminators: Sequence[str] = ()
    """Keys that end it, and are tried with the expression where what was pressed before does not
    match."""
    keys: Sequence[str] = KEYS
    """Those that there are."""

    def fits(self, keys: str) -> bool:
        """Whether they are taken, the terminator last where one is needed, or nothing but it."""
        if not keys or set(self.terminators).intersection(keys[:-1]):
            return False
        if keys[-1] not in self.terminators:
            return self.fewest <= len(keys) <= self.most and self._takes(keys)
        digits = keys[:-1]
        if not self.fewest <= len(digits) < self.most:
            return False
        is_needed = not digits or not self._takes(digits)
        return is_needed and (self._takes(keys) or (not digits and self._takes(digits)))

    def some(self) -> str | None:
        """Keys that are taken; empty where there are none, `None` where that is not known."""
        return _some(self)

    @cached_property
    def compiled(self) -> "regex.Pattern[str] | None":
        """The expression; `None` where it is none."""
        import regex

        try:
            return regex.compile(self.expression or "")
        except regex.error:
            return None

    @cached_property
    def is_all_that_matches(self) -> bool:
        """Whether the keys that match say by themselves that they do, whatever is beside them."""
        expression = self.expression or ""
        is_anchored = expression.startswith("^") and expression.endswith("$")
        return not AROUND.search(expression) or (is_anchored and "|" not in expression)

    def _takes(self, keys: str) -> bool:
        return self.expression is None or self._asks(
            lambda its: its.search(keys, timeout=MATCH_SECONDS)
        )

    def may_begin(self, keys: str) -> bool:
        """Whether what matches, with the keys that it looks at beside it, may begin so."""
        return self._asks(
            lambda its: (
                its.fullmatch(keys, partial=True, timeout=MATCH_SECONDS)
                or (None if self.is_all_that_matches else its.match(keys, timeout=MATCH_SECONDS))
            )
        )

    def _asks(self, match: "Callable[[regex.Pattern[str]], object]") -> bool:
        try:
            return self.compiled is not None and match(self.compiled) is not None
        except TimeoutError:
            return False

    def _filled(self, keys: str) -> Iterator[str]:
        """Keys that match, and as many more as are wanted."""
        for more in dict.fromkeys(("", *("1" * max(0, self.fewest - len(keys)),))):
            yield from dict.fromkeys((keys + more, more + keys))
            yield from (keys + more + last for last in self.terminators)

    def first(self, keys: str) -> str:
        """Keys that are taken and hold these; empty where there are none."""
        return next(filter(self.fits, self._filled(keys)), "")


@lru_cache
def _some(asked: Asked) -> str | None:
    if asked.expression is None:
        return asked.first("1")
    if asked.compiled is None:
        return None
    keys = [key for key in asked.keys if key not in asked.terminators]
    different = keys if AGAIN.search(asked.expression) else _told_apart(asked.expression, keys)
    open_, tried = [""], 0
    while open_ and tried < TRIED:
        start = open_.pop()
        if found := asked.first(start):
            return found
        tried += 1
        if len(start) < asked.most:
            open_ += [start + key for key in reversed(different) if asked.may_begin(start + key)]
    if not open_ and asked.is_all_that_matches:
        return ""
    draw = random.Random(0)
    for _ in range(DRAWS):
        start = ""
        while len(start) < min(asked.most, LONGEST):
            start += draw.choice(keys)
            if asked.is_all_that_matches and not asked.may_begin(start):
                break
            if found := asked.first(start):
                return found
    return None


def _told_apart(expression: str, keys: Iterable[str]) -> Sequence[str]:
    """Of keys that no part of an expression tells apart, the first."""
    import regex

    parts: list[regex.Pattern[str]] = []
    for part in dict.fromkeys(PART.findall(HOW_OFTEN.sub("", expression))):
        with suppress(regex.error):
            parts.append(regex.compile(part))
    first: dict[object, str] = {}
    for key in keys:
        first.setdefault(tuple(bool(part.fullmatch(key)) for part in parts), key)
    return [*first.values()]
