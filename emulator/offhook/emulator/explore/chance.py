"""Whether a reply differs by chance, or by what is kept between calls."""

import os
import random
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from offhook.emulator.call.call import Call
from offhook.emulator.explore.situation import Json, plain
from offhook.emulator.function.function import Function

ASKED = 8
"""So many environments answer in one way by chance once in 128 times, where there are two."""


class Chance:
    """Asks environments that have answered nothing before, once for each kind of event."""

    def __init__(self, fresh: Callable[[], AbstractContextManager[Function]] | None = None) -> None:
        """`fresh` starts such an environment, where that can be; else nothing is left to chance."""
        self.fresh = fresh
        self._known: dict[object, bool] = {}
        self._lots: dict[object, bool] = {}

    async def decides(self, events: Sequence[Json], call: Call) -> bool:
        """Whether any two of them answer the last of some events of a call in two ways."""
        if self.fresh is None:
            return False
        kind = _kind(events[-1])
        if kind not in self._known:
            self._known[kind] = False
            with self.fresh() as one:
                first = await _last_reply(one, events, call)
                for _ in range(ASKED - 1):
                    with self.fresh() as other:
                        # What is of this process, and cannot be imported afresh, is the same.
                        if getattr(one, "handler", one) is getattr(other, "handler", other):
                            break
                        if await _last_reply(other, events, call) != first:
                            self._known[kind] = True
                            break
        return self._known[kind]

    async def draws_lots(self, events: Sequence[Json], call: Call) -> bool:
        """Whether it is chance alone that decides: of this process, nothing that outlives an
        environment, as a file or a variable of the process may. Of another one nobody knows."""
        if not await self.decides(events, call) or self.fresh is None:
            return False
        kind = _kind(events[-1])
        if kind not in self._lots:
            with self.fresh() as one, _same_lots():
                is_here = getattr(one, "handler", None) is not None
                first = await _last_reply(one, events, call)
            with self.fresh() as other, _same_lots():
                self._lots[kind] = not is_here or first == await _last_reply(other, events, call)
        return self._lots[kind]


def _kind(event: Json) -> object:
    data = cast("Json", event.get("ActionData") or {})
    return event["InvocationEventType"], data.get("Type")


@contextmanager
def _same_lots() -> Generator[None]:
    """What is drawn is the same each time, as `random`, `secrets` and `uuid` do it."""
    before, urandom = random.getstate(), os.urandom
    random.seed(0)
    _draw_from(random.Random(0).randbytes)
    try:
        yield
    finally:
        _draw_from(urandom)
        random.setstate(before)


def _draw_from(source: Callable[[int], bytes]) -> None:
    for module, name in ((os, "urandom"), (random, "_urandom")):
        setattr(module, name, source)


async def _last_reply(function: Function, events: Sequence[Json], call: Call) -> str:
    reply = ""
    for event in events:
        invoked = await function.invoke(event)
        reply = plain(invoked.error or invoked.reply, call)
    return reply
