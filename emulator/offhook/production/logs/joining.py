"""Lines of one stream, in order: which invocation each belongs to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_OPEN: Final = 64
"""Invocations of one stream that may be under way. In a stream of Lambda's it is one; a file in
which streams are not told apart has as many as run at a time."""


@dataclass(slots=True)
class Invocation:
    """What one invocation of the function has logged."""

    request: str
    """Its id; empty where nothing says."""
    event: int | None = None
    """The row that has it; so for the others."""
    call: tuple[str, int] = ("", 0)
    """TransactionId and Sequence of the event."""
    at: int | None = None
    """When it came, in milliseconds since 1970."""
    reply: int | None = None
    failed: int | None = None
    seconds: float | None = None
    ends: int | None = None
    """When the last of it was logged."""


class Joining:
    """The invocations of one stream."""

    def __init__(self) -> None:
        self._open: dict[object, Invocation] = {}
        self._current: Invocation | None = None

    def take(
        self,
        row: int,
        at: int | None,
        kind: str,
        request: str,
        call: tuple[str, int],
        seconds: float | None,
    ) -> Iterator[Invocation]:
        """The next line: invocations of which nothing more will come."""
        yield from self._make_room()
        if kind == "end":
            self._end(request)
            return
        its = self._of(kind, request, call)
        if its is None:
            return
        its.ends = at if at is not None else its.ends
        match kind:
            case "event" if its.event is None:
                its.event, its.call, its.at = row, call, at
            case "reply" if its.reply is None or its.request:
                its.reply = row
            case "failed" if its.failed is None:
                its.failed = row
            case "report":
                its.seconds = seconds
                if its is self._current:  # also where its END is missing: nothing more is of it
                    self._current = None
            case _:
                pass

    def rest(self) -> Iterator[Invocation]:
        """Nothing more comes: what is still open, as it is."""
        yield from self._open.values()

    def _of(self, kind: str, request: str, call: tuple[str, int]) -> Invocation | None:
        """Whose line it is: that of its request, else of whoever is there."""
        if request:
            its = self._open.get(request)
            if its is None:
                its = self._open[request] = Invocation(request)
            if kind != "report":
                self._current = its
            return its
        its = self._current
        if kind == "event" and (its is None or its.call not in (("", 0), call)):
            its = self._current = Invocation("")
            self._open[id(its)] = its
        return its

    def _end(self, request: str) -> None:
        its = self._current
        if its is None or (request not in ("", its.request) and its.request):
            return
        if request and not its.request:  # its first line is missing: here is who it was
            its.request = request
            self._open.pop(id(its), None)
            its = self._open.setdefault(request, its)
        self._current = None

    def _make_room(self) -> Iterator[Invocation]:
        while len(self._open) > MOST_OPEN:
            yield self._open.pop(next(iter(self._open)))
