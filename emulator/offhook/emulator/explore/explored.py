"""What comes of an exploration: a map of situations, and what was found on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast, get_args

from offhook.emulator.as_json import text_of, value_of
from offhook.emulator.call.deeds import CALLS, Deed
from offhook.emulator.call.ladder import Entry, rendered
from offhook.emulator.explore.ends import Ends
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.quiet import Quiet
from offhook.emulator.explore.rungs import Rungs
from offhook.emulator.explore.situation import Json
from offhook.emulator.findings.finding import Finding

START = "start"
ENDS = {f"end: {end}" for end in get_args(Ends)}
MOST = 1_000_000
"""So many paths are played at most: what is kept of them takes half a gigabyte where situations are
new, two where keys are."""


@dataclass
class Found:
    """A finding, the shortest story that leads to it, and how often it was met."""

    finding: Finding
    story: Sequence[str]
    """What happened, deed by deed."""
    disturbed_by: Sequence[str]
    """What of it is none of what callers and those who are called do."""
    entries: Sequence[Entry]
    """The ladder of that story."""
    arrow: int
    """Where it was met: an arrow of the same exploration, by its place; -1 of none."""
    count: int = 1

    @property
    def ladder(self) -> str:
        """The ladder of it as text."""
        return rendered(self.entries)


@dataclass(frozen=True)
class Progress:
    """How far an exploration is."""

    plan: Plan
    paths: int
    situations: int
    left_over: int


Told: TypeAlias = Found | Progress
"""What is said while it goes on."""


@dataclass(frozen=True, eq=False, slots=True)
class Arrow:
    """What leads from one situation to the next, or to an end."""

    start: str
    deed: Deed
    to: str
    before: "Arrow | None"
    """The arrow by which the shortest path comes here; none of the first."""
    place: int
    """Among all arrows: its own, or that of the one from which nothing tells it apart."""
    rungs: Rungs
    packed: bytes
    """Its entries, as `rungs` keeps them."""

    @property
    def entries(self) -> Sequence[Entry]:
        """What happened between the two."""
        return self.rungs.entries(self.packed)

    @property
    def way(self) -> "Sequence[Arrow]":
        """The arrows of the shortest path that takes it, this one as the last."""
        row: list[Arrow] = [self]
        while (before := row[-1].before) is not None:
            row.append(before)
        return row[::-1]

    @property
    def story(self) -> Sequence[Deed]:
        """What happened on that path; that there is a call goes without saying."""
        return [arrow.deed for arrow in self.way if arrow.deed != CALLS]

    @property
    def ladder(self) -> Sequence[Entry]:
        """The ladder of that path."""
        return [entry for arrow in self.way for entry in arrow.entries]


@dataclass(frozen=True, slots=True)
class Box:
    """A situation, or an end."""

    name: str
    title: str
    packed: str
    """Its attributes as JSON, which takes less room."""

    @classmethod
    def of(cls, name: str, title: str, attributes: Json) -> "Box":
        """One with these attributes."""
        return cls(name, title, text_of(attributes))

    @property
    def attributes(self) -> Json:
        """TransactionAttributes, as they were when it was found."""
        return cast("Json", value_of(self.packed))


@dataclass
class Explored:
    """What came of it."""

    plan: Plan
    paths: int = 0
    told: int = 0
    """Events on all of them: those with which many begin count on each."""
    is_complete: bool = False
    left_over: int = 0
    """Paths that were not played."""
    ends: Counter[str] = field(default_factory=Counter[str])
    events: Counter[str] = field(default_factory=Counter[str])
    results: Counter[str] = field(default_factory=Counter[str])
    """What came of actions: `Speak`, `Speak SystemException`."""
    found: dict[object, Found] = field(default_factory=dict[object, Found])
    strayed: int = 0
    """Paths on which the function was not the same as it had been on a shorter one."""
    changes: str = ""
    """An event that brought ever another reply: there is no end to that, and it was left."""
    growing: set[str] = field(default_factory=set[str])
    """Attributes that only grow: they tell no situations apart."""
    others: Sequence[Sequence[datetime]] = ()
    """Of the moments that were to be like its own, those at which calls go otherwise, by how."""
    is_week_over: bool = True
    """Whether it was asked at all of them."""
    longest_call: float = 0.0
    longest_quiet: Quiet = field(default_factory=Quiet)
    """Of all waits in which a caller heard nothing."""
    boxes: dict[str, Box] = field(default_factory=dict[str, Box])
    arrows: list[Arrow] = field(default_factory=list[Arrow])

    @property
    def situations(self) -> int:
        """How many there are, the start and the ends apart."""
        return len(self.boxes) - len(self.boxes.keys() & {START, *ENDS})

    @property
    def is_full(self) -> bool:
        """Whether it was left for want of room, and not of time."""
        return self.paths >= MOST
