"""The page of a document: one file that needs nothing else, no network either."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from offhook.emulator.viewer.document import Arrow, Document, Row

HERE = Path(__file__).parent


def page(document: Document) -> str:
    """HTML with its styles, its scripts and what it shows."""
    shown = json.dumps(packed(document), ensure_ascii=False, separators=(",", ":"), default=str)
    parts = {
        "TITLE": escape(document["title"]),
        "STYLES": _read("drawing.css") + _read("viewer.css"),
        "SCRIPTS": _read("drawing.js") + _read("layout.js") + _read("viewer.js"),
        "DOCUMENT": shown.replace("<", "\\u003c"),  # no text ends the element that it stands in
    }
    pieces = _read("viewer.html").split("%%")
    return "".join(parts.get(piece, piece) for piece in pieces)


def packed(document: Document) -> Mapping[str, object]:
    """The same with each line once, in `lines`, as most ladders say the same: a row is when, and
    which line. An arrow is its values, without their names."""
    lines: dict[tuple[str, str, str], int] = {}

    def rows(its: Sequence[Row]) -> list[tuple[float, int]]:
        return [
            (row["at"], lines.setdefault((row["leg"], row["kind"], row["text"]), len(lines)))
            for row in its
        ]

    def arrow(its: Arrow) -> Sequence[object]:
        where, what = (its["start"], its["to"], its["after"]), (its["does"], its["what"])
        return *where, *what, int(its["is_disturbance"]), rows(its["rows"])

    return {
        **document,
        "maps": [{**one, "arrows": [*map(arrow, one["arrows"])]} for one in document["maps"]],
        "ladders": [{**one, "rows": rows(one["rows"])} for one in document["ladders"]],
        "findings": [{**one, "rows": rows(one["rows"])} for one in document["findings"]],
        "lines": [*lines],
    }


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
