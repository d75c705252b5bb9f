"""Objects that are spread over lines: indented ones, and lines that CloudWatch cut at 256 KB."""

from collections.abc import Iterator
from typing import Final

from offhook.production.logs.containers import Line
from offhook.production.logs.found import IN_IT, LEVEL, STARTS, Found, Open, in_text, in_value

CUT: Final = 200_000
"""A line of more characters was cut, and goes on in the next."""
MOST: Final = 8_000_000
"""Characters of one object; what is longer is none."""


class Fragments:
    """Reads lines of all streams, and keeps what has begun in each."""

    def __init__(self) -> None:
        self._begun: dict[str, _Begun] = {}
        self.lost = 0
        """What began, and never came to an end."""

    def read(self, line: Line) -> Iterator[Found]:
        """What is whole with this line."""
        text = line.text
        if not isinstance(text, str):
            yield from _whole(in_value(text))
            return
        begun = self._begun.get(line.stream)
        if begun is not None:
            if not begun.was_cut and _is_another(text):
                self._give_up(line.stream)
            else:
                begun.add(text)
                if begun.may_be_whole:
                    del self._begun[line.stream]
                    yield from self._read(begun.text, line.stream, begun)
                elif begun.length > MOST:
                    self._give_up(line.stream)
                return
        yield from self._read(text, line.stream)

    def end(self) -> None:
        """Nothing more comes: give up what was begun."""
        for stream in [*self._begun]:
            self._give_up(stream)

    def _read(self, text: str, stream: str, before: "_Begun | None" = None) -> Iterator[Found]:
        for each in in_text(text):
            if isinstance(each, Found):
                yield each
            elif before is not None:  # it looked whole, and is not
                self._begun[stream] = before
            else:
                self._begun[stream] = _Begun(text)

    def _give_up(self, stream: str) -> None:
        begun = self._begun.pop(stream)
        self.lost += any(each in begun.text for each in IN_IT)


class _Begun:
    """Lines that hold the beginning of an object."""

    def __init__(self, first: str) -> None:
        self._parts = [first]
        self.length = len(first)
        self.was_cut = len(first) >= CUT
        self._depth = first.count("{") - first.count("}")
        self.may_be_whole = False

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(self._parts)

    def add(self, line: str) -> None:
        """The next line; one that was cut goes on without a break."""
        self._parts += [line] if self.was_cut else ["\n", line]
        self.length += len(line) + 1
        self._depth += line.count("{") - line.count("}")
        self.may_be_whole = "}" in line and (self._depth <= 0 or line.startswith("}"))
        self.was_cut = len(line) >= CUT


def _is_another(text: str) -> bool:
    """Whether a line is no part of what was begun: it begins as lines of a log do, or has an
    object of its own."""
    if STARTS.match(text) or LEVEL.match(text):
        return True
    is_worth = text.lstrip().startswith("{") and any(each in text for each in IN_IT)
    return is_worth and any(isinstance(each, Found) for each in in_text(text))


def _whole(found: Iterator[Found | Open]) -> Iterator[Found]:
    return (each for each in found if isinstance(each, Found))
