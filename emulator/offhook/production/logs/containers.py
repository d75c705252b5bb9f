"""What logs are exported in: each container, a line at a time and never whole.

What a file is, its beginning says: gzip, base64, JSON of CloudWatch in its several shapes, CSV of
Logs Insights, or lines of text. A file in a file (S3 exports, what a subscription brings) is opened
as far as it goes.
"""

import base64
import binascii
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Protocol, cast

from offhook.handler.errors import OffhookError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MARK: Final = b"\xef\xbb\xbf"
"""Some files of text begin so."""
HEAD: Final = 65_536
"""Bytes by which we know what a file is."""
LONGEST: Final = 4_000_000
"""Of a line of text, so many bytes are read at once. CloudWatch keeps 256 KB of one."""
MOST_ROWS: Final = 10_000
"""Rows that are held at once, to be turned round."""
ARRAYS: Final = ("events", "results")
"""The key under which the AWS CLI prints rows."""
IN_A_FILE: Final = ("logEvents", "awslogs", "messageType")
"""Keys by which a payload of a subscription is known."""

STAMP: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
PREFIX: Final = re.compile(
    rf"({STAMP})[ \t](?:(?P<stream>\d{{4}}/\d\d/\d\d/\S*\[\S+\]\S*|[a-z\d_]+-SipMessages\S*) )?"
)
"""Of a line that `aws logs tail` prints, or an export to S3 has."""
PART: Final = re.compile(r"\d{6}(\.gz)?")
"""A file of an export to S3; its folder is the stream."""


@cache
def _ijson() -> Any:  # it carries no types, and is needed by an import alone
    return import_module("ijson")


class Unreadable(OffhookError):
    """A file cannot be read as what it seems to be; the message says where it ends."""


class Pieces(Protocol):
    """A file of bytes, as far as we need one."""

    def read1(self, size: int = -1, /) -> bytes:
        """What there is, up to so many bytes; empty at its end."""
        ...


class Line(NamedTuple):
    """One line of a log, which may have line breaks in it."""

    at: int | None
    """Milliseconds since 1970; `None` where the container does not say."""
    stream: str
    """The log stream, or the file: one after the other, lines of one execution environment."""
    text: object
    """What was logged; also what is JSON already."""


def lines(path: Path, file: Pieces) -> Iterator[Line]:
    """All lines of a file, which is read as it comes. Raises `Unreadable`."""
    stream = str(path.parent if PART.fullmatch(path.name) else path)
    try:
        yield from _opened(file, stream)
    except (EOFError, OSError, zlib.error, _ijson().JSONError, csv.Error, binascii.Error) as error:
        raise Unreadable(f"{path} ends in the middle, or is damaged: {error}") from None


def _opened(whole: Pieces, stream: str) -> Iterator[Line]:
    head = _head(whole)
    file = cast("BinaryIO", io.BufferedReader(_Again(head.removeprefix(MARK), whole), HEAD))
    if head.startswith(b"\x1f\x8b"):
        yield from _opened(gzip.GzipFile(fileobj=file), stream)
    elif head.lstrip(b'" \r\n\t').startswith(b"H4sI"):  # gzip, in base64
        for line in file:
            if packed := line.strip(b'" \r\n\t,'):
                yield from _opened(io.BytesIO(base64.b64decode(packed)), stream)
    elif place := _rows_of(head):
        rows = _ijson().items(file, place.strip(), multiple_values=True, use_float=True)
        yield from _upwards(line for row in rows for line in _of_row(row, stream))
    elif _is_csv(head):
        text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
        csv.field_size_limit(LONGEST)
        rows = csv.DictReader(text)
        yield from _upwards(line for row in rows for line in _of_row(row, stream))
    else:
        yield from _text(file, stream)


def _head(file: Pieces) -> bytes:
    """Its beginning, piece by piece: one that ends in the middle gives what is there."""
    head = b""
    with suppress(EOFError):  # it is raised again where the rest is read
        while len(head) < HEAD and (piece := file.read1(HEAD - len(head))):
            head += piece
    return head


def _upwards(lines: Iterator[Line]) -> Iterator[Line]:
    """The earliest first: Logs Insights begins with the latest, and shows 10,000 at most."""
    while some := [*islice(lines, MOST_ROWS)]:
        first, last = some[0].at, some[-1].at
        is_down = first is not None and last is not None and first > last
        yield from reversed(some) if is_down else some


