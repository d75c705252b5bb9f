"""Ladders as a picture: one SVG that needs nothing else, light or dark as whoever looks at it.

It is drawn as the pages draw: where a line stands is said in `ladder.js`, how it looks in
`ladder.css`, in the colours of `drawing.css`.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final, Literal, TypedDict, cast

from offhook.emulator.call.ladder import Entry, Kind, folded
from offhook.emulator.viewer.document import Ladder, Row

HERE: Final = Path(__file__).parent
WIDTH: Final = 860
"""Of a picture, in pixels: what pages of documentation have room for."""
MARGIN, GAP, TIME, LINE, SIZE = 16, 12, 52, 18, 13
SHARES: Final[Mapping[str, float]] = {"a": 1.0, "app": 1.3, "b": 1.0}
"""How wide columns are, beside each other."""

_NARROW: Final = frozenset("ijlftrI.,:;'|!()[]{}/ “”\"-")
_WIDE: Final = frozenset("mwMW@%—→▶◀♪")
_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Drawn(TypedDict):
    """What `ladder.js` says of how it is drawn."""

    columns: Mapping[str, str]
    """The column of each kind of leg."""
    heads: Mapping[str, str]
    """What stands above each column."""
    marks: Mapping[str, str]
    """Of a kind of row: it stands in a bubble."""


def _drawn() -> Drawn:
    text = (HERE / "ladder.js").read_text(encoding="utf-8")
    read: Drawn = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return read


def picture(ladders: Sequence[Ladder]) -> str:
    """Ladders below each other, loops folded, as SVG: the same bytes for the same rows."""
    drawn = _drawn()
    y = MARGIN
    parts: list[str] = []
    told: list[str] = []
    for ladder in ladders:
        entries = [*folded(map(_entry, ladder["rows"]))]
        y = _ladder(parts, drawn, ladder["title"], entries, y) + MARGIN
        told.append("\n".join([ladder["title"], *map(str, entries)]))
    name = "; ".join(ladder["title"] for ladder in ladders)
    all_told = "\n\n".join(told)
    height = max(y, 2 * MARGIN)
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"',
        f' viewBox="0 0 {WIDTH} {height}" role="img" class="ladder">',
        f"<title>{_text(name)}</title>",
        f"<desc>{_text(all_told)}</desc>",
        f"<style>{_styles()}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="10"/>',
        *parts,
        "</svg>\n",
    )
    return "\n".join(lines)


def _entry(row: Row) -> Entry:
    return Entry(row["at"], row["leg"], cast("Kind", row["kind"]), row["text"])


def _ladder(parts: list[str], drawn: Drawn, title: str, its: Sequence[Entry], top: int) -> int:
    """Its title, the heads of its columns, its rows. Returns where it ends."""
    y = top
    for line in _wrapped(title, WIDTH - 2 * MARGIN, 15, is_bold=True):
        parts.append(f'<text class="title" x="{MARGIN}" y="{y + 16}">{_text(line)}</text>')
        y += 22
    columns = _columns(drawn, its)
    for side, (x, _) in columns.items():
        head = _text(drawn["heads"][side])
        parts.append(f'<text class="head {side}" x="{x + 8}" y="{y + 16}">{head}</text>')
    y += 26
    parts.append(f'<path class="rule" d="M{MARGIN} {y - 2.5}H{WIDTH - MARGIN}"/>')
    for entry in its:
        y = _row(parts, drawn, entry, columns, y + 3)
    return y


def _columns(drawn: Drawn, its: Sequence[Entry]) -> Mapping[str, tuple[int, int]]:
    """Where each begins, and how wide it is. Without LEG-B there is none for it."""
    met = {_side(drawn, entry) for entry in its}
    sides = [side for side in drawn["heads"] if side != "b" or "b" in met]
    left = MARGIN + TIME + GAP
    room = WIDTH - MARGIN - left - GAP * (len(sides) - 1)
    whole = sum(SHARES[side] for side in sides)
    columns: dict[str, tuple[int, int]] = {}
    for side in sides:
        columns[side] = (left, round(room * SHARES[side] / whole))
        left += columns[side][1] + GAP
    return columns


def _side(drawn: Drawn, entry: Entry) -> str:
    return drawn["columns"].get(entry.leg, "app")


def _row(
    parts: list[str], drawn: Drawn, row: Entry, columns: Mapping[str, tuple[int, int]], y: int
) -> int:
    kind, side = row.kind, _side(drawn, row)
    x, width = columns[side]
    if kind == "service":  # as on a page: across all of them
        x, width = columns["a"][0], WIDTH - MARGIN - columns["a"][0]
    mark = drawn["marks"].get(kind, "")
    lines = [
        line
        for text in f"{mark}{row.text}".split("\n")
        for line in _wrapped(text, width - 16, SIZE, is_bold=kind in ("presses", "service"))
    ]
    height = LINE * len(lines) + 4
    parts.append(f'<g class="{escape(kind)} {side}">')
    parts.append(f'<text class="at" x="{MARGIN + TIME}" y="{y + 15}">{row.time:.3f}</text>')
    if mark or kind == "event":
        parts.append(
            f'<rect class="bubble" x="{x}" y="{y}" width="{width}" height="{height}" rx="7"/>'
        )
    parts += [
        f'<text class="text" x="{x + 8}" y="{y + 15 + LINE * number}">{_text(line)}</text>'
        for number, line in enumerate(lines)
    ]
    parts.append("</g>")
    return y + height


def _wrapped(text: str, room: int, size: int, *, is_bold: bool) -> Iterator[str]:
    """Lines that have room, in any font that a machine may have; broken in a word where there is no
    other way."""
    left = room / size / (1.08 if is_bold else 1.0)
    line, used = "", 0.0
    for piece in re.findall(r"\s+|[^\s]+", text):
        wide = sum(map(_width, piece))
        if used + wide > left and line and not piece.isspace():
            yield line.rstrip()
            line, used = "", 0.0
        if wide <= left:
            line, used = line + piece, used + wide
            continue
        for letter in piece:
            if used + _width(letter) > left:
                yield line
                line, used = "", 0.0
            line, used = line + letter, used + _width(letter)
    yield line.rstrip()


def _width(letter: str) -> float:
    """Of a letter, in its size: as wide as the widest of the usual fonts has it."""
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.72 if letter.isupper() or letter in "_&#" else 0.6


def _styles() -> str:
    """Light, and dark for who has it dark. No variables: not all that shows pictures knows them."""
    drawing, *looks = (
        (HERE / f"{name}.css").read_text("utf-8") for name in ("drawing", "ladder", "picture")
    )
    rules = re.sub(r"/\*.*?\*/\n", "", "".join(looks))
    light, dark = (_in_colours(rules, drawing, theme) for theme in ("light", "dark"))
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _in_colours(rules: str, drawing: str, theme: Literal["light", "dark"]) -> str:
    of_theme = drawing.index(f"color-scheme: {theme}")
    block = drawing[of_theme : drawing.index("}", of_theme)]
    colours = dict(re.findall(r"(--[\w-]+): (#\w+)", block))
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], rules)


def _text(text: str) -> str:
    return escape(_NO_XML.sub("�", text), quote=False)
