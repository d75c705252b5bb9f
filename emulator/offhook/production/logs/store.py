"""What was found in logs, kept in a database of this import alone, until calls are made of it.

The database is a file without a name in the folder for temporary files, and goes with the process:
memory stays flat however much there is.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple, cast

from offhook.production.logs.found import Found
from offhook.production.logs.joining import Invocation, Joining

TABLES: Final = """
CREATE TABLE found (
    id INTEGER PRIMARY KEY, at INTEGER, stream TEXT, kind TEXT, request TEXT,
    transaction_id TEXT, sequence INTEGER, body TEXT, seconds REAL);
CREATE TABLE told (
    transaction_id TEXT, sequence INTEGER, at INTEGER, request TEXT, event INTEGER, reply INTEGER,
    failed INTEGER, seconds REAL, ends INTEGER);
CREATE TABLE legs (call_id TEXT PRIMARY KEY, transaction_id TEXT) WITHOUT ROWID;
"""
MANY: Final = 500
"""Rows that are written at once."""


class Told(NamedTuple):
    """One delivery of an event, and what came of it."""

    sequence: int
    at: int | None
    request: str
    event: str
    reply: str | None
    failed: str | None
    seconds: float | None
    ends: int | None
    """When its last line was written."""


class Store:
    """Finds go in, in any order; calls come out, the earliest first."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.executescript(f"PRAGMA journal_mode=OFF; PRAGMA cache_size=-32000; {TABLES}")
        self._is_of = lru_cache(1_024)(self._write_leg)
        self._rows: list[tuple[object, ...]] = []
        self.counted: dict[str, int] = {}
        """How many of each kind were found."""

    def begin(self) -> None:
        """All tables are there: what is written from here on is one transaction, and no disk is
        waited for."""
        self.db.execute("BEGIN")

    def close(self) -> None:
        """Forget all of it."""
        self.db.close()

    def add(self, found: Found, at: int | None, stream: str) -> None:
        """Something found in a line of a stream, at a time in milliseconds."""
        at = at if at is not None else found.at
        self.counted[found.kind] = self.counted.get(found.kind, 0) + 1
        body, transaction, sequence, seconds = None, "", 0, None
        if found.kind == "report":
            seconds = cast("float", found.value)
        elif found.kind in ("event", "reply"):
            body = json.dumps(found.value, ensure_ascii=True, separators=(",", ":"), default=str)
        elif found.value is not None:
            body = str(found.value)
        if found.kind == "event":
            event = cast("Mapping[str, object]", found.value)
            details = cast("Mapping[str, object]", event["CallDetails"])
            transaction = str(details["TransactionId"])
            sequence = number if isinstance(number := event.get("Sequence"), int) else 0
            for leg in cast("list[object]", details.get("Participants") or []):
                if isinstance(leg, dict):
                    self._is_of(str(cast("Mapping[str, object]", leg).get("CallId")), transaction)
        its = (found.kind, found.request, transaction, sequence, body, seconds)
        self._rows.append((at, stream, *its))
        if len(self._rows) >= MANY:
            self._flush()

    def _write_leg(self, call_id: str, transaction: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO legs VALUES (?, ?)", (call_id, transaction))

    def _flush(self) -> None:
        columns = "at, stream, kind, request, transaction_id, sequence, body, seconds"
        marks = ",".join("?" * 8)
        self.db.executemany(f"INSERT INTO found ({columns}) VALUES ({marks})", self._rows)
        self._rows.clear()

    def join(self) -> None:
        """Put each reply to its event: by the request, else the next in the same stream."""
        self._flush()
        self.db.execute("CREATE INDEX of_stream ON found (stream, at)")
        rows = self.db.execute(
            "SELECT stream, found.id, at, kind, request, transaction_id, sequence, seconds "
            "FROM found WHERE kind != 'said' ORDER BY stream, at IS NULL, at, id"
        )
        for _, lines in groupby(rows, key=lambda row: row[0]):
            joining = Joining()
            done: list[Invocation] = []
            for _, row, at, kind, request, transaction, sequence, seconds in lines:
                done += joining.take(row, at, kind, request, (transaction, sequence), seconds)
                if len(done) >= MANY:
                    self._tell(done)
            self._tell([*done, *joining.rest()])
        self.db.execute("DROP INDEX of_stream")
        self.db.execute("CREATE INDEX of_call ON told (transaction_id, sequence, at, event)")

    def _tell(self, done: list[Invocation]) -> None:
        rows = [
            (*o.call, o.at, o.request, o.event, o.reply, o.failed, o.seconds, o.ends)
            for o in done
            if o.event is not None
        ]
        self.db.executemany(f"INSERT INTO told VALUES ({','.join('?' * 9)})", rows)
        done.clear()

    def count(self) -> int:
        """How many calls there are."""
        (count,) = self.db.execute("SELECT count(DISTINCT transaction_id) FROM told").fetchone()
        return int(count)

    def orphans(self) -> int:
        """Replies that belong to no event that was found."""
        (count,) = self.db.execute(
            "SELECT (SELECT count(*) FROM found WHERE kind = 'reply') - "
            "(SELECT count(DISTINCT reply) FROM told)"
        ).fetchone()
        return int(count)

    def said(self) -> Iterator[tuple[int | None, str]]:
        """When the service logged one of its known texts, and the line."""
        yield from self.db.execute(
            "SELECT at, body FROM found WHERE kind = 'said' ORDER BY at IS NULL, at, id"
        )

    def call_of(self, name: str) -> str:
        """The transaction that an id is of: its own or a leg's; empty where it is of none."""
        found = self.db.execute(
            "SELECT transaction_id FROM told WHERE transaction_id = ?1 "
            "UNION SELECT transaction_id FROM legs WHERE call_id = ?1",
            (name,),
        ).fetchone()
        return str(found[0]) if found else ""

    def calls(self) -> Iterator[tuple[str, list[Told]]]:
        """Each transaction with what its function was told, by number and time."""
        rows = self.db.execute(
            "SELECT told.transaction_id, told.sequence, told.at, told.request, e.body, r.body, "
            "f.body, told.seconds, told.ends FROM (SELECT transaction_id, min(at) AS first, "
            "min(event) AS first_row FROM told GROUP BY transaction_id) AS calls "
            "JOIN told USING (transaction_id) JOIN found AS e ON e.id = told.event "
            "LEFT JOIN found AS r ON r.id = told.reply LEFT JOIN found AS f ON f.id = told.failed "
            "ORDER BY first IS NULL, first, CASE WHEN first IS NULL THEN first_row END, "
            "told.transaction_id, told.sequence, told.at, told.event"
        )
        for transaction, told in groupby(rows, key=lambda row: str(row[0])):
            yield transaction, [Told(*row[1:]) for row in told]
