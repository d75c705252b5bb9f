"""Whole calls in virtual time, beside a coroutine on the same loop that does the bare minimum."""

from collections.abc import Mapping
from statistics import median

from benchmarks.answers.event import DESK, events, play
from benchmarks.answers.offhook_router import answer, router
from benchmarks.bare_call import BareCall, checked, direct
from benchmarks.table import Section, compared
from benchmarks.turns import Effort, Times, in_process, ratio, take_turns
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.testing import Phone


def measure(effort: Effort) -> Section:
    """Calls of a few seconds: welcome, menu, a key, goodbye."""
    told = events()
    loop = VirtualLoop()
    with Phone(router, desk=DESK) as phone:
        work = {
            "ours": lambda: play(phone),
            "bare": BareCall(loop, direct(loop, answer, told)).play,
            "checked": BareCall(loop, checked(router, told)).play,
            "loop alone": BareCall(loop, direct(loop, _nothing, told)).play,
            "function": lambda: [answer(event) for event in told],
            "new phone": _with_a_new_phone,
        }
        timed = {name: in_process(one, effort) for name, one in work.items()}
        times = take_turns(timed, effort.turns)
    loop.close()
    ours = times["ours"]
    return Section(
        "A whole call: welcome, menu, a key, goodbye; three invocations",
        [
            compared("a coroutine on a bare virtual loop", ours, times["bare"], aim=3),
            compared("the same, with JSON and all checks", ours, times["checked"]),
        ],
        _note(times),
    )


def _note(times: Mapping[str, Times]) -> str:
    ours, bare, new = (_per_second(times[name]) for name in ("ours", "bare", "new phone"))
    whole = median(times["ours"])
    of_asyncio, of_function = (median(times[name]) / whole for name in ("loop alone", "function"))
    floor = ratio(times["checked"], times["bare"])
    return (
        f"{ours} calls a second ({new} with a new Phone for each, as in a test), bare {bare}. Of "
        f"ours, asyncio itself is {of_asyncio:.0%} and the function {of_function:.0%}. The floor "
        f"of a service is {floor:.1f} times the bare coroutine: JSON both ways, as between two "
        "machines, and every reply and action checked. The rest is the legs, the action list, the "
        "events, the ladder, and the person who listens."
    )


def _per_second(times: Times) -> str:
    return f"{1 / median(times):,.0f}"


def _nothing(_event: object) -> None:
    """A function that takes no time."""


def _with_a_new_phone() -> None:
    with Phone(router, desk=DESK) as phone:
        play(phone)
