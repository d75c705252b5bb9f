"""What a function writes to its standard output and error."""

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, TextIO, cast

MOST = 256 * 1024
"""Bytes that are kept of one invocation. More is counted, and thrown away."""
AT_ONCE = 64 * 1024


_HERE = threading.local()


class _Overheard:
    """A stream of this process, which tells each thread what it has written there."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        kept: list[str] | None = getattr(_HERE, "kept", None)
        if kept is not None:
            kept.append(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def overhear() -> None:
    """From now on `written` knows what is written in this process; it is written all the same.
    Before functions are imported: loggers keep the stream that they find."""
    sys.stdout = cast("TextIO", _Overheard(sys.stdout))
    sys.stderr = cast("TextIO", _Overheard(sys.stderr))


@contextmanager
def written() -> Generator[list[str]]:
    """What this thread writes meanwhile, where `overhear` was called; else nothing."""
    kept: list[str] = []
    _HERE.kept = kept
    try:
        yield kept
    finally:
        _HERE.kept = None


class Output:
    """One pipe for both, so that lines stay in order."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self._kept = bytearray()
        self._lost = 0

    def take(self) -> str:
        """What was written since the last time."""
        text = self._kept.decode(errors="replace")
        if self._lost:
            text += f"\n({self._lost} more bytes are not shown)"
        self._kept.clear()
        self._lost = 0
        return text

    def read(self) -> bool:
        """Read what is there now. `False`: whoever could write is gone."""
        for _ in range(64):  # a function that never stops writing must not hold up the rest
            try:
                data = os.read(self.read_end, AT_ONCE)
            except BlockingIOError:
                return True
            if not data:
                return False
            room = max(0, MOST - len(self._kept))
            self._kept += data[:room]
            self._lost += len(data) - len(data[:room])
            if len(data) < AT_ONCE and len(data) % 4096:
                return True
        return True

    def is_handed_over(self) -> None:
        """The process has its end: ours is closed."""
        os.close(self.write_end)

    def close(self) -> None:
        """Close our end of the pipe."""
        os.close(self.read_end)
