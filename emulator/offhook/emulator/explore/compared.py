"""What a function replies, held against what it replied to the same event on other paths."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from sys import intern
from typing import Protocol

from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import Aside, How
from offhook.emulator.explore.chance import Chance
from offhook.emulator.explore.explored import Explored
from offhook.emulator.explore.judged import Difference
from offhook.emulator.explore.situation import (
    Json,
    event_key,
    named,
    stale,
    without_stamps,
)
from offhook.emulator.explore.walk import Walk
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.invoker import RETRY_SECONDS

ENOUGH_REPLIES = 8
"""An event that has brought more replies than this brings ever another one."""
HERE = "in another call"
AGAIN: Mapping[How, str] = {
    "is delivered twice": "the answer to the second counts",
    "is answered late": f"after {RETRY_SECONDS:.0f} s the same event is sent again",
}
"""When the function is asked again, and what the service does then."""


class Explores(Protocol):
    """Who plays the paths."""

    walk: Walk | None
    placed: Call | None
    older: Function | None
    past: set[str]
    """The ids of calls before."""
    replies: dict[str, list[str]]
    """What each event brought, the first time first."""
    differences: list[Difference]
    chance: Chance
    explored: Explored


class Compared:
    """A function whose replies are held against those to the same event on other paths."""

    def __init__(self, function: Function, explorer: Explores) -> None:
        self._function = function
        self._explorer = explorer

    async def invoke(self, event: Json) -> Invoked:
        """Ask it, or the version before, as often as the service does; and compare."""
        call, explorer = self._explorer.placed, self._explorer
        walk, older = explorer.walk, explorer.older
        is_older = older is not None and walk is not None and not walk.is_deployed
        asked = older if older is not None and is_older else self._function
        invoked = await asked.invoke(event)
        if call is None or walk is None:
            return invoked
        key = event_key(event, call) + "older" * is_older
        await self._compare(event, key, invoked, call, HERE)
        to, number = str(event["InvocationEventType"]), len(call.told.events)
        aside = walk.aside(to, number)
        if aside is None:
            if walk.may_be_disturbed:
                walk.passed(key, *(Aside(to, number, how) for how in AGAIN))
            return invoked
        call.report("event", f"{aside}: {AGAIN[aside.how]}")
        if aside.how == "is answered late":
            await asyncio.sleep(RETRY_SECONDS)
        again = await asked.invoke(event)
        await self._compare(event, key, again, call, f"when it {aside.how}")
        return replace(again, log=invoked.log + again.log)

    async def _compare(
        self, event: Json, key: str, invoked: Invoked, call: Call, where: str
    ) -> None:
        explorer = self._explorer
        reply = named(invoked.error or invoked.reply, call)
        if old := stale(reply, explorer.past):
            explorer.differences.append(Difference(event, old, "", where))
            return
        reply = intern(without_stamps(reply))
        replies = explorer.replies.setdefault(key, [])
        if reply not in replies:
            replies.append(reply)
            if len(replies) == 2 and not await explorer.chance.decides(call):
                explorer.differences.append(Difference(event, reply, replies[0], where))
            elif len(replies) > ENOUGH_REPLIES:
                explorer.explored.changes = str(event["InvocationEventType"])

    def close(self) -> None:
        """It is its maker's."""
