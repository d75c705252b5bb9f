"""The same event, when both sides log a line and flush a metric for it, as in use."""

from functools import partial

from benchmarks.answers.watched import quiet, watched
from benchmarks.one_event import APPSYNC, RAW, REST, ways
from benchmarks.table import Section, compared
from benchmarks.turns import Effort, in_process, take_turns


def measure(effort: Effort) -> Section:
    """With an INFO line and a metric for every event, on both sides."""
    with quiet():
        timed = {
            name: in_process(partial(watched(answer), given), effort)
            for name, (answer, given) in ways().items()
        }
        times = take_turns(timed, effort.turns)
    ours = times["ours"]
    return Section(
        "The same, with a line by Powertools Logger and a Powertools metric on both sides",
        [compared(name, ours, times[name]) for name in (RAW, APPSYNC, REST)],
        "A line and a flush cost more than the answer itself, unless it is the last.",
    )
