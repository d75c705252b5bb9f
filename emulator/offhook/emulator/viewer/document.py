"""What the viewer shows, as JSON: ladders as rows, maps as boxes and arrows.

Whoever has something to show makes a `Document`; `page` makes it a page, and it is a file for
others to read as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, TypedDict

from offhook.emulator.call.call import Call
from offhook.emulator.call.ladder import Entry

VERSION = 1

Kind: TypeAlias = Literal["start", "situation", "end"]


class Row(TypedDict):
    """One line of a ladder."""

    at: float
    """Seconds since the call began."""
    leg: str
    """`LEG-A`, `LEG-B`, or empty for what concerns the whole call."""
    kind: str
    """`call`, `event`, `action`, `hears`, `says`, `cut`, `presses`, `note`, `log` or `service`."""
    text: str


class Ladder(TypedDict):
    """One call of a document: its title and what happened."""

    title: str
    rows: Sequence[Row]


class Box(TypedDict):
    """A situation in which something may happen, or an end."""

    kind: Kind
    title: str
    """The action that runs, or what is waited for; of an end, how the call ended."""
    words: Sequence[str]
    """What is heard here, as long as nobody does anything."""
    attributes: Mapping[str, object]
    """TransactionAttributes, as they are here."""


class Arrow(TypedDict):
    """What leads from one box to another."""

    start: int
    """The box, by its place."""
    to: int
    does: str
    """`presses`, `hangs up`, `fails`, ..."""
    what: str
    """Keys, an error, ...; empty where there is nothing to say."""
    is_disturbance: bool
    """Whether it is none of what callers and those who are called do."""
    after: int
    """The arrow before it, on the shortest path from the start; -1 of the first. The ladder of an
    arrow is the rows of those before it, and then its own."""
    rows: Sequence[Row]


class Map(TypedDict):
    """All ways that calls can go. The first box is the start, the first arrow leads from it."""

    title: str
    summary: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


class Finding(TypedDict):
    """Something that is wrong, and the shortest way to it."""

    weight: Literal["fault", "waste", "advice", "lack"]
    rule: str
    where: str
    evidence: str
    instead: str
    """What to write instead of it."""
    count: int
    """On how many paths it was met."""
    is_known: bool
    """Whether a baseline has it."""
    story: Sequence[str]
    """What happened, deed by deed."""
    disturbed_by: Sequence[str]
    """What of it is none of what callers and those who are called do."""
    rows: Sequence[Row]
    map: int
    """Where it is: the map by its place, -1 of none, and its arrow."""
    arrow: int


class Reached(TypedDict):
    """One kind of thing that can be reached: routes, events, errors, ..."""

    title: str
    """What was explored, as in `flows.app:lambda_handler: routes`."""
    reached: Sequence[str]
    missed: Mapping[str, str]
    """What was not, and what would have to happen."""


class Document(TypedDict):
    """All of it; each part may be empty."""

    version: int
    title: str
    summary: Sequence[str]
    """A few lines on top."""
    maps: Sequence[Map]
    ladders: Sequence[Ladder]
    findings: Sequence[Finding]
    reached: Sequence[Reached]


def rows(entries: Iterable[Entry]) -> list[Row]:
    """Of the entries of a ladder."""
    return [Row(at=e.time, leg=e.leg, kind=e.kind, text=e.text) for e in entries]


def ladder(call: Call) -> Ladder:
    """The ladder that is shown of a call."""
    leg = call.legs[0]
    return Ladder(title=f"{leg.from_} → {leg.to}", rows=rows(call.ladder.entries))
