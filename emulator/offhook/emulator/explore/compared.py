"""What a function replies, held against what it replied to the same event on other paths."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from offhook.emulator.as_json import text_of
from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import Aside, How
from offhook.emulator.explore.alike import Alike
from offhook.emulator.explore.chance import Chance
from offhook.emulator.explore.elsewhere import Elsewhere
from offhook.emulator.explore.explored import Explored
from offhook.emulator.explore.judged import Difference
from offhook.emulator.explore.moments import Questions
from offhook.emulator.explore.situation import (
    KEPT_TEXTS,
    Json,
    event_key,
    stale,
    with_tags,
    without_stamps,
)
from offhook.emulator.explore.walk import Walk
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.invoker import RETRY_SECONDS
from offhook.emulator.function.moment import MOMENT, later

ENOUGH_REPLIES = 8
"""An event that has brought more replies than this, and not by chance, brings ever another one."""
HERE = "in another call"
AGAIN: Mapping[How, str] = {
    "is delivered twice": "the answer to the second counts",
    "is answered late": f"after {RETRY_SECONDS:.0f} s the same event is sent again",
}
"""When the function is asked again, and what the service does then."""


class First(NamedTuple):
    """What an event brought when it came for the first time, and what of it tells no situations
    apart, though a function can look at it."""

    reply: bytes
    """As it is packed."""
    number: object
    """Which event of the call it is: its Sequence."""
    moment: float | None
    """By the call's clock."""


class Explores(Protocol):
    """Who plays the paths."""

    walk: Walk | None
    placed: Call | None
    older: Function | None
    past: dict[str, None]
    """The ids of calls before."""
    differences: list[Difference]
    chance: Chance
    questions: Questions
    elsewhere: Elsewhere
    explored: Explored


class Compared:
    """A function whose replies are held against those to the same event on other paths."""

    def __init__(self, function: Function, explorer: Explores) -> None:
        self._function = function
        self._explorer = explorer
        self._replies: dict[str, First] = {}
        """What each event brought the first time."""
        self._others: dict[str, Sequence[bytes]] = {}
        """What some of them brought later, packed."""
        self._texts = Alike()
        # What is answered is much the same on paths that follow one another.
        self._packed = lru_cache(KEPT_TEXTS)(self._texts.packed)
        self._first = lru_cache(KEPT_TEXTS)(First)

    async def invoke(self, event: Json) -> Invoked:
        """Ask it, or the version before, as often as the service does; and compare."""
        call, walk, asked = self._explorer.placed, self._explorer.walk, self.asked
        invoked = await asked.invoke(event)
        details = cast("Json", event["CallDetails"])
        if call is None or walk is None or details["TransactionId"] != call.transaction_id:
            return invoked
        key = await self.heard(event, invoked, call, walk)
        aside = walk.aside(*_which(event))
        if aside is None:
            return invoked
        call.report("event", f"{aside}: {AGAIN[aside.how]}")
        if aside.how == "is answered late":
            await asyncio.sleep(RETRY_SECONDS)
            later(RETRY_SECONDS)
        again = await asked.invoke(event)
        await self._compare(event, key, again, call, f"when it {aside.how}")
        return replace(again, log=invoked.log + again.log)

    @property
    def asked(self) -> Function:
        """The version that answers now."""
        older, walk = self._explorer.older, self._explorer.walk
        is_older = older is not None and walk is not None and not walk.is_deployed
        return older if older is not None and is_older else self._function

    async def heard(self, event: Json, invoked: Invoked, call: Call, walk: Walk) -> str:
        """Compare what it has answered on a path, and take note of it. The name of the event."""
        explorer, is_older = self._explorer, self.asked is not self._function
        key = event_key(event, call, invoked.asked) + "older" * is_older
        await self._compare(event, key, invoked, call, HERE)
        if walk.is_new and not is_older:
            is_disturbed = walk.disturbances > 0
            explorer.questions.note(key, event, invoked, is_disturbed=is_disturbed)
            explorer.elsewhere.note(event, invoked, walk.deeds, call.ladder.entries)
        if walk.may_be_disturbed:
            walk.passed(key, *(Aside(*_which(event), how) for how in AGAIN))
        return key

    async def _compare(
        self, event: Json, key: str, invoked: Invoked, call: Call, where: str
    ) -> None:
        explorer = self._explorer
        reply = said(invoked, call)
        if old := stale(reply, explorer.past):
            explorer.differences.append(Difference(event, old, "", where))
            return
        reply = without_stamps(reply)
        packed = self._packed(reply)
        first = self._replies.get(key)
        if first is None:
            self._replies[key] = self._first(packed, event["Sequence"], MOMENT.get())
            return
        others = self._others.get(key, ())
        if packed == first.reply or packed in others:
            return
        if len(others) < ENOUGH_REPLIES:
            self._others[key] = (*others, packed)
        told = call.told.events[: cast("int", event["Sequence"])]
        if not others:
            text = self._texts.text(first.reply)
            # Who takes turns comes round, but not twice in a row.
            then = {await self._as_then(event, first, call) for _ in range(2)}
            if then != {text} and not await explorer.chance.decides(told, call):
                explorer.differences.append(Difference(event, reply, text, where))
        elif len(others) + 1 >= ENOUGH_REPLIES and not await explorer.chance.draws_lots(told, call):
            explorer.explored.changes = str(event["InvocationEventType"])

    async def _as_then(self, event: Json, first: First, call: Call) -> str:
        """What is answered to an event as if it came when it did for the first time."""
        now = MOMENT.get()
        MOMENT.set(first.moment)
        try:
            invoked = await self.asked.invoke({**event, "Sequence": first.number})
        finally:
            MOMENT.set(now)
        return without_stamps(said(invoked, call))

    def close(self) -> None:
        """It is its maker's."""


def _which(event: Json) -> tuple[str, int]:
    """Its type, and the how manieth of its call it is."""
    return str(event["InvocationEventType"]), cast("int", event["Sequence"])


def said(invoked: Invoked, call: Call) -> str:
    """What was answered, or how it failed, with the names of legs for their ids."""
    return with_tags(text_of(invoked.error) if invoked.error else invoked.said, call)
