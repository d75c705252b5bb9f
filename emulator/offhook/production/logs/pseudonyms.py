"""Others for numbers, digits, ids and words: one each, and equal ones equal.

They are made in the order in which they are asked for, from nothing of what they stand for: who has
them has no way back, and the same logs get the same ones.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice, product
from random import Random
from typing import TYPE_CHECKING, Final

from offhook.emulator.call.expressions import MATCH_SECONDS

if TYPE_CHECKING:
    import regex

FICTIONAL: Final = re.compile(r"\+?1(55501\d{5}|[2-9]\d\d55501\d\d|55501\d{8})")
"""Numbers that are nobody's (555-01xx), and stay."""
TAIL: Final = 10
"""So many digits at the end of a number are it, without the prefix of its country."""
_OTHERS: Final = re.compile("[^0-9]+")
_DIGIT: Final = re.compile("[0-9]")
SHORTEST: Final = 7
"""What has fewer digits is no telephone number."""
TRIES: Final = 100
"""So often others are made up in each of the ways in which they are."""
_SHORT: Final = re.compile("[0-9a-f]{8}(-[0-9a-f]{4})?")
"""The beginning of an id."""
ACCOUNT: Final = "123456789012"
"""Stands for every AWS account."""

TABLES: Final = """
CREATE TABLE IF NOT EXISTS numbers (backwards TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pseudonyms (
    kind TEXT, original TEXT, other TEXT, PRIMARY KEY (kind, original)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS each_once ON pseudonyms (kind, other);
"""


def shortened(name: str) -> str:
    """An id by its beginning, which is enough to tell it from others."""
    return name[:13]


def digits_of(text: str) -> str:
    """The digits of a number, without what is between."""
    return _OTHERS.sub("", text)


