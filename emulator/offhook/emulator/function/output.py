"""What a function writes to its standard output and error."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, TextIO, cast

from offhook.emulator.function.bootstraps.python_runtime import log_lines

MOST = 256 * 1024
"""Bytes that are kept of one invocation. More is counted, and thrown away."""
AT_ONCE = 64 * 1024


class _Here(threading.local):
    """What there is of the function that this thread runs."""

    kept: list[str] | None = None
    request_id: Callable[[], str] = staticmethod(str)


_HERE = _Here()


def _request_id() -> str:
    return _HERE.request_id()


class _Overheard:
    """A stream of this process, which keeps what functions write there."""

    def __init__(self, stream: TextIO, *, holds_back: bool) -> None:
        self._stream = stream
        self.holds_back = holds_back

    def write(self, text: str) -> int:
        if _HERE.kept is not None:
            _HERE.kept.append(text)
            if self.holds_back and sys.gettrace() is None:  # a debugger talks to who is there
                return len(text)
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def held_back() -> Generator[None]:
    """What functions of this process write meanwhile is kept, and not written: ladders show it.
    Around their import as well, for loggers keep the stream that they find."""
    with _overheard(holds_back=True):
        yield


@contextmanager
def _overheard(*, holds_back: bool) -> Generator[None]:
    if isinstance(sys.stdout, _Overheard):
        yield
        return
    before = sys.stdout, sys.stderr
    ours = [cast("TextIO", _Overheard(each, holds_back=holds_back)) for each in before]
    sys.stdout, sys.stderr = ours
    try:
        yield
    finally:
        if [sys.stdout, sys.stderr] == ours:  # else whoever took them gives them back
            sys.stdout, sys.stderr = before


class _AsInLambda:
    """This process, from when the first function begins until the last has ended: its streams are
    overheard, and its root logger has a handler, by which others are left out (`basicConfig`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._lines = log_lines(_request_id)

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._streams = _overheard(holds_back=False)
                self._streams.__enter__()
                root = logging.getLogger()
                theirs = (getattr(each, "stream", None) for each in root.handlers)
                if not any(isinstance(each, _Overheard) for each in theirs):
                    self._lines.stream = sys.stdout
                    root.addHandler(self._lines)
            self._inside += 1

    def __exit__(self, *_exception: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                logging.getLogger().removeHandler(self._lines)
                self._streams.__exit__(None, None, None)


_as_in_lambda = _AsInLambda()


@contextmanager
def written(request_id: Callable[[], str] = str) -> Generator[list[str]]:
    """What this thread writes meanwhile, and logs, as Lambda's root logger does. Unless it is
    `held_back`, it is written all the same; where something is raised, in any case."""
    kept: list[str] = []
    with _as_in_lambda:
        _HERE.kept, _HERE.request_id = kept, request_id
        try:
            yield kept
        except BaseException:
            _HERE.kept = None
            if getattr(sys.stdout, "holds_back", False):
                sys.stdout.write("".join(kept))
            raise
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
