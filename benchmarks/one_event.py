"""One ACTION_SUCCESSFUL in, two actions out: ours beside the ways that people write it today."""

from functools import partial
from statistics import median
from typing import TypeAlias

from benchmarks.answers import appsync_resolver, offhook_router, raw_dicts, rest_resolver
from benchmarks.answers.event import Answer, Event, menu_done
from benchmarks.table import Section, compared, duration
from benchmarks.turns import Effort, in_process, take_turns

RAW = "if and elif on raw dicts"
APPSYNC = "AppSyncEventsResolver, unchecked"
REST = "APIGatewayRestResolver, checked"

Way: TypeAlias = tuple[Answer, Event]
"""A function, and what it is given."""


def ways() -> dict[str, Way]:
    """Four functions, each with the same event in its own wrapping."""
    event = menu_done()
    found: dict[str, Way] = {
        "ours": (offhook_router.answer, event),
        RAW: (raw_dicts.answer, event),
        APPSYNC: (appsync_resolver.answer, appsync_resolver.invocation(event)),
        REST: (rest_resolver.answer, rest_resolver.invocation(event)),
    }
    replies = {name: answer(given) for name, (answer, given) in found.items()}
    replies[APPSYNC] = appsync_resolver.reply_in(replies[APPSYNC])
    replies[REST] = rest_resolver.reply_in(replies[REST])
    for name, reply in replies.items():
        if reply != replies["ours"]:
            raise AssertionError(f"{name} answers {reply}, and ours {replies['ours']}")
    return found


def measure(effort: Effort) -> Section:
    """Without logs and metrics."""
    timed = {
        name: in_process(partial(answer, given), effort) for name, (answer, given) in ways().items()
    }
    timed["the actions alone"] = in_process(offhook_router.two_actions, effort)
    times = take_turns(timed, effort.turns)
    ours, actions = times["ours"], duration(median(times["the actions alone"]))
    return Section(
        "One event: ACTION_SUCCESSFUL of a menu, answered with two actions",
        [
            compared(RAW, ours, times[RAW]),
            compared(APPSYNC, ours, times[APPSYNC], aim=1),
            compared(REST, ours, times[REST], aim=1 / 8),
        ],
        f"Of ours, {actions} make, check and write the two actions; the rest reads the event, "
        "finds the function and checks the reply. The checked resolver also reads and writes "
        "JSON text, because that is what API Gateway gives it.",
    )
