"""What somebody may do while an action runs, as each behaviour says for itself: for exploration.

A call has few moments at which somebody can do something that the function hears of. A behaviour
names what can happen while it runs; that nobody does anything, and that somebody hangs up, goes
without saying.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from offhook.emulator.call.pressable import KEYS, LONGEST, Asked

Does: TypeAlias = Literal[
    "calls", "waits", "presses", "says", "hangs up", "answers", "busy", "declines", "never answers",
    "machine", "intent", "gives up", "meeting ends", "fails", "finds no", "update", "deployment",
]  # fmt: skip
How: TypeAlias = Literal["is delivered twice", "is answered late", "fails"]

FEW = 3
"""So many of those that fit and have more than one key are tried: the shortest, and of the longest
the highest."""
DRAWS = 40


@dataclass(frozen=True, slots=True)
class Aside:
    """What the service does by the way, when nobody else can do anything."""

    to: str
    """The type of an event, or of an action that takes no time."""
    number: int
    """The event's Sequence; of an action, the how manieth of the call it is."""
    how: How = "fails"
    error: str = ""
    """Of an action that fails."""

    def __str__(self) -> str:
        return f"{self.to} {self.error or self.number} {self.how}"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happens: `presses 1`, `busy`, `fails SystemException`."""

    does: Does
    what: str = ""
    asides: Sequence[Aside] = ()
    """What happens by the way, before somebody can do something again."""

    def __str__(self) -> str:
        return ", ".join([f"{self.does} {self.what}".rstrip(), *map(str, self.asides)])

    @property
    def is_passive(self) -> bool:
        """Whether nobody does anything, and nothing happens by the way."""
        return self.does in ("waits", "never answers") and not self.asides

    @property
    def disturbances(self) -> Sequence[str]:
        """What of it is none of what callers and those who are called do."""
        does = [f"{self.does} {self.what}".rstrip()] if self.does in DISTURBANCES else []
        return [*does, *map(str, self.asides)]

    @property
    def alone(self) -> "Deed":
        """The same, and nothing by the way."""
        return replace(self, asides=()) if self.asides else self


DISTURBANCES = ("fails", "finds no", "update", "deployment")


CALLS = Deed("calls")
"""There is a call, before anybody does anything in it."""
PICKS_UP = (
    Deed("answers"),
    Deed("busy"),
    Deed("declines"),
    Deed("never answers"),
    Deed("machine"),
)
"""What comes of a call to somebody."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the application: it says what is worth trying."""

    digits: Sequence[str] = ()
    """Keys that its own routes ask for."""
    intents: Sequence[str] = ()
    """Of bots, beside those that they are scripted with."""
    is_updated: bool = False
    """Whether it answers updates."""


def presses(
    expression: str | None,
    known: Known,
    *,
    fewest: int = 0,
    most: int = 128,
    terminators: Iterable[str] = (),
) -> Sequence[Deed]:
    """Keys that an expression takes, the shortest first and the longest of those that are tried,
    and keys that it does not."""
    return _presses(expression, tuple(known.digits), fewest, most, tuple(terminators))


@lru_cache
def _presses(
    expression: str | None, known: Sequence[str], fewest: int, most: int, terminators: Sequence[str]
) -> Sequence[Deed]:
    asked, ends = Asked(expression, fewest, most, terminators), set(terminators)
    tried = dict.fromkeys(
        [*known, *KEYS, *_lengths(fewest, most), *_drawn(expression), "9" * (fewest - 1)]
    )
    tried.pop("", None)
    good = sorted(filter(asked.fits, tried), key=len) or [*filter(None, [asked.some()])]
    bad = [k for k in tried if len(k) <= most and not ends.intersection(k) and k not in good]
    single = [keys for keys in good if len(keys) == 1 or keys in known]
    longer = [keys for keys in good if keys not in single]
    rest = [keys for keys in longer[FEW - 1 :] if len(keys) <= LONGEST] or longer[FEW - 1 :]
    few = [*longer[: FEW - 1], *sorted(rest, key=lambda keys: (len(keys), keys))[-1:]]
    highest = next(filter(asked.fits, ("9" * min(most, LONGEST), "9" * fewest)), "")
    if highest not in good and len(highest) >= max(map(len, few), default=1):
        few[max(not single, len(few) - 1) :] = [highest]
    chosen = (*single, *few, *dict.fromkeys(bad[:1] + bad[-1:]))
    return tuple(Deed("presses", keys) for keys in chosen)


def _lengths(fewest: int, most: int) -> Iterator[str]:
    for length in dict.fromkeys((fewest, fewest + 1, min(most, LONGEST))):
        if 0 < length <= most:
            yield "1234567890"[:length].ljust(length, "1")


def _drawn(expression: str | None) -> Iterator[str]:
    """Keys that an expression describes, if it can be read."""
    if expression is None:
        return
    import rstr

    draw = rstr.Rstr(random.Random(0))
    try:
        found = {draw.xeger(expression) for _ in range(DRAWS)}
    except Exception:  # what it cannot read: lengths and literals are tried all the same
        return
    keys = (each for each in found if each and set(each) <= set(KEYS))
    yield from sorted(keys, key=lambda each: (len(each), each))
