"""A list of calls as somebody wrote it, in CSV or JSON lines: checked whole before it is sent."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Final, cast

from pydantic import BaseModel

from offhook.handler.arguments import read_arguments
from offhook.handler.calling.dial_policy import zone_of
from offhook.handler.calling.requests import StartCall, make
from offhook.handler.errors import ArgumentsUnreadable, OffhookError, RequestInvalid

COLUMNS: Final = {
    "number": "to_phone_number",
    "to": "to_phone_number",
    "from": "from_phone_number",
}
"""Short names of columns."""

PARTS: Final = {"argument": "arguments_map", "header": "sip_headers"}
"""A column `argument.name` is the argument `name`, and `header.X-Case` a SIP header."""

MOST_TOLD: Final = 20
"""Bad rows that are told one by one."""


class BadList(OffhookError):
    """A list that is not sent, with what is wrong in which row."""


def named(model: str) -> type[BaseModel]:
    """The model of `module:Model`, in this folder or installed. Raises `BadList`."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        found: object = resolve_name(model)
    except Exception as error:
        raise BadList(f"--model {model}: {type(error).__name__}: {error}") from None
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        raise BadList(f"--model {model}: it is no pydantic model: write flows.reminder:Reminder")
    return found


def read_list(
    path: Path,
    batch: str,
    from_phone_number: str | None,
    model: type[BaseModel] | None = None,
) -> list[StartCall]:
    """The calls of a list, all of which can be asked for, and whose arguments are a `model`, where
    one is given. Raises `BadList`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadList(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadList(f"{path} is not in UTF-8: save it as “CSV UTF-8”") from None
    calls: dict[str, tuple[int, StartCall]] = {}
    wrong: list[str] = []
    usual = {"from_phone_number": from_phone_number} if from_phone_number else {}
    for row, fields in _rows(path, text):
        try:
            if isinstance(fields, str):
                raise RequestInvalid(fields)
            call = make(StartCall, {**usual, **fields, "batch": batch})
            if call.time_zone:
                _must_be_a_zone(call.time_zone)
            if model:
                read_arguments(model, call.arguments_map)
        except (RequestInvalid, ArgumentsUnreadable) as error:
            said = str(error).partition(". They are ")[
                0
            ]  # the cells are in front of whoever reads this
            wrong.append(f"row {row}: {_as_columns(said, path)}")
            continue
        if call.key in calls:
            wrong.append(f"row {row}: the key {call.key} is that of row {calls[call.key][0]}")
        calls.setdefault(call.key, (row, call))
    if wrong:
        more = [f"and {len(wrong) - MOST_TOLD} rows more"] if len(wrong) > MOST_TOLD else []
        told = "\n  ".join([*wrong[:MOST_TOLD], *more])
        counted = "1 row that is" if len(wrong) == 1 else f"{len(wrong)} rows that are"
        raise BadList(f"nothing is sent: {path} has {counted} wrong\n  {told}")
    if not calls:
        raise BadList(
            f"{path} has no rows. A list is CSV with a first line such as\n  "
            "key,number,from,time_zone,argument.name,argument.when\nor JSON lines with such fields"
        )
    return [call for _, call in calls.values()]


def _must_be_a_zone(name: str) -> None:
    try:
        zone_of(name)
    except (KeyError, ValueError, OSError):
        raise RequestInvalid(
            f"time_zone: there is no {name!r}: write one as in Europe/Berlin"
        ) from None


def _is_json(path: Path) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson", ".json")


def _rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    """Each row with its number, as a request's fields; or what is wrong with it."""
    if _is_json(path):
        for row, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield row, _of_json(line)
        return
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, _of_cells(cast("Mapping[str | None, object]", cells))
    except csv.Error as error:
        yield reader.line_num, f"it is no CSV: {error}"


def _as_columns(said: str, path: Path) -> str:
    """A complaint of a request, with the columns that whoever wrote CSV knows."""
    if _is_json(path):
        return said
    for column, field in (("number", "to_phone_number"), ("from", "from_phone_number")):
        said = said.replace(f"{field}:", f"{column}:")
    return said


def _of_json(line: str) -> Mapping[str, object] | str:
    try:
        said: object = json.loads(line)
    except ValueError as error:
        return f"it is no JSON: {error}"
    if not isinstance(said, dict):
        return "it is no JSON object"
    fields = cast("dict[str, object]", said)
    return {COLUMNS.get(name, name): value for name, value in fields.items()}


def _of_cells(cells: Mapping[str | None, object]) -> Mapping[str, object] | str:
    if None in cells:
        return "it has more cells than the first line has columns"
    fields: dict[str, object] = {}
    for column, cell in cells.items():
        name, value = str(column).strip(), str(cell or "").strip()
        if not value:
            continue
        part, _, inner = name.partition(".")
        if inner and part in PARTS:
            cast("dict[str, str]", fields.setdefault(PARTS[part], {}))[inner] = value
        else:
            fields[COLUMNS.get(name, name)] = value
    return fields
