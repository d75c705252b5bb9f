"""The tree of all callers, searched breadth first: from each situation, whatever can happen."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, cycle, islice, zip_longest
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from offhook.actions.base import Action
from offhook.emulator.call.behaviour import Behaviour
from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import CALLS, PICKS_UP, Aside, Deed, Known
from offhook.emulator.call.ladder import Entry
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.again import Again
from offhook.emulator.explore.chance import Chance
from offhook.emulator.explore.compared import HERE, Compared
from offhook.emulator.explore.elsewhere import Elsewhere
from offhook.emulator.explore.explored import START, Arrow, Box, Explored, Found, Progress, Told
from offhook.emulator.explore.hushed import undisturbed
from offhook.emulator.explore.judged import Difference, Judged, Unhandled, of_walk, shared
from offhook.emulator.explore.loops import cycles, loops, retried, retry, silences
from offhook.emulator.explore.moments import Late, Questions
from offhook.emulator.explore.plan import Plan
from offhook.emulator.explore.planned import Next, Planned, Queue, by_disturbances
from offhook.emulator.explore.quiet import longest_quiet
from offhook.emulator.explore.rungs import Rungs
from offhook.emulator.explore.situation import Growing, Json, Now, hashed, plain
from offhook.emulator.explore.walk import Walk
from offhook.emulator.findings.finding import Finding
from offhook.emulator.function.function import Function
from offhook.emulator.service.config import Desk
from offhook.emulator.service.described import DEFAULT
from offhook.emulator.service.service import Service

LONG_SECONDS, LONG_EVENTS = 600.0, 300
"""So long somebody does nothing, or so often, before it is said that it never ends."""
PAST = 10_000
"""So many ids are known when they come again: those of some thousand calls."""
IN_ANOTHER = "in another environment, which was not told what came before"
"""Where the next event of a call may come to."""
RECORDED = 200
"""So many recordings of paths before can be heard: a function may remember where they are."""
TELL_SECONDS = 0.1
"""So often it is told how far it is."""


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
        compared = Compared(function, self)
        self.service = Service(desk, self.loop, function=compared)
        self._again = Again(self.loop, compared, self.service.functions.aside)
        self.service.when_placed.append(self._placed)
        forget = self.service.network.forget
        self.service.when_over[:] = [forget, lambda _call: self.loop.noticed()]
        self.behaviours: dict[type[Action[object]], Behaviour[Action[object]]] = {}
        """Of actions, as a walk has them."""
        self.past: dict[str, None] = {}
        """The ids of calls before, the oldest first."""
        self.differences: list[Difference] = []
        self.chance = Chance()
        self.unhandled: Unhandled = lambda _call, _sequence: None
        self.questions = Questions()
        self.elsewhere = Elsewhere()
        self._growing = Growing()
        self._least: dict[str, int] = {}
        """With how few disturbances each situation was reached."""
        self._cases: set[str] = set()
        """Where something happens by the way on a path, or will."""
        self._asides: dict[Sequence[Aside], Sequence[Aside]] = {}
        """Equal ones are one."""
        self._went_round: set[Arrow] = set()
        self._silent: dict[str, Arrow] = {}
        """Where somebody alone hears nothing until they press a key, and what leads there."""
        self._count = count(1)
        self._turns: Judged = {}
        self._rungs = Rungs()
        self._faults = [*self.service.faults.waiting]

    def run(
        self,
        tell: Callable[[Told], object] = lambda _told: None,
        *,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> Explored:
        """To the end, or until the time is over, it `is_enough`, or the function has turned out not
        to be the same in each call. Each finding is told once, when it is found."""
        explored, late = self.explored, Late(self.plan.seconds)
        queue = Queue([Next(0, 0, 0, (CALLS,), None)])

        def is_over() -> bool:
            return bool(explored.changes) or explored.is_full or is_enough() or late()

        with undisturbed():
            while queue:
                self._search(queue, tell, is_over)
                if queue or is_over():
                    break
                queue = Queue(self._ends_of_cycles(is_over))
        explored.left_over = len(queue)
        explored.is_complete = not (queue or explored.strayed or is_over())
        explored.growing = self._growing.names
        for found in (*self._loops(), *self._of_others()):
            tell(found)
        return explored

    def _search(
        self,
        queue: Queue,
        tell: Callable[[Told], object],
        is_over: Callable[[], bool],
    ) -> None:
        explored, said = self.explored, time.monotonic()
        while queue and not is_over():
            planned = queue.take()
            walk, is_one = self._played(planned.walk(self)), True
            while is_one:
                paths = 1 + self._again.alike(walk, self._cases)
                for found in self._settled(walk, planned, queue, paths):
                    tell(found)
                is_one = self._again.becomes(walk, planned, queue.first)
                planned = queue.take() if is_one else planned
            _forget(walk)
            if time.monotonic() - said > TELL_SECONDS:
                said = time.monotonic()
                tell(Progress(self.plan, explored.paths, explored.situations, len(queue)))

    def _settled(self, walk: Walk, planned: Planned, queue: Queue, paths: int) -> Iterator[Found]:
        """What comes of a path, and of others that are as it is: so many `paths` in all."""
        explored = self.explored
        explored.paths += paths
        explored.told += paths * walk.told
        arrow = None if walk.strays else self._draw(walk, planned)
        if arrow is None:
            explored.strayed += 1
        else:
            if walk.hears_nothing and self._title(arrow.to) == "silence":
                self._silent.setdefault(arrow.to, arrow)
            for each in self._next(walk, planned, arrow):
                queue.put(each)
        return self._judged(walk, arrow.place if arrow is not None else -1, paths)

    def _played(self, walk: Walk) -> Walk:
        walk.play()
        if fault := self.service.failure():
            raise fault
        return walk

    def close(self) -> None:
        """Put everything away; the function is its maker's."""
        self.service.close()
        self.loop.run(lambda: False)
        self.loop.close()
        self._folder.cleanup()

    def first(self) -> Questions:
        """What is asked before anybody does anything but to pick up."""
        Walk(self, PICKS_UP[:1] if self.plan.is_outbound else ()).play()
        return self.questions

    # What a walk asks.

    def place(self, walk: Walk) -> Call:
        """A call in which the walk decides."""
        service, plan = self.service, self.plan
        for other in (*service.calls.values(),):  # which a function has started on another path
            service.drop(other)
        self.loop.run(lambda: not service.calls)
        self.walk = walk
        service.reseed(self.explored.paths)
        service.gate.forget()
        service.buckets.forget(but=RECORDED)
        service.find = walk.find
        service.far_ends.update(dict.fromkeys((DEFAULT, *service.numbers), walk))
        service.ended.clear()
        service.voice_focus_times.clear()
        service.bots.clear()
        service.bots.update(service.desk.scripted)
        service.faults.waiting[:] = map(replace, self._faults)
        headers = plan.sip_headers
        if plan.is_outbound:
            from_, to, more = plan.number, plan.from_, plan.arguments
            return service.call_out(from_, to, at=plan.at, arguments=more, sip_headers=headers)
        return service.call_in(plan.number, plan.from_, at=plan.at, sip_headers=headers)

    def _placed(self, call: Call) -> None:
        if self.walk is not None and self.walk.call is not None:
            return  # a call that a function starts is none of the path's
        if self.placed is not None:
            ids = (leg.call_id for leg in self.placed.every_leg)
            self.past.update(dict.fromkeys((self.placed.transaction_id, *ids)))
            if len(self.past) > PAST:
                for old in [*self.past][: PAST // 2]:
                    del self.past[old]
        self.placed = call

    def situation(self, call: Call, at: str, who: str, walk: Walk) -> str:
        """A name for what is so now, for all that a function can know."""
        told = call.told
        course = [*map(_attributes, told.events), told.attributes]
        self._growing.look(course, walk.known_turns)
        now = Now.of(call, at, who)
        return now.name(call, self._growing.without, walk.people, is_deployed=walk.is_deployed)

    def case(self, action: Mapping[str, object]) -> str:
        """A name for what a function would know of an action that fails now."""
        call = self.placed
        assert call is not None
        legs = [leg.describe() for leg in call.legs]
        return hashed(plain([action, legs, self._growing.without(call.told.attributes)], call))

    # What comes of it.

    def _next(self, walk: Walk, planned: Planned, arrow: Arrow) -> Iterator[Next]:
        """All that may happen where a path has led, and by the way to there."""
        used = walk.disturbances
        if walk.ends == "goes on" and used < self._least.get(arrow.to, used + 1):
            self._least[arrow.to] = used
            for more, deeds in by_disturbances(walk.moments[-1].deeds):
                length = planned.length + 1 + more
                yield Next(length, used + more, next(self._count), deeds, arrow)
        for case, asides in walk.asides.items():
            if asides and case not in self._cases:
                self._cases.add(case)
                same = self._asides.setdefault(asides, asides)
                number, deeds, length = next(self._count), (planned.deed,), planned.length + 1
                yield Next(length, used + 1, number, deeds, planned.before, arrow, same)

    def _judged(self, walk: Walk, place: int, paths: int) -> Iterator[Found]:
        call, explored = walk.call, self.explored
        assert call is not None
        differences, self.differences = self.differences, []
        if not walk.is_deployed:
            return  # what the version before does is not looked at any more
        if walk.ends != "goes on":
            explored.ends[walk.ends] += paths
            if not any(each.how == "is answered late" for d in walk.deeds for each in d.asides):
                quiet = longest_quiet(call.ladder.entries)
                explored.longest_call = max(explored.longest_call, call.ladder.seconds)
                explored.longest_quiet = max(explored.longest_quiet, quiet)
        for turn in call.told.turns[walk.known_turns :]:
            explored.events[str(turn.event["InvocationEventType"])] += paths
            data = cast("Json", turn.event.get("ActionData") or {})
            if "Type" in data:
                what = f"{data['Type']} {data.get('ErrorType', '')}".strip()
                explored.results[what] += paths
        entries = call.ladder.entries[: walk.until]
        for finding in of_walk(walk, call, differences, self._turns, self.unhandled):
            # What differs is of the one that was played.
            times = 1 if finding.rule == "shared-state" else paths
            yield from self._found(finding, walk.deeds, entries, place, times)

    def _found(
        self,
        finding: Finding,
        deeds: Sequence[Deed],
        entries: Sequence[Entry],
        arrow: int,
        paths: int = 1,
    ) -> Iterator[Found]:
        there = self.explored.found.get(finding.same)
        if there is not None:
            there.count += paths
            return
        said = [self.plan.said(deed) for deed in deeds]
        disturbed_by = [each for deed in said for each in deed.disturbances]
        found = Found(finding, [*map(str, said)], disturbed_by, entries, arrow, paths)
        self.explored.found[finding.same] = found
        yield found

    def _draw(self, walk: Walk, planned: Planned) -> Arrow:
        """The arrow that this path ends with; what the service does by the way, and changes
        nothing, is not drawn."""
        call, before, like = walk.call, planned.before, planned.like
        assert call is not None
        boxes, arrows = self.explored.boxes, self.explored.arrows
        boxes.setdefault(START, Box.of(START, "the call begins", {}))
        count = len(walk.choices)
        if len(walk.moments) > count:
            to, title = walk.moments[count].situation, walk.moments[count].at
        else:
            to, title = f"end: {walk.ends}", walk.ends
        entries = call.ladder.entries[walk.since : walk.until]
        if to not in boxes:
            boxes[to] = Box.of(to, title, call.told.attributes)
        start = before.to if before is not None else START
        is_same = like is not None and like.to == to
        place = like.place if like is not None and is_same else len(arrows)
        packed = self._rungs.packed(entries)
        name = boxes[to].name  # equal ones are one
        arrow = Arrow(start, planned.deed, name, before, place, self._rungs, packed)
        if not is_same:
            arrows.append(arrow)
        return arrow

    def _of_others(self) -> Iterator[Found]:
        """What another environment answers otherwise."""
        fresh = self.chance.fresh
        for told, reply in self.elsewhere.different(self.function, fresh) if fresh else ():
            what = Difference(told.event, reply, told.reply, IN_ANOTHER)
            alike = shared(replace(what, when=HERE)).evidence  # the other sign of the same
            finding = replace(shared(what), alike=alike)
            there = self.explored.found.get(finding.same)
            if there is None or len(there.story) > len(told.deeds):
                self.explored.found.pop(finding.same, None)
                yield from self._found(finding, told.deeds, told.entries, -1)

    def _is_judged(self, arrow: Arrow) -> bool:
        return not self.plan.after or any(deed.does == "deployment" for deed in arrow.story)

    def _loops(self) -> Iterator[Found]:
        arrows = self.explored.arrows
        is_updated = bool(self.plan.updates or self.known.is_updated)
        judged = [arrow for arrow in arrows if self._is_judged(arrow)]
        found = [*loops(judged, self._title, is_updated=is_updated)]
        silent = ((at, last) for at, last in self._silent.items() if self._is_judged(last))
        found += silences(judged, silent, is_updated=is_updated)
        plan = self.plan
        self.plan = replace(plan, faults=2 * LONG_EVENTS)  # it fails again and again
        for around in retried(judged):
            if self._followed(around) is None:
                failed = around[0]
                found.append((retry(self._title(failed.start), failed.deed.what), failed))
        self.plan = plan
        for finding, last in found:
            yield from self._found(finding, last.story, last.ladder, last.place)

    def _ends_of_cycles(self, is_over: Callable[[], bool]) -> Iterator[Next]:
        """Where whoever does nothing comes to when they go round for long: what counts may be the
        Sequence of events, the clock, or an attribute of which no more is looked at."""
        for around in cycles([*filter(self._is_judged, self.explored.arrows)]):
            before = around[-1]
            if before in self._went_round or is_over():
                continue
            self._went_round.add(before)
            if (by := self._followed(around)) is not None:
                yield Next(len(by.way) - 1, 0, next(self._count), (by.deed,), by.before)

    def _followed(self, around: Sequence[Arrow]) -> Arrow | None:
        """By what whoever goes round for long first comes to somewhere else."""
        before = around[-1]
        for arrow in islice(cycle(around), _how_often(around)):
            before = replace(arrow, packed=b"", before=before)
        way = before.way
        walk = Planned(0, before.deed, before.before).walk(self)
        walk.is_told = True
        pairs = zip_longest(self._played(walk).moments, way)
        self.explored.told += walk.told
        return next((by for at, by in pairs if at is None or at.situation != by.to), None)

    def _title(self, situation: str) -> str:
        return self.explored.boxes[situation].title


def _forget(walk: Walk) -> None:
    """What a call was told goes at once, and not when somebody looks for circles."""
    if (call := walk.call) is not None:
        for kept in (call.told.turns, call.told.events, call.told.replies, call.ladder.entries):
            kept.clear()


def _how_often(around: Sequence[Arrow]) -> int:
    """How many events are long, where so many take their time."""
    times = [[entry.time for entry in arrow.entries] for arrow in around]
    seconds = sum(max(each) - min(each) for each in times if each)
    return min(LONG_EVENTS, ceil(LONG_SECONDS * len(around) / max(seconds, 0.1)))


def _attributes(event: Json) -> Json:
    details = cast("Json", event["CallDetails"])
    return cast("Json", details.get("TransactionAttributes") or {})
