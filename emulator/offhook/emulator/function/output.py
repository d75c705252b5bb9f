"""What a function writes to its standard output and error."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, TextIO, cast

from offhook.emulator.function.bootstraps.python_client import log_lines

MOST = 256 * 1024
"""Bytes that are kept of one invocation. More is counted, and thrown away."""
AT_ONCE = 64 * 1024


class _Here(threading.local):
    """What there is of the function that this thread runs."""

    kept: list[str] | None = None
    said: list[str] | None = None
    request_id: Callable[[], str] = staticmethod(str)


_HERE = _Here()


def _request_id() -> str:
    return _HERE.request_id()


def _note(record: logging.LogRecord) -> bool:
    if _HERE.said is not None:
        _HERE.said.append(record.getMessage())
    return True


class _Overheard:
    """A stream of this process, which keeps what functions write there."""

    def __init__(self, stream: TextIO, *, holds_back: bool) -> None:
        self.stream = stream
        self.holds_back = holds_back

    def write(self, text: str) -> int:
        if _HERE.kept is not None:
            _HERE.kept.append(text)
            if self.holds_back and sys.gettrace() is None:  # a debugger talks to who is there
                return len(text)
        return self.stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _overhear(*, holds_back: bool) -> None:
    if not isinstance(sys.stdout, _Overheard):
        sys.stdout = cast("TextIO", _Overheard(sys.stdout, holds_back=holds_back))
        sys.stderr = cast("TextIO", _Overheard(sys.stderr, holds_back=holds_back))


def _stop() -> None:
    """Whoever has taken a stream meanwhile gives it back."""
    if isinstance(sys.stdout, _Overheard):
        sys.stdout = sys.stdout.stream
    if isinstance(sys.stderr, _Overheard):
        sys.stderr = sys.stderr.stream


@contextmanager
def held_back() -> Generator[None]:
    """What functions of this process write meanwhile is kept, and not written: ladders show it.
    Around their import as well, for loggers keep the stream that they find."""
    is_held = isinstance(sys.stdout, _Overheard)
    _overhear(holds_back=True)
    try:
        yield
    finally:
        if not is_held:
            _stop()


class _AsInLambda:
    """This process, from when the first function begins until the last has ended: its streams are
    overheard, its root logger has a handler, by which others are left out (`basicConfig`), and
    what a router says in its log is noted: it answers its failures itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._is_held = False
        self._root = logging.getLogger()
        self._router = logging.getLogger("offhook")
        self._lines = log_lines(_request_id)

    def begin(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            self._router.addFilter(_note)
            self._is_held = isinstance(sys.stdout, _Overheard)
            _overhear(holds_back=False)
            for each in self._root.handlers:
                if isinstance(getattr(each, "stream", None), _Overheard):
                    return
            self._lines.stream = sys.stdout
            self._root.addHandler(self._lines)

    def end(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._router.removeFilter(_note)
                self._root.removeHandler(self._lines)
                if not self._is_held:
                    _stop()


_as_in_lambda = _AsInLambda()


@contextmanager
def as_in_lambda() -> Generator[None]:
    """Functions of this process begin and end many times meanwhile: it stays as it is for them."""
    _as_in_lambda.begin()
    try:
        yield
    finally:
        _as_in_lambda.end()


class Written:
    """What this thread writes meanwhile, and logs, as Lambda's root logger does: `with` gives the
    parts of it. Unless it is `held_back`, it is written all the same; where something is raised, in
    any case."""

    def __init__(self, request_id: Callable[[], str] = str) -> None:
        self._request_id = request_id
        self._kept: list[str] = []
        self.said: list[str] = []
        """What a router has said in its log."""

    def __enter__(self) -> list[str]:
        _as_in_lambda.begin()
        _HERE.kept, _HERE.said, _HERE.request_id = self._kept, self.said, self._request_id
        return self._kept

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        _HERE.kept = _HERE.said = None
        if kind is not None and getattr(sys.stdout, "holds_back", False):
            sys.stdout.write("".join(self._kept))
        _as_in_lambda.end()


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
