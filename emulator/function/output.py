"""What a function writes to its standard output and error."""

import asyncio
import os
from collections.abc import Generator
from contextlib import contextmanager

MOST = 256 * 1024
"""Bytes that are kept of one invocation. More is counted, and thrown away."""


class Output:
    """One pipe for both, so that lines stay in order. Lives on the background loop."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._kept = bytearray()
        self._lost = 0
        self._is_open = True
        asyncio.get_running_loop().add_reader(self._read_end, self._drain)

    @contextmanager
    def writing(self) -> Generator[int]:
        """The end that a new process gets; ours is closed once it has it."""
        try:
            yield self._write_end
        finally:
            os.close(self._write_end)

    def take(self) -> str:
        """What was written since the last time."""
        if self._is_open:
            self._drain()
        text = self._kept.decode(errors="replace")
        if self._lost:
            text += f"\n({self._lost} more bytes are not shown)"
        self._kept.clear()
        self._lost = 0
        return text

    def close(self) -> None:
        """Read what is left, and close the pipe."""
        if self._is_open:
            self._drain()
        if self._is_open:
            self._is_open = False
            asyncio.get_running_loop().remove_reader(self._read_end)
            os.close(self._read_end)

    def _drain(self) -> None:
        for _ in range(64):  # a function that never stops writing must not hold up the loop
            try:
                data = os.read(self._read_end, 64 * 1024)
            except BlockingIOError:
                return
            if not data:
                self._is_open = False
                asyncio.get_running_loop().remove_reader(self._read_end)
                os.close(self._read_end)
                return
            room = max(0, MOST - len(self._kept))
            self._kept += data[:room]
            self._lost += len(data) - len(data[:room])
