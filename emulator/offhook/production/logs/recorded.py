"""A call that happened, and the files that keep such calls: format 1.

`offhook logs import` makes a folder of them; all else that is about calls of production reads it.

**The folder** has a file for each day on which calls began, `2027-03-01.jsonl` (UTC), and
`undated.jsonl` of calls whose logs have no times. `read` takes the folder or such files, `write`
makes it.

**A file** is JSON lines in UTF-8: a line is a call, a `RecordedCall`, the earliest first, those
of one moment by their `transaction`. Keys come in the order of the classes below, those of events
and replies in the order in which they were sent; there are no spaces between them, and nothing in
a line tells when or from which files it was imported. So the same logs make the same files, and two
imports can be compared line by line. Its JSON Schema is `docs/schemas/recorded_call.json`.

**The version** is `format`. Whoever reads a number that they do not know must refuse the line: what
a newer version adds may change what the rest means.

**Events and replies** are as the service and the function sent them, with other numbers, digits and
names in them (`is_pseudonymised`). What that does to them, and what it leaves, is in
docs/production.md.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, cast

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, PlainSerializer
from pydantic import ValidationError as Invalid

from offhook.handler.errors import OffhookError
from offhook.handler.events import Event, parse

FORMAT: Final = 1
UNDATED: Final = "undated"
"""The file, without its suffix, of calls whose logs have no times."""
SUFFIX: Final = ".jsonl"


class NoSuchCalls(OffhookError):
    """A file or folder has no calls that can be read; the message says where, and what it has."""


def milliseconds(at: datetime) -> str:
    """A moment as in `2027-03-01T10:00:00.250Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(milliseconds, return_type=str)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Exchange(_Part):
    """An event that the function was told, and what it answered."""

    at: Moment | None
    """When the function had the event, in UTC with milliseconds; null where no log says."""
    event: dict[str, JsonValue]
    """The invocation that the function had, whole."""
    answer: Literal["replied", "failed", "unseen"]
    """Whether `reply` is what the function returned, or `error` why it returned nothing; of
    `unseen`, no log has either."""
    reply: JsonValue = None
    """What was returned, as JSON; null of all but `replied`, and where null was returned."""
    error: str = ""
    """As in `KeyError: 'name'`, or `Task timed out after 20.00 seconds`."""
    seconds: float | None = None
    """How long the function took; null where no log says."""
    deliveries: Annotated[int, Field(ge=1)] = 1
    """How often the service sent the event: twice, when a reply was late or an invocation refused.
    What was answered first is what is here."""

    @property
    def sequence(self) -> int:
        """The number of the event in its call, from 1."""
        number = self.event.get("Sequence")
        return number if isinstance(number, int) else 0

    @property
    def told(self) -> Event:
        """The event, as a handler sees it."""
        return parse(self.event)


class Said(_Part):
    """What the service's own message log said of a call."""

    at: Moment | None
    text: str
    """One of the texts that docs/troubleshooting.md explains."""


class RecordedCall(_Part):
    """A call, from its first event to its last: a line of a file."""

    format: Literal[1] = FORMAT
    transaction: Annotated[str, Field(min_length=1)]
    """The TransactionId of the call."""
    is_pseudonymised: bool
    """Whether what is in it is nobody's: false after `--keep`."""
    lacks: list[str] = []
    """What the logs do not have: `Sequence 2`, `the reply to 3` (where one is obeyed), `the end`.
    Empty: the call is complete."""
    exchanges: Annotated[list[Exchange], Field(min_length=1)]
    """By their `Sequence`, each once."""
    service: list[Said] = []
    """In the order of time."""

    @property
    def is_complete(self) -> bool:
        """Whether all of its events are there, and all replies that are obeyed."""
        return not self.lacks

    @property
    def began(self) -> datetime | None:
        """When its first event came that has a time."""
        return next((each.at for each in self.exchanges if each.at is not None), None)

    @property
    def day(self) -> str:
        """The day on which it began, in UTC: the name of its file without the suffix."""
        began = self.began
        return began.astimezone(UTC).date().isoformat() if began else UNDATED

    def line(self) -> str:
        """As it stands in a file, without the end of the line."""
        parts = {
            name: [{**dict(part), "at": part.at and milliseconds(part.at)} for part in row]
            for name, row in (("exchanges", self.exchanges), ("service", self.service))
        }
        made = {**dict(self), **parts}  # what model_dump makes of it, ten times sooner
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        try:
            text.encode()
        except UnicodeEncodeError:  # half of a character, which JSON can say and UTF-8 cannot
            return json.dumps(made, separators=(",", ":"))
        return text


def from_line(line: str) -> RecordedCall:
    """A line of a file. Raises `NoSuchCalls`, with what is wrong with it."""
    try:
        made = cast("object", json.loads(line))
    except ValueError as error:
        raise NoSuchCalls(f"it is no JSON: {error}") from None
    version = cast("Mapping[str, object]", made).get("format") if isinstance(made, dict) else None
    if version != FORMAT:
        found = "it has no format" if version is None else f"its format is {version!r}"
        raise NoSuchCalls(
            f"{found}, and format {FORMAT} is what this version of Offhook reads: "
            "offhook logs import makes it from logs"
        )
    try:
        return RecordedCall.model_validate(made)
    except Invalid as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the call"
        raise NoSuchCalls(f"{where}: {first['msg']}") from None


def read(*places: Path) -> Iterator[RecordedCall]:
    """The calls of folders and files, one by one, in the order of their names.

    Raises `NoSuchCalls`: where there are none, and of a line that is none.
    """
    for place in places:
        for file in _files(place):
            with file.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    try:
                        yield from_line(line)
                    except NoSuchCalls as error:
                        raise NoSuchCalls(f"{file}:{number}: {error}") from None


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    found = sorted(place.glob(f"*{SUFFIX}"))
    if not found:
        raise NoSuchCalls(
            f"{place} has no calls: offhook logs import FILES... -o {place} puts some there"
        )
    return found


def write(folder: Path, calls: Iterable[RecordedCall]) -> list[Path]:
    """Make the folder of these calls, which come the earliest first: the files that are new.

    All of it or nothing: a file has its name when every call is written. Raises `NoSuchCalls`
    where the folder has calls already or cannot be made, and whatever `calls` raises.
    """
    if any(folder.glob(f"*{SUFFIX}")):
        raise NoSuchCalls(f"{folder} has calls already: name another folder, or empty it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoSuchCalls(
            f"{folder} cannot be made: {error.strerror}. -o names a folder, which need not be there"
        ) from None
    made: dict[str, Path] = {}
    try:
        for day, lines in _by_day(calls):
            part = made.setdefault(day, folder / f"{day}{SUFFIX}.part")
            with part.open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)
        return sorted(part.rename(part.with_suffix("")) for part in made.values())
    finally:
        for part in made.values():
            part.unlink(missing_ok=True)
        with suppress(OSError):  # it is kept where something is in it
            folder.rmdir()


def _by_day(calls: Iterable[RecordedCall]) -> Iterator[tuple[str, list[str]]]:
    """Some lines at a time, of one day."""
    day, lines = "", list[str]()
    for call in calls:
        if lines and (call.day != day or len(lines) >= 100):
            yield day, lines
            lines = []
        day = call.day
        lines.append(call.line() + "\n")
    if lines:
        yield day, lines