class Pseudonyms:
    """What stands for what, in the database of an import."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(TABLES)
        self._counts: dict[str, int] = {}
        self.accounts: set[str] = set()
        """Of AWS, whose functions these are."""
        self.number = lru_cache(4_096)(self._number)
        self._ending = lru_cache(4_096)(self._search)
        self.note = lru_cache(4_096)(self._note)
        self.left_in = lru_cache(4_096)(self._left_in)

    def _note(self, number: str) -> None:
        """A number of somebody, wherever it will be met."""
        digits = digits_of(number)
        if len(digits) >= SHORTEST:
            self._db.execute("INSERT OR IGNORE INTO numbers VALUES (?)", (digits[::-1],))

    def known(self, digits: str) -> str:
        """The digits of the number that was noted and ends so, whatever stands before it at home;
        empty where there is none."""
        return self._ending(digits.lstrip("0") if len(digits) > SHORTEST else digits)

    def _search(self, tail: str) -> str:
        if len(tail) < SHORTEST:
            return ""
        found = self._db.execute(
            "SELECT backwards FROM numbers WHERE backwards >= ?1 AND backwards < ?1 || ':' LIMIT 1",
            (tail[::-1],),
        ).fetchone()
        return str(found[0])[::-1] if found else ""

    def _left_in(self, text: str) -> str:
        """The digits of a number of somebody that a text still has; empty where it has none."""
        if text == ACCOUNT or _SHORT.fullmatch(text):
            return ""
        digits = digits_of(FICTIONAL.sub(" ", text))
        for end in range(SHORTEST, len(digits) + 1):
            backwards = digits[:end][::-1]
            for (number,) in self._db.execute(
                "SELECT backwards FROM numbers WHERE backwards >= ?1 AND backwards < ?1 || ':'",
                (backwards[:SHORTEST],),
            ):
                known = str(number)
                if backwards.startswith(known[:TAIL]) and not FICTIONAL.fullmatch(known[::-1]):
                    return known[::-1]
        return ""

    def _number(self, digits: str) -> str:
        """The digits of another number, of those that are nobody's."""
        if FICTIONAL.fullmatch(digits):
            return digits
        return self._of("number", digits, (f"155501{n:05}" for n in _from(self._count("number"))))

    def digits(self, keys: str, expression: str = "") -> str:
        """Other keys of equal length that an expression takes, `*` and `#` where they were. Those
        themselves, where it takes nothing else."""
        takes = taken_by(expression, keys)
        found = self._known("digits", keys)
        if found and takes(found):
            return found
        if (number := self.known(keys)) and takes(its := fitted(self.number(number), len(keys))):
            return its
        others = (each for each in _others(keys, expression, self._count("digits")) if takes(each))
        some = [*islice((each for each in others if each != keys), 5)]
        free = next((each for each in some if not self._is_taken("digits", each)), None)
        if free is not None and not found:
            return self._keep("digits", keys, free)
        return free or next(iter(some), keys)

    def word(self, name: str, original: str) -> str:
        """`name-7`, of the seventh that has the name."""
        plain = re.sub(r"\W+", "-", name).strip("-") or "word"
        kind = f"word {plain}"
        return self._of(kind, original, (f"{plain}-{n}" for n in _from(self._count(kind) + 1)))

    def _count(self, kind: str) -> int:
        return self._counts.get(kind, 0)

    def _known(self, kind: str, original: str) -> str:
        found = self._db.execute(
            "SELECT other FROM pseudonyms WHERE kind = ? AND original = ?", (kind, original)
        ).fetchone()
        return str(found[0]) if found else ""

    def _is_taken(self, kind: str, other: str) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM pseudonyms WHERE kind = ? AND other = ?", (kind, other)
        ).fetchone()
        is_somebodys = kind == "number" and self._search(other) == other
        return bool(found) or is_somebodys

    def _of(self, kind: str, original: str, candidates: Iterator[str]) -> str:
        if known := self._known(kind, original):
            return known
        other = next((each for each in candidates if not self._is_taken(kind, each)), original)
        return self._keep(kind, original, other)

    def _keep(self, kind: str, original: str, other: str) -> str:
        self._db.execute(
            "INSERT OR IGNORE INTO pseudonyms VALUES (?, ?, ?)", (kind, original, other)
        )
        self._counts[kind] = self._count(kind) + 1
        return other


@lru_cache
def _pattern(expression: str) -> "regex.Pattern[str] | None":
    import regex

    with suppress(regex.error):
        return regex.compile(expression, regex.VERSION0)
    return None


def taken_by(expression: str, keys: str) -> Callable[[str], bool]:
    """Whether an expression takes keys; one that did not take these is not asked."""
    pattern = _pattern(expression) if expression else None
    if pattern is not None:
        for match in (pattern.fullmatch, pattern.search):
            with suppress(TimeoutError):
                if match(keys, timeout=MATCH_SECONDS):
                    return partial(_takes, match)
    return lambda _: True


def _takes(match: "Callable[..., object]", keys: str) -> bool:
    with suppress(TimeoutError):
        return match(keys, timeout=MATCH_SECONDS) is not None
    return False


def _others(keys: str, expression: str, number: int) -> Iterator[str]:
    """Keys of equal length: any, then those that an expression makes, then with one of them
    another."""
    random = Random(f"{len(keys)} {number}")
    for _ in range(TRIES):
        yield _DIGIT.sub(lambda _: str(random.randrange(10)), keys)
    if expression:
        from rstr import Rstr

        for _ in range(TRIES):
            with suppress(Exception):  # what it cannot read, it does not make
                made = Rstr(random).xeger(expression)
                if len(made) == len(keys):
                    yield made
    for place, other in product(range(len(keys)), "0123456789"):
        if keys[place].isdecimal():
            yield keys[:place] + other + keys[place + 1 :]


def fitted(digits: str, length: int) -> str:
    """As many digits of a number as are wanted, the last of it."""
    return digits[-length:].rjust(length, "0")


def _from(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1
