"""What is explored: each number of a function, in and out, at each moment that matters."""

import atexit
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from signal import SIG_IGN, SIGINT, signal
from threading import Lock, Thread
from typing import TypeAlias

from offhook.emulator.explore.application import Application
from offhook.emulator.explore.chance import Chance
from offhook.emulator.explore.deployed import Before, before
from offhook.emulator.explore.explored import Explored, Found, Told
from offhook.emulator.explore.explorer import TELL_SECONDS, Explorer
from offhook.emulator.explore.fresh import fresh
from offhook.emulator.explore.hushed import hushed
from offhook.emulator.explore.moments import Late, Questions, apart
from offhook.emulator.explore.options import Options, at_the_first, plans, way
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.function import Function
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.names import URLS
from offhook.emulator.function.reach import reach
from offhook.emulator.function.sources import application
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.config_file import ConfigError
from offhook.emulator.service.usual import MONDAY_AT_TEN


@dataclass
class Result:
    """What came of one function, all of its numbers together."""

    function: str
    explored: list[Explored] = field(default_factory=list[Explored])
    routes: dict[str, str] = field(default_factory=dict[str, str])
    """Its routes, and where they are, as far as they can be known."""
    taken: set[str] = field(default_factory=set[str])
    is_week_over: bool = True
    """Whether it was asked at every moment of a week, where it may answer otherwise."""
    known: Set[object] = frozenset()
    """Findings of a baseline, by what makes two of them one: they do not count."""

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
        return self.is_played and not self.counts["lack"]

    @property
    def is_played(self) -> bool:
        """Whether every path was played to its end, at every moment that is another."""
        is_played = bool(self.explored) and all(each.is_complete for each in self.explored)
        return is_played and self.is_week_over

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each weight, without those that are known."""
        found = (each.finding for each in self.found)
        return Counter(each.weight for each in found if each.known_by not in self.known)

    @property
    def exit_code(self) -> int:
        """1 with faults; 2 with none so far; 0 where all is explored, and there is none."""
        if self.counts["fault"]:
            return 1
        return 0 if self.is_complete else 2


def chosen(desk: Desk, to: str | None = None) -> list[SipMediaApplication]:
    """The applications of a desk; with `to`, that with this number alone. Raises `ConfigError`."""
    applications = desk.sip_media_applications
    if to is None:
        return [*applications]
    row = [
        each.model_copy(update={"numbers": (to,)}) for each in applications if to in each.numbers
    ]
    if not row:
        ours = ", ".join(number for each in applications for number in each.numbers)
        raise ConfigError(f"{to} is none of our numbers: they are {ours}")
    return row


@dataclass(frozen=True)
class Job:
    """A function of a desk, to be explored in any process."""

    desk: Desk
    function: "Of"
    was: Before | None = None
    """What it was like before, where a deployment is planned."""

    def explore(self, plan: Plan, tell: Callable[[Told], object]) -> tuple[Explored, set[str]]:
        """One number at one moment, and the routes that were taken."""
        with ExitStack() as stack:
            stack.enter_context(hushed())
            its = stack.enter_context(_opened(self.desk, self.function, cold=True))
            older = None
            if self.was is not None and plan.after and isinstance(self.function, str):
                older = stack.enter_context(closing(self.was.reach(self.desk, self.function)))
            explorer = Explorer(self.desk, plan, its.function, its.known(), older)
            explorer.unhandled = its.unhandled
            if name := _importable(self.function):
                explorer.chance = Chance(partial(fresh, *self.desk.named(name)))
            stack.enter_context(closing(explorer))
            began = time.monotonic()
            explored = explorer.run(tell, is_enough=_is_enough)
        if plan.like and explored.is_complete:
            self._tell_apart(explored, explorer.questions, began)
        return explored, its.taken

    def _tell_apart(self, explored: Explored, questions: Questions, began: float) -> None:
        """The moments that were to be like its own: half of the time that is left is theirs."""
        plan, now = explored.plan, time.monotonic()
        is_late = Late(None if plan.seconds is None else (plan.seconds - (now - began)) / 2)
        with hushed(), _opened(self.desk, self.function, cold=True) as its:
            _, *explored.others = apart(its.function, questions, plan.at, plan.like, is_late)
        explored.is_week_over = not is_late.was


ASKING = 0.25
"""The part of its seconds in which it is asked when it begins otherwise."""
ALONE_SECONDS = 3.0
"""So long no other process is worth its start."""
WEIGHTS = ("fault", "waste", "advice", "lack")


def explore(
    desk: Desk,
    application: SipMediaApplication,
    options: Options,
    *,
    tell: Callable[[Told], object] = lambda _told: None,
    handler: Callable[..., object] | None = None,
) -> Result:
    """All of one function: a process for each core, where there is that much to do; a `handler` of
    this process answers for it, and stays here. Each finding is told once, when it is found. Raises
    `FunctionNotFound`."""
    result = Result(application.function)
    of = handler or application.function
    said: set[object] = set()

    def once(told: Told) -> None:
        if isinstance(told, Found):
            if told.finding.same in said:
                return
            said.add(told.finding.same)
        tell(told)

    with _was(desk, application.function, options.after) as was:
        with _opened(desk, of) as its:
            result.routes = its.routes
            is_late = Late(options.seconds and options.seconds * ASKING)
            row: list[Plan] = [*plans(desk, application, its, options, is_late)]
            result.is_week_over = not is_late.was
        began, ways = time.monotonic(), [*map(way, row)]
        while row:
            now, row = row, []
            for explored, taken in _explored(Job(desk, of, was), now, once, began):
                result.explored.append(explored)
                result.taken |= taken
                result.is_week_over &= explored.is_week_over
                for moments in explored.others:
                    row += at_the_first(moments, explored.plan, options)

    def place(explored: Explored) -> tuple[object, ...]:
        plan = explored.plan
        return ways.index(way(plan)), plan.at != MONDAY_AT_TEN, plan.at, plan.after

    result.explored.sort(key=place)
    return result


def explore_apart(
    desk: Desk, function: str, plan: Plan, tell: Callable[[Told], object]
) -> Explored:
    """One number at one moment, in a process of its own: whatever the function does there, it does
    not do it here, and what it prints is thrown away. What `tell` raises breaks it off. Raises
    `FunctionNotFound`."""
    ends = None if plan.seconds is None else time.monotonic() + plan.seconds
    ((explored, _taken),) = _elsewhere(Job(desk, function), [plan], ends, tell, is_quiet=True)
    return explored


Of: TypeAlias = str | Callable[..., object]
"""The name of a function, or a handler of this process."""


def _importable(of: Of) -> str:
    """The name by which a new environment has it; empty where none can be started."""
    if isinstance(of, str):
        return "" if of.startswith(URLS) else of
    modules = ((name, vars(sys.modules[name]).items()) for name, _ in application())
    return next((f"{name}:{its}" for name, has in modules for its, value in has if value is of), "")


def _was(desk: Desk, name: str, after: str) -> AbstractContextManager[Before | None]:
    return before(after, desk.named(name)[0]) if after else nullcontext()


@contextmanager
def _opened(desk: Desk, of: Of, *, cold: bool = False) -> Generator[Application]:
    """The function, to be asked and closed; `cold` as in a new environment."""
    if not isinstance(of, str):
        its: AbstractContextManager[Function] = closing(InProcess(of, desk.named("")[1]))
    elif cold:
        its = fresh(*desk.named(of))
    else:
        its = closing(reach(*desk.named(of)))
    with its as function, closing(Application(function)) as application:
        yield application


def _explored(
    job: Job, plans: Sequence[Plan], tell: Callable[[Told], object], began: float
) -> Iterator[tuple[Explored, set[str]]]:
    """Here, as long as that is quick; then the rest in processes of their own."""
    seconds = plans[0].seconds if plans else None
    ends = None if seconds is None else began + seconds
    if len(plans) <= 1 or not isinstance(job.function, str):
        for done, plan in enumerate(plans):
            yield job.explore(_within(plan, ends, len(plans) - done), tell)
        return
    rest: list[Plan] = []
    alone = began + min(ALONE_SECONDS, ALONE_SECONDS if seconds is None else seconds)
    for plan in plans:
        if time.monotonic() < alone:
            quick = replace(plan, seconds=alone - time.monotonic())
            explored, taken = job.explore(quick, tell)
            if explored.is_complete and explored.is_week_over:
                yield explored, taken
                continue
        rest.append(plan)
    yield from _elsewhere(job, rest, ends, tell)


def _elsewhere(
    job: Job,
    plans: Sequence[Plan],
    ends: float | None,
    tell: Callable[[Told], object],
    *,
    is_quiet: bool = False,
) -> Iterator[tuple[Explored, set[str]]]:
    """In processes of their own, which end as soon as nobody wants more."""
    if not plans:
        return
    context = get_context("spawn")
    workers = min(os.cpu_count() or 1, len(plans))
    enough = context.Event()
    told: SimpleQueue[Told] = context.SimpleQueue()
    begins = (enough, told, is_quiet)
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=begins)
    try:
        jobs = {
            pool.submit(_explore_there, job, plan, ends, -(-(len(plans) - before) // workers))
            for before, plan in enumerate(plans)
        }
        while jobs:
            done_now, jobs = wait(jobs, timeout=TELL_SECONDS)
            while not told.empty():
                tell(told.get())
            yield from (each.result() for each in done_now)
    finally:  # also where somebody has had enough: nobody goes on, and functions are closed
        enough.set()
        pool.shutdown(cancel_futures=True)


def _within(plan: Plan, ends: float | None, rounds: int) -> Plan:
    """The plan, with its share of the time that is left, where so many follow one another."""
    if ends is None:
        return plan
    return replace(plan, seconds=max(0.0, ends - time.monotonic()) / rounds)


_enough: Event | None = None
"""In a process of its own: whether it is to end."""
_told: "SimpleQueue[Told] | None" = None
"""There too: who hears what it tells."""
_busy = Lock()
"""There too: held while something is explored."""


def _explore_there(
    job: Job, plan: Plan, ends: float | None, rounds: int
) -> tuple[Explored, set[str]]:
    assert _told is not None
    with _busy:
        return job.explore(_within(plan, ends, rounds), _told.put)


def _begin(enough: Event, told: "SimpleQueue[Told]", is_quiet: bool) -> None:
    """A process begins: it ends with the one that began it, and not by Ctrl-C, which that one
    hears as well."""
    global _enough, _told
    _enough, _told = enough, told
    if is_quiet:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
    signal(SIGINT, SIG_IGN)
    atexit.register(gc.freeze)  # it ends at once, and does not look for what it could free
    Thread(target=_end_with_it, args=(enough,), daemon=True).start()


def _end_with_it(enough: Event) -> None:
    main = parent_process()
    if main is not None:
        main.join()
        enough.set()
        with _busy:  # its functions are closed
            os._exit(1)


def _is_enough() -> bool:
    return _enough is not None and _enough.is_set()
