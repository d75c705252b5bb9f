"""The same event, when both sides log a line and count it, as in use."""

from functools import partial
from statistics import median

from benchmarks.answers.watched import as_in_lambda, line_and_flush, quiet, watched
from benchmarks.one_event import APPSYNC, RAW, REST, ways
from benchmarks.table import Section, compared, duration, limited
from benchmarks.turns import Effort, Timed, in_process, take_turns


def measure(effort: Effort) -> Section:
    """With an INFO line and metrics for every event, on both sides."""
    found = ways()
    answer, event = found.pop("ours")
    ours = partial(answer, event)
    timed = {
        "ours": _in_lambda(in_process(ours, effort)),
        "silent": in_process(ours, effort),
    }
    with quiet():
        timed["line and flush"] = in_process(line_and_flush(), effort)
        for name, (answer, given) in found.items():
            timed[name] = in_process(partial(watched(answer), given), effort)
        times = take_turns(timed, effort.turns)
    told = [loud - silent for loud, silent in zip(times["ours"], times["silent"], strict=True)]
    best = min(times["ours"]) - min(times["silent"])
    return Section(
        "The same, with a line in the log and metrics on both sides",
        [
            compared("what Powertools takes for a line and a flush", told, times["line and flush"]),
            limited("our line, which is the metrics too", [best], limit=40e-6),
            *(compared(name, times["ours"], times[name]) for name in (RAW, APPSYNC, REST)),
        ],
        "Ours is one line, by Powertools' formatter, that is the metrics as well. It is added to "
        f"the {duration(median(times['silent']))} that the event takes.",
    )


def _in_lambda(timed: Timed) -> Timed:
    def run() -> float:
        with as_in_lambda():
            return timed()

    return run
