"""What people do in a call that is explored: those who are called, and how keys are pressed."""

from collections.abc import Callable, Mapping

from offhook.emulator.call.far_end import FarEnd
from offhook.emulator.call.ladder import Entry
from offhook.emulator.call.leg import Leg
from offhook.emulator.service.far_ends import Answers, NeverAnswers, Rejects, Voicemail

SOON = 0.25
"""Seconds into an action at which something happens in it."""
QUIET = 0.5
"""Seconds of quiet after a prompt, before somebody presses a key."""
BETWEEN_KEYS = 0.25

PEOPLE: Mapping[str, FarEnd] = {
    "answers": Answers(after=1.0),
    "busy": Rejects(486),
    "declines": Rejects(603),
    "never answers": NeverAnswers(),
    "machine": Voicemail(after=2.0, listens=20.0),
}
"""Whoever is called, by what they do."""


def presses(leg: Leg, keys: str) -> None:
    """One after the other, as long as somebody is there."""
    for index, key in enumerate(keys):
        leg.loop.call_later(index * BETWEEN_KEYS, _presses, leg, key)


def _presses(leg: Leg, key: str) -> None:
    if leg.is_connected:
        leg.presses(key)


def after_the_prompt(leg: Leg, then: Callable[[], None]) -> None:
    """Do something when the next thing that is heard on a leg is over, and it has been quiet."""
    is_done = False

    def look(entry: Entry) -> None:
        nonlocal is_done
        if entry.kind == "cut" and entry.leg == leg.tag and not is_done:
            is_done = True
            leg.loop.call_later(QUIET, then)

    leg.ladder.watchers.append(look)