class _Again(io.RawIOBase):
    """A file whose beginning was read already."""

    def __init__(self, head: bytes, rest: Pieces) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """As a file does."""
        room = memoryview(buffer).cast("B")
        part = self._head[: len(room)] or self._rest.read1(len(room))
        self._head = self._head[len(part) :]
        room[: len(part)] = part
        return len(part)


def _rows_of(head: bytes) -> str:
    """Where in a file of JSON its rows are, as ijson names it; empty where it is none."""
    start = head.removeprefix(MARK).lstrip()
    if re.match(rb"\[\s*[{\[]", start):
        return "item"
    if not start.startswith(b"{"):
        return ""
    depth, names = 0, set[str]()
    try:
        for kind, value in _ijson().basic_parse(io.BytesIO(start), multiple_values=True):
            if kind in ("start_map", "start_array"):
                depth += 1
            elif kind in ("end_map", "end_array"):
                depth -= 1
                if not depth:
                    break
            elif kind == "map_key" and depth == 1:
                names.add(str(value))
    except _ijson().JSONError:
        pass  # it goes on after its head, or is no JSON
    if found := next((name for name in ARRAYS if name in names and len(names) <= 4), ""):
        return f"{found}.item"
    return "" if names.isdisjoint(IN_A_FILE) or "InvocationEventType" in names else " "


def _of_row(row: object, stream: str) -> Iterator[Line]:
    """The lines of one row of a container; what is no row of any is a line itself."""
    if isinstance(row, list):  # of get-query-results: [{"field": ..., "value": ...}, ...]
        cells = cast("list[object]", row)
        pairs = [cast("Mapping[str, object]", cell) for cell in cells if isinstance(cell, dict)]
        row = {str(pair.get("field")): pair.get("value") for pair in pairs}
    if not isinstance(row, dict):
        return
    fields = cast("Mapping[str, object]", row)
    if isinstance(inside := fields.get("logEvents"), list):
        stream = str(fields.get("logStream") or stream)
        for each in cast("list[object]", inside):
            yield from _of_row(each, stream)
    elif isinstance(packed := fields.get("awslogs"), dict):
        data = base64.b64decode(str(cast("Mapping[str, object]", packed).get("data")))
        yield from _of_row(json.loads(gzip.decompress(data)), stream)
    elif "@message" in fields:
        named = fields.get("@logStream") or stream
        yield Line(milliseconds(fields.get("@timestamp")), str(named), _ended(fields["@message"]))
    elif "message" in fields and isinstance(fields.get("timestamp"), int | str):
        named = fields.get("logStreamName") or fields.get("logStream") or stream
        is_bare = fields.keys() <= {
            *("timestamp", "message", "ingestionTime", "eventId", "id"),
            *("logStreamName", "logStream"),
        }
        text = _ended(fields["message"]) if is_bare else dict(fields)
        yield Line(milliseconds(fields["timestamp"]), str(named), text)
    else:
        yield Line(None, stream, dict(fields))


def _ended(text: object) -> object:
    return text.rstrip("\r\n") if isinstance(text, str) else text


def _is_csv(head: bytes) -> bool:
    first = head.removeprefix(MARK).partition(b"\n")[0].decode("utf-8", "replace")
    names = {name.strip().strip('"') for name in first.split(",")}
    return bool(names & {"@message", "message"}) and len(names) > 1


def _text(file: BinaryIO, stream: str) -> Iterator[Line]:
    """Lines of text, which may each begin with a time, and the name of their stream."""
    at: int | None = None
    named = stream
    while raw := file.readline(LONGEST):
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        if found := PREFIX.match(text):
            at = milliseconds(found[1])
            named = found["stream"] or stream
            # What Node writes begins with a time and a tab: it stays.
            text = text if text[found.end(1)] == "\t" else text[found.end() :]
        yield Line(at, named, text)


def milliseconds(value: object) -> int | None:
    """Since 1970, of what CloudWatch writes for a time: milliseconds, or ISO 8601 in UTC."""
    if isinstance(value, int | float):
        return int(value)
    text = str(value).strip().replace(",", ".")
    if text.isdecimal():
        return int(text)
    try:
        read = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        return None
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    return round(read.timestamp() * 1000)
