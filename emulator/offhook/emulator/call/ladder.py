"""What happened in a call, in order: the picture that a failed expectation prints."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.visible import visible

Kind: TypeAlias = Literal[
    "call", "event", "action", "hears", "says", "cut", "presses", "note", "log", "service"
]

LEG_B_COLUMN = " " * 28


class Entry(NamedTuple):
    """One line of the ladder."""

    time: float
    """Seconds since the call began."""
    leg: str
    """`LEG-A`, `LEG-B`, or empty for what concerns the whole call."""
    kind: Kind
    text: str
    clip: Clip | None = None
    """What is heard, where something is."""

    def __str__(self) -> str:
        """`   1.250  LEG-A  presses 1`; LEG-B has a column of its own, further to the right."""
        column = LEG_B_COLUMN if self.leg == "LEG-B" else ""
        before = f"{self.time:8.3f}  {column}{self.leg:5}  "
        return f"\n{' ' * len(before)}".join(f"{before}{self.text}".rstrip().split("\n"))


_NUMBER = re.compile(r"(?<=\w) \d+")
"""The number of an event, which differs in equal turns."""
TURNS_SHOWN = 5
"""Of equal turns in a row, so many are shown."""


class Folding:
    """Shows entries as they come, but of a loop only the first turns, and how many were like them.

    A turn is an event and all that comes of it; equal ones differ in their times and numbers.
    """

    def __init__(self) -> None:
        self._turn: list[object] = []
        self._last: list[object] = []
        self._equal = 0
        self._held: list[Entry] = []
        self._left_out = 0
        self._time = 0.0

    def show(self, entry: Entry) -> Iterator[Entry]:
        """What is to be seen now: nothing while it may be one more of the same."""
        if entry.kind == "event":
            is_equal = bool(self._turn) and self._turn == self._last
            self._equal = self._equal + 1 if is_equal else 1
            self._left_out += bool(self._held) and is_equal
            if is_equal:
                self._held.clear()
            self._last, self._turn = self._turn, []
        text = _NUMBER.sub("", entry.text, count=1) if entry.kind == "event" else entry.text
        self._turn.append((entry.leg, entry.kind, text))
        if self._equal >= TURNS_SHOWN and self._turn == self._last[: len(self._turn)]:
            self._held.append(entry)
            self._time = entry.time
            return
        self._equal = min(self._equal, TURNS_SHOWN - 1)
        yield from self.rest()
        yield entry

    def rest(self) -> Iterator[Entry]:
        """What is held back: nothing more will come, or something else."""
        if self._left_out:
            text = f"(the same, {self._left_out} times more)"
            yield Entry(self._time, "", "note", text)
            self._left_out = 0
        yield from self._held
        self._held.clear()


def folded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """All of them, loops folded."""
    folding = Folding()
    for entry in entries:
        yield from folding.show(entry)
    yield from folding.rest()


def rendered(entries: Iterable[Entry]) -> str:
    """All of them, a line each, loops folded."""
    return "\n".join(f"  {entry}" for entry in folded(entries))


class Ladder:
    """What happened in a call, in order: `call.ladder` of a test. `str(call.ladder)` is the text
    that a failed story prints; `call.ladder.entries` are its lines, each with its `time`, `leg`,
    `kind` and `text`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The call begins now."""
        self._loop = loop
        self.began = loop.time()  # by its clock
        self.entries: list[Entry] = []
        self.watchers: list[Callable[[Entry], None]] = []

    @property
    def seconds(self) -> float:
        """How long the call has lasted."""
        return self._loop.time() - self.began

    def report(self, leg: str, kind: Kind, text: str, clip: Clip | None = None) -> None:
        """Note what happens now, on `LEG-A` or `LEG-B`, or (empty) to the call. An entry without
        text is not kept, but the watchers see it."""
        text = visible(text)
        entry = Entry(round(self._loop.time() - self.began, 3), leg, kind, text, clip)
        if text:
            self.entries.append(entry)
        for watcher in self.watchers:
            watcher(entry)

    def __str__(self) -> str:
        """As `render` shows it."""
        return self.render()

    def render(self, marker: str = "") -> str:
        """All entries, a line each, and where the story broke."""
        lines = rendered(self.entries)
        return f"{lines}\n▶ {visible(marker)}".lstrip("\n") if marker else lines
