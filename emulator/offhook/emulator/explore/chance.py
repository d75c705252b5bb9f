"""Whether a reply differs by chance, or by what is kept between calls."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import cast

from offhook.emulator.call.call import Call
from offhook.emulator.explore.situation import plain
from offhook.emulator.function.function import Function


class Chance:
    """Asks environments that have answered nothing before, once for each kind of event."""

    def __init__(self, fresh: Callable[[], AbstractContextManager[Function]] | None = None) -> None:
        """`fresh` starts such an environment, where that can be; else nothing is left to chance."""
        self._fresh = fresh
        self._known: dict[object, bool] = {}

    async def decides(self, call: Call) -> bool:
        """Whether two of them answer the last event of a call in two ways."""
        if self._fresh is None:
            return False
        events = call.told.events
        data = cast("Mapping[str, object]", events[-1].get("ActionData") or {})
        kind = events[-1]["InvocationEventType"], data.get("Type")
        if kind not in self._known:
            with self._fresh() as one, self._fresh() as other:
                # What is of this process, and cannot be imported afresh, is the same.
                is_fresh = getattr(one, "handler", one) is not getattr(other, "handler", other)
                self._known[kind] = is_fresh and (
                    await _last_reply(one, events, call) != await _last_reply(other, events, call)
                )
        return self._known[kind]


async def _last_reply(
    function: Function, events: Sequence[Mapping[str, object]], call: Call
) -> str:
    reply = ""
    for event in events:
        invoked = await function.invoke(event)
        reply = plain(invoked.error or invoked.reply, call)
    return reply
