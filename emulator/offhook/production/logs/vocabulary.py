"""Which values of headers, arguments, attributes and slots are the application's own words.

What several callers have, in a place that has few different values, is a choice (a language, a
state of the flow), and tells nothing of anybody. What is told of one alone is theirs.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, cast

CALLERS: Final = 3
"""So many different callers have a value that is the application's."""
VALUES: Final = 32
"""A place with more different values is none of choices."""

TABLES: Final = """
CREATE TABLE IF NOT EXISTS vocabulary (
    place TEXT, value TEXT, caller TEXT, PRIMARY KEY (place, value, caller)) WITHOUT ROWID;
"""


class Vocabulary:
    """The values of an import, in its database."""

    def __init__(self, db: sqlite3.Connection, ours: Collection[str] = ()) -> None:
        """`ours` are places of which all values are the application's, whoever has them."""
        self._db = db
        self._ours = frozenset(ours)
        db.executescript(TABLES)
        self.is_a_choice = lru_cache(4_096)(self._is_a_choice)
        self._note = lru_cache(4_096)(self._write)
        self._values = lru_cache(1_024)(self._count_values)
        self.kept: dict[str, set[str]] = {}
        """The values that were found to be choices, by their place."""

    def note(self, caller: str, values: Iterable[tuple[str, str]]) -> None:
        """What an event of a caller has, each with its place."""
        for place, value in values:
            self._note(place, value, caller)

    def _write(self, place: str, value: str, caller: str) -> None:
        row = (place, value, caller)
        self._db.execute("INSERT OR IGNORE INTO vocabulary VALUES (?, ?, ?)", row)

    def _is_a_choice(self, place: str, value: str) -> bool:
        is_one = place.partition(" ")[2] in self._ours
        if not is_one and self._values(place) <= VALUES:
            (callers,) = self._db.execute(
                "SELECT count(*) FROM "
                "(SELECT 1 FROM vocabulary WHERE place = ? AND value = ? LIMIT ?)",
                (place, value, CALLERS),
            ).fetchone()
            is_one = callers >= CALLERS
        if is_one and len(kept := self.kept.setdefault(place, set())) < VALUES:
            kept.add(value)
        return is_one

    def _count_values(self, place: str) -> int:
        (count,) = self._db.execute(
            "SELECT count(*) FROM (SELECT DISTINCT value FROM vocabulary WHERE place = ? LIMIT ?)",
            (place, VALUES + 1),
        ).fetchone()
        return int(count)


def values_of(place: str, name: str, value: object) -> Iterator[tuple[str, str]]:
    """The texts in a value, each with its place: `attribute language`."""
    if isinstance(value, str | float | int) and not isinstance(value, bool):
        yield f"{place} {name}".rstrip(), str(value)
    elif isinstance(value, Mapping):
        for key, each in cast("Mapping[str, object]", value).items():
            yield from values_of(place, key if place != "slot" or not name else name, each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from values_of(place, name, each)
