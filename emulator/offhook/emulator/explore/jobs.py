"""What is explored: each number of a function, in and out, at each moment that matters."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from os import cpu_count

from offhook.emulator.explore.application import Application
from offhook.emulator.explore.explorer import Explored, Explorer, Found
from offhook.emulator.explore.moments import moments
from offhook.emulator.explore.plan import Plan
from offhook.emulator.findings.finding import Finding
from offhook.emulator.function.reach import reach
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.usual import A_CALLER, MONDAY_AT_TEN


@dataclass(frozen=True, kw_only=True)
class Options:
    """What somebody asked for."""

    at: Sequence[datetime] = ()
    """When calls come; found, where nothing is said."""
    from_: str = A_CALLER
    sip_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    inbound: bool = True
    outbound: bool = False
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    updates: Sequence[Mapping[str, str]] = ()
    faults: int = 1
    seconds: float | None = 60.0


@dataclass
class Result:
    """What came of one function, all of its numbers together."""

    function: str
    explored: list[Explored] = field(default_factory=list[Explored])
    routes: dict[str, str] = field(default_factory=dict[str, str])
    """Its routes, and where they are, as far as they can be known."""
    taken: set[str] = field(default_factory=set[str])

    @property
    def found(self) -> list[Found]:
        """Each finding once, the heaviest first, with the shortest of its stories."""
        all_of_them: dict[object, Found] = {}
        for explored in self.explored:
            for key, found in explored.found.items():
                there = all_of_them.get(key)
                count = found.count + (there.count if there is not None else 0)
                shortest = min(filter(None, (there, found)), key=lambda one: len(one.story))
                all_of_them[key] = replace(shortest, count=count)
        return sorted(all_of_them.values(), key=lambda one: WEIGHTS.index(one.finding.weight))

    @property
    def is_complete(self) -> bool:
        """Whether every path was played to its end, and the desk lacked nothing."""
        lacks = any(found.finding.weight == "lack" for found in self.found)
        return not lacks and all(each.is_complete for each in self.explored)

    @property
    def exit_code(self) -> int:
        """1 with faults; 2 with none so far; 0 where all is explored, and there is none."""
        if any(found.finding.weight == "fault" for found in self.found):
            return 1
        return 0 if self.is_complete else 2


ALONE_SECONDS = 3.0
"""So long no other process is worth its start."""
WEIGHTS = ("fault", "lack", "waste", "advice")


def explore(
    desk: Desk,
    application: SipMediaApplication,
    options: Options,
    *,
    tell: Callable[[Finding], object] = lambda _finding: None,
) -> Result:
    """All of one function: a process for each core, where there is that much to do. Raises
    `FunctionNotFound`."""
    result = Result(application.function)
    with _opened(desk, application.function) as its:
        result.routes = its.routes
        plans = [*_plans(desk, application, its, options)]
    said: set[object] = set()
    for explored, taken in _explored(desk, application.function, plans):
        result.explored.append(explored)
        result.taken |= taken
        for key, found in explored.found.items():
            if key not in said:
                said.add(key)
                tell(found.finding)
    return result


@contextmanager
def _opened(desk: Desk, name: str) -> Generator[Application]:
    """The function, to be asked and closed."""
    function = reach(*desk.named(name))
    application = Application(function)
    try:
        yield application
    finally:
        application.close()
        function.close()


def _plans(
    desk: Desk, application: SipMediaApplication, its: Application, options: Options
) -> Iterator[Plan]:
    for number in application.numbers:
        for is_outbound in (False, True):
            if not (options.outbound if is_outbound else options.inbound):
                continue
            plan = Plan(
                number=number,
                at=options.at[0] if options.at else MONDAY_AT_TEN,
                from_=options.from_,
                sip_headers=options.sip_headers,
                is_outbound=is_outbound,
                arguments=options.arguments,
                updates=options.updates,
                faults=options.faults,
                seconds=options.seconds,
            )
            for at in options.at or _moments(desk, plan, its):
                yield replace(plan, at=at)


def _moments(desk: Desk, plan: Plan, its: Application) -> Sequence[datetime]:
    with closing(Explorer(desk, plan, its.function, its.known())) as explorer:
        return moments(explorer.first_reply, plan.at)


def _explored(desk: Desk, name: str, plans: Sequence[Plan]) -> Iterator[tuple[Explored, set[str]]]:
    """Here, as long as that is quick; then the rest in processes of their own."""
    began = time.monotonic()
    rest = list(plans)
    while rest and (time.monotonic() - began < ALONE_SECONDS or len(rest) == 1):
        yield explore_one(desk, name, _within(rest.pop(0), began, 1))
    if not rest:
        return
    workers = min(cpu_count() or 1, len(rest))
    share = -(-len(rest) // workers)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(explore_one, desk, name, _within(plan, began, share)) for plan in rest]
        for job in as_completed(jobs):
            yield job.result()


def _within(plan: Plan, began: float, share: int) -> Plan:
    """The plan, with its share of the time that is left."""
    if plan.seconds is None:
        return plan
    left = plan.seconds - (time.monotonic() - began)
    return replace(plan, seconds=max(1.0, left / share))


def explore_one(desk: Desk, name: str, plan: Plan) -> tuple[Explored, set[str]]:
    """One number at one moment, and the routes that were taken."""
    logging.disable(logging.CRITICAL)  # of calls that nobody will make
    try:
        with (
            _opened(desk, name) as its,
            closing(Explorer(desk, plan, its.function, its.known())) as explorer,
        ):
            return explorer.run(), its.taken
    finally:
        logging.disable(logging.NOTSET)
