"""The page of a document: one file that needs nothing else, no network either."""

import json
from html import escape
from pathlib import Path

from offhook.emulator.viewer.document import Document

HERE = Path(__file__).parent


def page(document: Document) -> str:
    """HTML with its styles, its scripts and what it shows."""
    parts = {
        "TITLE": escape(document["title"]),
        "STYLES": _read("drawing.css") + _read("viewer.css"),
        "SCRIPTS": _read("drawing.js") + _read("layout.js") + _read("viewer.js"),
        # No text ends the element that it stands in.
        "DOCUMENT": json.dumps(document, ensure_ascii=False, default=str).replace("<", "\\u003c"),
    }
    pieces = _read("viewer.html").split("%%")
    return "".join(parts.get(piece, piece) for piece in pieces)


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
