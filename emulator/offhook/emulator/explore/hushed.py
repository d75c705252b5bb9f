"""What handlers of this process say in their logs at ERROR: part of the story, and not printed."""

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

from offhook.emulator.function.function import Function, Invoked

Said: TypeAlias = list[str]


class _Ear(logging.Handler):
    def __init__(self, said: Said) -> None:
        super().__init__(logging.ERROR)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(f"[{record.levelname}] {self.format(record)}")


@contextmanager
def hushed() -> Generator[Said]:
    """Nothing is written to any log meanwhile: of calls that nobody will make. What is an error is
    said here."""
    said: Said = []
    root, ours = logging.getLogger(), logging.getLogger("offhook")
    before = root.handlers, ours.handlers, ours.propagate
    logging.disable(logging.WARNING)
    root.handlers, ours.handlers, ours.propagate = [_Ear(said)], [], True
    try:
        yield said
    finally:
        logging.disable(logging.NOTSET)
        root.handlers, ours.handlers, ours.propagate = before


class Hushed:
    """A function, with what it says in this process's log."""

    def __init__(self, function: Function, said: Said) -> None:
        self._function = function
        self._said = said

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Ask it, and listen."""
        self._said.clear()
        invoked = await self._function.invoke(event)
        said = "\n".join((invoked.log.rstrip("\n"), *self._said)).lstrip("\n")
        return replace(invoked, log=said) if self._said else invoked

    def close(self) -> None:
        """It is its maker's."""
