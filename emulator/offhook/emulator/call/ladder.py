"""What happened in a call, in order: the picture that a failed expectation prints."""

import asyncio
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from offhook.emulator.call.audio import Clip
from offhook.emulator.visible import visible

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
        return f"{self.time:8.3f}  {column}{self.leg:5}  {self.text}".rstrip()


class Ladder:
    """The entries so far, and who wants to know of new ones."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The call begins now."""
        self._loop = loop
        self._began = loop.time()
        self.entries: list[Entry] = []
        self.watchers: list[Callable[[Entry], None]] = []

    @property
    def seconds(self) -> float:
        """How long the call has lasted."""
        return self._loop.time() - self._began

    def report(self, leg: str, kind: Kind, text: str, clip: Clip | None = None) -> None:
        """Note what happens now, on `LEG-A` or `LEG-B`, or (empty) to the call. An entry without
        text is not kept, but the watchers see it."""
        text = visible(text)
        entry = Entry(round(self.seconds, 3), leg, kind, text, clip)
        if text:
            self.entries.append(entry)
        for watcher in self.watchers:
            watcher(entry)

    def render(self, marker: str = "") -> str:
        """All entries, a line each, and where the story broke."""
        lines = [f"  {entry}" for entry in self.entries]
        if marker:
            lines.append(f"▶ {visible(marker)}")
        return "\n".join(lines)
