"""What people do in a call that is explored: those who are called, and how keys are pressed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from offhook.emulator.behaviours.receive_digits import Listener
from offhook.emulator.call.deeds import Deed, Known
from offhook.emulator.call.far_end import FarEnd, LiveCall
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


MEETING_ENDS = Deed("meeting ends")


def there(call: LiveCall) -> list[Leg]:
    """The legs that are still there."""
    return [leg for leg in call.legs if not leg.is_gone]


def can(people: Mapping[str, str | None], leg: Leg, deed: Deed) -> bool:
    """Whether who is on a leg can do that: a machine presses no keys."""
    return deed.does != "presses" or people.get(leg.tag) != "machine"


def of_listener(leg: Leg, known: Known) -> Iterable[Deed]:
    """The keys for which somebody listens on a leg in the background."""
    return leg.listener.may(known) if isinstance(leg.listener, Listener) else ()


def of_legs(
    call: LiveCall, legs: Iterable[Leg], known: Known, people: Mapping[str, str | None]
) -> dict[Deed, Callable[[], object]]:
    """What those on some legs may do, each by itself."""
    options: dict[Deed, Callable[[], object]] = {}
    for leg in legs:
        if leg.is_meeting:
            options[MEETING_ENDS] = partial(call.hang_up, leg, 0, by="network")
            continue
        for deed in of_listener(leg, known):
            if can(people, leg, deed):
                on = replace(deed, what=f"{deed.what} on {leg.tag}")
                options[on] = partial(presses, leg, deed.what)
        options[Deed("hangs up", f"on {leg.tag}")] = partial(call.person_hangs_up, leg)
    return options


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
