"""The table that is printed: a row for each comparison, with its aim beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from textwrap import wrap

from benchmarks.turns import Times, ratio

WIDTH = 90
HEADINGS = ("", "ours", "theirs", "ratio", "aim", "")


@dataclass(frozen=True)
class Row:
    """One comparison."""

    against: str
    ours: str
    theirs: str
    ratio: str
    aim: str = ""
    is_met: bool | None = None
    """`None` where there is no aim."""

    @property
    def cells(self) -> tuple[str, ...]:
        """As it is printed."""
        verdict = {None: "", True: "met", False: "NOT MET"}[self.is_met]
        return (f"  {self.against}", self.ours, self.theirs, self.ratio, self.aim, verdict)


@dataclass(frozen=True)
class Section:
    """What one file of comparisons found."""

    title: str
    rows: Sequence[Row]
    note: str = ""


def compared(against: str, ours: Times, theirs: Times, *, aim: float | None = None) -> Row:
    """Ours beside theirs. `aim`: how many times as long ours may take."""
    found = ratio(ours, theirs)
    return Row(
        against,
        duration(median(ours)),
        duration(median(theirs)),
        _times(found),
        "" if aim is None else _aim(aim),
        None if aim is None else found <= aim,
    )


def limited(what: str, ours: Times, *, limit: float) -> Row:
    """Ours beside a number of seconds. The fastest turn counts: the others had company."""
    best = min(ours)
    return Row(what, duration(best), "", "", f"at most {duration(limit)}", best <= limit)


def duration(seconds: float) -> str:
    """`132 ms`, `12.3 µs`."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def render(sections: Sequence[Section]) -> str:
    """All sections, columns aligned, and the line that says which aims are met."""
    cells = [HEADINGS, *(row.cells for section in sections for row in section.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths)]
    for section in sections:
        lines += ["", section.title]
        lines += [_line(row.cells, widths) for row in section.rows]
        lines += [f"    {line}" for line in wrap(section.note, WIDTH)]
    return "\n".join([*lines, "", _verdict(sections)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *rest = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join([name, *rest]).rstrip()


def _times(found: float) -> str:
    if not found:
        return "too short to compare"
    return f"{found:.2f} times as long" if found >= 1 else f"{1 / found:.1f} times faster"


def _aim(aim: float) -> str:
    if aim == 1:
        return "faster"
    return f"at most {aim:g} times" if aim > 1 else f"at least {1 / aim:g} times faster"


def _verdict(sections: Sequence[Section]) -> str:
    rows = [(section, row) for section in sections for row in section.rows if row.aim]
    missed = [
        f"{section.title}, against {row.against} ({row.ratio or row.ours}, aim: {row.aim})"
        for section, row in rows
        if not row.is_met
    ]
    met = len(rows) - len(missed)
    if not rows:
        return "These have no aim."
    if not missed:
        return f"All {met} aims are met." if met != 1 else "The aim is met."
    return f"{met} of {len(rows)} aims are met. Not met: {'; '.join(missed)}."
