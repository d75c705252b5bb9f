"""The tree of all callers, searched breadth first: from each situation, whatever can happen."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import PICKS_UP, Deed, Known
from offhook.emulator.call.ladder import Entry
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.chance import Chance
from offhook.emulator.explore.explored import START, Arrow, Box, Explored, Found, Progress, Told
from offhook.emulator.explore.judged import Difference, of_walk
from offhook.emulator.explore.loops import loops
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.quiet import longest_quiet
from offhook.emulator.explore.situation import (
    Growing,
    Json,
    event_key,
    hashed,
    legs_of,
    moved,
    named,
    plain,
    stale,
    without_stamps,
)
from offhook.emulator.explore.walk import DEPLOYMENT, Walk
from offhook.emulator.findings.finding import Finding
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.moment import MOMENT
from offhook.emulator.service.config import Desk
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.service import Service

TELL_SECONDS = 0.1
"""So often it is told how far it is."""
ENOUGH_REPLIES = 8
"""An event that has brought more replies than this brings ever another one."""


class Explorer:
    """Explores one number of ours, with one function, at one moment."""

    def __init__(
        self,
        desk: Desk,
        plan: Plan,
        function: Function,
        known: Known,
        older: Function | None = None,
    ) -> None:
        """`older` is the version before, where a deployment is planned."""
        self.plan = plan
        self.function = function
        self.older = older
        self._first: Call | None = None
        self.known = known
        self.loop = VirtualLoop()
        self.explored = Explored(plan)
        self.placed: Call | None = None
        """The call of the path that is played."""
        self.walk: Walk | None = None
        """That path."""
        self._folder = TemporaryDirectory(prefix="offhook-", ignore_cleanup_errors=True)
        kept_nowhere = {"recordings": Path(self._folder.name), "state": None, "records": None}
        desk = desk.model_copy(update=kept_nowhere)
        self.service = Service(desk, self.loop, function=Compared(function, self))
        self.service.when_placed.append(self._placed)
        self.service.when_over.clear()
        self.past: set[str] = set()
        """The ids of calls before."""
        self.replies: dict[str, dict[str, None]] = {}
        """What each event brought, the first time first."""
        self.differences: list[Difference] = []
        self.chance = Chance()
        self._growing = Growing()

    def run(
        self,
        tell: Callable[[Told], object] = lambda _told: None,
        *,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> Explored:
        """To the end, or until the time is over, it `is_enough`, or the function has turned out not
        to be the same in each call. Each finding is told once, when it is found."""
        began = said = time.monotonic()
        explored, seconds = self.explored, self.plan.seconds
        queue: deque[tuple[Arrow | None, Deed]] = deque([(None, Deed("waits"))])
        while queue and not (explored.changes or is_enough()):
            if seconds is not None and time.monotonic() - began >= seconds:
                break
            before, deed = queue.popleft()
            walk = Walk(self, (*before.story, deed) if before is not None else ())
            walk.play()
            explored.paths += 1
            if walk.strays:
                explored.strayed += 1
            elif arrow := self._draw(walk, before, deed):
                queue.extend((arrow, deed) for deed in walk.moments[-1].deeds)
            for found in self._judged(walk):
                tell(found)
            if time.monotonic() - said > TELL_SECONDS:
                said = time.monotonic()
                tell(Progress(self.plan, explored.paths, explored.situations, len(queue)))
        explored.left_over = len(queue)
        explored.is_complete = not queue and not explored.strayed
        explored.growing = self._growing.names
        for found in self._loops():
            tell(found)
        return explored

    def close(self) -> None:
        """Put everything away; the function is its maker's."""
        self.service.close()
        self.loop.run(lambda: False)
        self.loop.close()
        self._folder.cleanup()

    def first_reply(self, at: datetime) -> str:
        """What is answered at a moment, before anybody does anything but to pick up."""
        if self._first is None:
            walk = Walk(self, PICKS_UP[:1] if self.plan.is_outbound else ())
            walk.play()
            assert walk.call is not None
            self._first = walk.call
        task = self.loop.create_task(self._replies(self._first, at))
        task.add_done_callback(lambda _: self.loop.noticed())
        self.loop.run(task.done)
        return task.result()

    async def _replies(self, call: Call, at: datetime) -> str:
        """To the same event, at another moment."""
        MOMENT.set(at.timestamp())
        event = moved(call.told.events[-1], round(at.timestamp() * 1000))
        invoked = await self.function.invoke(event)
        return plain(invoked.error or invoked.reply, call)

    # What a walk asks.

    def place(self, walk: Walk) -> Call:
        """A call in which the walk decides."""
        service, plan = self.service, self.plan
        self.walk = walk
        service.reseed(self.explored.paths)
        service.find = walk.find
        service.far_ends.update(dict.fromkeys((DEFAULT, *service.numbers), walk))
        service.ended.clear()
        headers = plan.sip_headers
        if plan.is_outbound:
            from_, to, more = plan.number, plan.from_, plan.arguments
            return service.call_out(from_, to, at=plan.at, arguments=more, sip_headers=headers)
        return service.call_in(plan.number, plan.from_, at=plan.at, sip_headers=headers)

    def _placed(self, call: Call) -> None:
        if self.placed is not None:
            ids = (leg.call_id for leg in self.placed.every_leg)
            self.past.update((self.placed.transaction_id, *ids))
        self.placed = call
        call.ladder.watchers.append(lambda _entry: self.loop.noticed())

    def situation(self, call: Call, at: str, who: str, walk: Walk) -> str:
        """A name for what is so now, for all that a function can know."""
        running, told = call.actions.performance, call.told
        invoked = call.actions.invoked_leg
        self._growing.look([*map(_attributes, told.events[walk.known_turns :]), told.attributes])
        rung = [leg for leg in call.every_leg if leg not in call.legs and not leg.is_gone]
        recordings = call.recordings.items()
        people = walk.people
        now = [
            at,
            who,
            sum(deed.is_disturbance for deed in walk.deeds),
            walk.is_deployed,
            self._growing.without(told.attributes),
            running.sent if running is not None else None,
            call.actions.rest,
            invoked.tag if invoked is not None else "",
            told.events[-1]["InvocationEventType"] == "ACTION_INTERRUPTED",
            call.sip_media_application_id,
            [*legs_of([*call.legs, *rung])],
            {leg.tag: people.get(leg.tag) for leg in call.legs if not leg.is_gone},
            [[leg.tag, its.track, its.is_paused, its.is_over] for leg, its in recordings],
        ]
        return hashed(plain(now, call))

    # What comes of it.

    def _judged(self, walk: Walk) -> Iterator[Found]:
        call, explored = walk.call, self.explored
        assert call is not None
        differences, self.differences = self.differences, []
        if not walk.is_deployed:
            return  # what the version before does is not looked at any more
        if walk.ends != "goes on":
            explored.ends[walk.ends] += 1
            explored.longest_call = max(explored.longest_call, call.ladder.seconds)
            explored.longest_quiet = max(explored.longest_quiet, longest_quiet(call.ladder.entries))
        for turn in call.told.turns[walk.known_turns :]:
            explored.events[str(turn.event["InvocationEventType"])] += 1
            data = cast("Json", turn.event.get("ActionData") or {})
            if "Type" in data:
                explored.results[f"{data['Type']} {data.get('ErrorType', '')}".strip()] += 1
        for finding in of_walk(walk, call, differences):
            entries, arrow = call.ladder.entries[: walk.until], len(explored.arrows) - 1
            yield from self._found(finding, walk.deeds, entries, -1 if walk.strays else arrow)

    def _found(
        self, finding: Finding, deeds: Sequence[Deed], entries: Sequence[Entry], arrow: int
    ) -> Iterator[Found]:
        there = self.explored.found.get(finding.same)
        if there is not None:
            there.count += 1
            return
        found = Found(finding, [str(self.plan.said(deed)) for deed in deeds], entries, arrow)
        self.explored.found[finding.same] = found
        yield found

    def _draw(self, walk: Walk, before: Arrow | None, deed: Deed) -> Arrow | None:
        """Draw the arrow that this path ends with; it is given back if it leads to somewhere
        new."""
        call = walk.call
        assert call is not None
        boxes = self.explored.boxes
        boxes.setdefault(START, Box("the call begins", {}))
        count = len(walk.choices)
        if len(walk.moments) > count:
            to, title = walk.moments[count].situation, walk.moments[count].at
        else:
            to, title = f"end: {walk.ends}", walk.ends
        since = walk.moments[count - 1].entries if count else 0
        entries = call.ladder.entries[since : walk.until]
        is_new = to not in boxes
        if is_new:
            boxes[to] = Box(title, dict(call.told.attributes))
        arrow = Arrow(before.to if before is not None else START, deed, to, tuple(entries), before)
        self.explored.arrows.append(arrow)
        return arrow if is_new and walk.ends == "goes on" else None

    def _is_judged(self, arrow: Arrow) -> bool:
        return not self.plan.after or DEPLOYMENT in arrow.story

    def _loops(self) -> Iterator[Found]:
        arrows = self.explored.arrows
        is_updated = bool(self.plan.updates or self.known.is_updated)
        judged = [arrow for arrow in arrows if self._is_judged(arrow)]
        for finding, last in loops(judged, self._title, is_updated=is_updated):
            yield from self._found(finding, last.story, last.ladder, arrows.index(last))

    def _title(self, situation: str) -> str:
        return self.explored.boxes[situation].title


