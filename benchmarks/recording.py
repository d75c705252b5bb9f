"""What it costs to record a call: an event that is written down as nobody's, beside one that is
not."""

from functools import partial

from benchmarks.answers.event import menu_done
from benchmarks.answers.offhook_router import router
from benchmarks.table import Section, compared, limited
from benchmarks.turns import Effort, in_process, take_turns
from offhook.handler import Event, Reply, record
from offhook.handler.events import parse


def measure(effort: Effort) -> Section:
    """The event of `one_event`, through the hook of `router.around()` and without it."""
    event = parse(menu_done())
    written: list[str] = []

    def keep(line: str) -> None:
        written[:] = [line]

    def answer(event: Event) -> Reply:
        return router.routes.find(event).function(event)  # type: ignore[union-attr]

    with_it = record("a key", write=keep)
    of_others = record("a key", share=0.0, write=keep)
    timed = {
        "recorded": in_process(partial(with_it, event, answer), effort),
        "of another call": in_process(partial(of_others, event, answer), effort),
        "not recorded": in_process(partial(answer, event), effort),
    }
    times = take_turns(timed, effort.turns)
    more = [a - b for a, b in zip(times["recorded"], times["not recorded"], strict=True)]
    return Section(
        "An event that is recorded for a replay",
        [
            compared("the same without the recorder", times["recorded"], times["not recorded"]),
            compared(
                "of a call that is not of the share",
                times["of another call"],
                times["not recorded"],
            ),
            limited("what is added", more, limit=500e-6),
        ],
        "The flow alone is measured, without the router: what is added is for reading what is a "
        "caller's, JSON, and other words in it.",
    )
