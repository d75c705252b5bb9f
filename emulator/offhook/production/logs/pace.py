"""How fast voices speak in calls that happened: an estimate for `words_per_minute`, of each voice.

Where a list is one Speak and its success is the next event, the time between is how long it was,
and what the network and the service add. It is an estimate, and never written by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev
from typing import Final, cast

from offhook.emulator.call.audio import speech
from offhook.emulator.call.refused import Refused
from offhook.production.logs.recorded import Exchange, RecordedCall

FEWEST_WORDS: Final = 4
"""A shorter text says little: what is added counts for too much."""
WIDTH: Final = 1.96
"""Of an interval that holds the mean 19 times in 20, in standard errors."""
DEFAULT_VOICE: Final = "Joanna"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one voice speaks."""

    voice: str
    words_per_minute: float
    within: float | None
    """So far off it may be, 19 times in 20; `None` of fewer than three."""
    count: int
    """How many times it spoke."""


def paces(calls: Iterable[RecordedCall]) -> list[Pace]:
    """Of each voice that spoke alone, those that did most often first."""
    found: dict[str, list[float]] = {}
    for call in calls:
        for before, after in zip(call.exchanges, call.exchanges[1:], strict=False):
            for voice, pace in _paces(before, after):
                found.setdefault(voice, []).append(pace)
    made = [_pace(voice, its) for voice, its in found.items()]
    return sorted(made, key=lambda pace: (-pace.count, pace.voice))


def _pace(voice: str, its: list[float]) -> Pace:
    within = WIDTH * stdev(its) / sqrt(len(its)) if len(its) > 2 else None
    return Pace(voice, mean(its), within, len(its))


def _paces(before: Exchange, after: Exchange) -> Iterator[tuple[str, float]]:
    reply = before.reply
    actions = reply.get("Actions") if isinstance(reply, dict) else None
    if not isinstance(actions, list) or len(actions) != 1 or not isinstance(actions[0], dict):
        return
    data, event = after.told.action_data, after.told
    is_its = event.TYPE == "ACTION_SUCCESSFUL" and actions[0].get("Type") == data.get("Type")
    if not is_its or data.get("Type") != "Speak" or not event.leg.is_connected:
        return
    if before.at is None or after.at is None or before.told.ignores_actions:
        return
    seconds = (after.at - before.at).total_seconds() - (before.seconds or 0.0)
    given = cast("dict[str, object]", actions[0].get("Parameters") or {})
    kind = str(given.get("TextType") or "text")
    try:
        clip = speech(str(given.get("Text") or ""), kind, 60)
    except Refused:
        return
    words = len(clip.text.split())
    spoken = seconds - (clip.seconds - words)  # at 60 words a minute, each is a second
    if words >= FEWEST_WORDS and spoken > 0:
        yield str(given.get("VoiceId") or DEFAULT_VOICE), words * 60 / spoken
