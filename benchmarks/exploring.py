"""Exploration of this repository's flows, path by path, beside whole calls that a person plays."""

import logging
from collections.abc import Generator
from contextlib import closing, contextmanager
from statistics import median
from time import process_time

from benchmarks.answers.event import DESK, play
from benchmarks.answers.offhook_router import router
from benchmarks.table import Section, compared, limited
from benchmarks.turns import Effort, Timed, Times, take_turns
from flows.app import lambda_handler
from offhook.emulator.call.deeds import Known
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.plan import Plan
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.service.config import load
from offhook.emulator.service.usual import MONDAY_AT_TEN
from offhook.emulator.testing import Phone

EVENTS = 4
"""Of a path, as it is counted here: a longer one counts for more."""
CALLS = 100
"""In a turn, which take about as long as an exploration."""


def measure(effort: Effort) -> Section:
    """All paths of each number of the flows, on a Monday at ten."""
    desk = load()
    with Phone(router, desk=DESK) as phone, _in_silence():
        timed: dict[str, Timed] = {
            **{number: _exploring(number) for number in desk.numbers},
            "whole call": _calling(phone, 1 if effort.is_once else CALLS),
        }
        times = take_turns(timed, effort.turns)
    call = times.pop("whole call")
    path = [sum(turn) / len(times) for turn in zip(*times.values(), strict=True)]
    return Section(
        f"A path of {EVENTS} events, explored, of this repository's flows",
        [
            limited("the clock", path, limit=1e-3),
            compared("a whole call of 3 events, played by a person", path, call),
        ],
        _note(times, call),
    )


def _calling(phone: Phone, calls: int) -> Timed:
    def timed() -> float:
        began = process_time()
        for _ in range(calls):
            play(phone)
        return (process_time() - began) / calls

    return timed


def _exploring(number: str) -> Timed:
    """Seconds of the processor for a path of so many events: an exploration takes longer than
    others let it have the processor."""

    def timed() -> float:
        plan = Plan(number=number, at=MONDAY_AT_TEN, seconds=None)
        function = InProcess(lambda_handler)
        with closing(function), closing(Explorer(load(), plan, function, Known())) as explorer:
            began = process_time()
            explored = explorer.run()
            return (process_time() - began) / explored.told * EVENTS

    return timed


@contextmanager
def _in_silence() -> Generator[None]:
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _note(times: dict[str, Times], call: Times) -> str:
    each = ", ".join(f"{1 / median(row):,.0f} ({number[-3:]})" for number, row in times.items())
    return (
        f"Paths a second on one core: {each}; whole calls a second: {1 / median(call):,.0f}. "
        "What a call costs is in it: a path plays what comes before it anew, so that what a "
        "function keeps between calls shows. That an event comes again, or names another error, is "
        "asked where a path has ended: answered alike it is a path, too, and not played."
    )