class Compared:
    """A function whose replies are held against those to the same event on other paths."""

    def __init__(self, function: Function, explorer: Explorer) -> None:
        self._function = function
        self._explorer = explorer

    async def invoke(self, event: Mapping[str, object]) -> Invoked:
        """Ask it, or the version before, and compare."""
        call, explorer = self._explorer.placed, self._explorer
        walk, older = explorer.walk, explorer.older
        is_older = older is not None and walk is not None and not walk.is_deployed
        asked = older if older is not None and is_older else self._function
        invoked = await asked.invoke(event)
        if call is None:
            return invoked
        reply = named(invoked.error or invoked.reply, call)
        if old := stale(reply, explorer.past):
            explorer.differences.append(Difference(event, old, ""))
            return invoked
        reply = without_stamps(reply)
        replies = explorer.replies.setdefault(
            hashed(event_key(event, call)) + "older" * is_older, {}
        )
        if reply not in replies:
            replies[reply] = None
            if len(replies) == 2 and not await explorer.chance.decides(call):
                explorer.differences.append(Difference(event, reply, next(iter(replies))))
            elif len(replies) > ENOUGH_REPLIES:
                explorer.explored.changes = str(event["InvocationEventType"])
        return invoked

    def close(self) -> None:
        """It is its maker's."""


def _attributes(event: Json) -> Json:
    details = cast("Json", event["CallDetails"])
    return cast("Json", details.get("TransactionAttributes") or {})
