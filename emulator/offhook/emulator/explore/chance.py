"""Whether a reply differs by chance, or by what is kept between calls."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import cast

from offhook.emulator.call.call import Call
from offhook.emulator.explore.situation import plain
from offhook.emulator.function.function import Function

ASKED = 8
"""So many environments answer in one way by chance once in 128 times, where there are two."""


class Chance:
    """Asks environments that have answered nothing before, once for each kind of event."""

    def __init__(self, fresh: Callable[[], AbstractContextManager[Function]] | None = None) -> None:
        """`fresh` starts such an environment, where that can be; else nothing is left to chance."""
        self.fresh = fresh
        self._known: dict[object, bool] = {}

    async def decides(self, call: Call) -> bool:
        """Whether any two of them answer the last event of a call in two ways."""
        if self.fresh is None:
            return False
        events = call.told.events
        data = cast("Mapping[str, object]", events[-1].get("ActionData") or {})
        kind = events[-1]["InvocationEventType"], data.get("Type")
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


async def _last_reply(
    function: Function, events: Sequence[Mapping[str, object]], call: Call
) -> str:
    reply = ""
    for event in events:
        invoked = await function.invoke(event)
        reply = plain(invoked.error or invoked.reply, call)
    return reply
