"""What stands in many ladders, each line of it once."""

from array import array
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.ladder import Entry, Kind

IN_A_SECOND = 1_000
"""So finely entries are stamped."""
Line: TypeAlias = tuple[str, Kind, str, Clip | None]
"""What an entry says, but for when."""


class Rungs:
    """Keeps entries as the numbers of their lines, and when they were: eight bytes each."""

    def __init__(self) -> None:
        self._numbers: dict[Line, int] = {}
        self._lines: list[Line] = []

    def packed(self, entries: Iterable[Entry]) -> bytes:
        """Those of a part of a ladder. A line is kept when it comes for the first time."""
        row = array("I")
        for entry in entries:
            line = entry[1:]
            number = self._numbers.setdefault(line, len(self._lines))
            if number == len(self._lines):
                self._lines.append(line)
            row.append(number)
            row.append(round(entry.time * IN_A_SECOND))
        return row.tobytes()

    def entries(self, packed: bytes) -> Sequence[Entry]:
        """The entries as they were."""
        row = array("I", packed)
        pairs = zip(row[::2], row[1::2], strict=True)
        return [Entry(when / IN_A_SECOND, *self._lines[number]) for number, when in pairs]
