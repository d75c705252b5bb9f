"""When a line answers otherwise: found within a week by asking, not given."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import gcd, inf
from typing import TypeAlias, cast

from offhook.emulator.as_json import text_of, value_of
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.alike import Alike
from offhook.emulator.explore.situation import Json, moved, without_stamps
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.moment import MOMENT

STEP = timedelta(minutes=30)
MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
"""The week begins here, a Monday in UTC, two weeks before clocks change anywhere large."""
WEEK = [MONDAY + step * STEP for step in range(timedelta(days=7) // STEP)]
MOST = 6
"""So many moments at which nothing but the words differ are explored."""
BY_TURNS = 24
"""So many events of a kind are asked by turns: each of them twelve hours later again. So rarely
those that do not look at the moment are asked, too: what looks may not be known."""

_WORDS = re.compile(r'"Text":"(?:[^"\\]|\\.)*"')

Apart: TypeAlias = list[list[datetime]]
"""Moments at which calls go alike, as far as is known, together."""


class Late:
    """Whether a time is over, from now on."""

    def __init__(self, seconds: float | None) -> None:
        """`None` is never over."""
        self._until = inf if seconds is None else time.monotonic() + seconds
        self.was = False
        """Whether somebody asked, and it was."""

    def __call__(self) -> bool:
        self.was = self.was or time.monotonic() >= self._until
        return self.was


class Questions:
    """What a function was told, and could be asked again. Events of a kind (the same thing
    happened, and actions of the same types answered it) take turns: together they are asked all of
    the week."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._kinds: dict[object, list[bytes]] = {}
        self._texts = Alike()

    def note(self, key: str, event: Json, invoked: Invoked, *, is_disturbed: bool) -> None:
        """An event that `key` tells apart. One that fails is mended first; of calls that are
        disturbed those count that are known to have the function look at the clock."""
        if key in self._known or invoked.error:
            return
        if is_disturbed and not invoked.looked_at_the_clock:
            return
        self._known.add(key)
        data = cast("Json", event.get("ActionData") or {})
        came = (data.get(name) for name in ("Type", "ReceivedDigits", "ErrorType"))
        kind = (event["InvocationEventType"], *came, *_types(invoked.reply))
        events = self._kinds.setdefault(kind, [])
        if len(events) < BY_TURNS:
            events.append(self._texts.packed(text_of(event)))

    def at(self, turn: int) -> Iterator[bytes]:
        """One of each kind, packed."""
        for events in self._kinds.values():
            yield events[turn % len(events)]

    def event(self, packed: bytes) -> Json:
        """An event as it was told."""
        return cast("Json", value_of(self._texts.text(packed)))


def apart(
    function: Function,
    questions: Questions,
    usual: datetime,
    moments: Sequence[datetime],
    is_late: Callable[[], bool] = lambda: False,
) -> Apart:
    """First the moments at which all is answered as at the `usual` one; then those at which
    something is not, by what it is and how it differs. Of those at which the words alone differ a
    few are enough. Not asked is what comes when it `is_late`, and not counted what is answered in
    two ways at the usual moment, too."""
    with closing(VirtualLoop()) as loop:
        task = loop.create_task(_Asking(function, questions, usual).apart(moments, is_late))
        task.add_done_callback(lambda _: loop.noticed())
        loop.run(task.done)
        return task.result()


@dataclass(frozen=True)
class _Usual:
    """What is answered at the usual moment."""

    reply: str | None
    """`None` where it is not the same each time."""
    looks: bool
    """Whether the moment is looked at: by the clock, as far as is known, or by when the call began,
    without which it is answered otherwise."""


class _Asking:
    def __init__(self, function: Function, questions: Questions, usual: datetime) -> None:
        self._function = function
        self._questions = questions
        self._usual = usual
        self._known: dict[bytes, _Usual] = {}

    async def apart(self, moments: Sequence[datetime], is_late: Callable[[], bool]) -> Apart:
        alike: list[datetime] = []
        groups: dict[object, list[datetime]] = {}
        said: Counter[object] = Counter()
        for at in sorted(moments, key=_how_fine):
            if is_late():
                break
            different = await self._different(at)
            if different is None:
                alike.append(at)
                continue
            place, reply = different
            shape = place, _WORDS.sub("", reply)
            if different in groups or said[shape] < MOST:
                said[shape] += different not in groups
                groups.setdefault(different, []).append(at)
        return [sorted(alike), *sorted(map(sorted, groups.values()))]

    async def _different(self, at: datetime) -> tuple[bytes, str] | None:
        """The first event that is answered otherwise, and how."""
        turn = _turn(at)
        for kind, event in enumerate(self._questions.at(turn)):
            usual = await self._usually(event)
            if usual.reply is None or not (usual.looks or (turn + kind) % BY_TURNS == 0):
                continue
            reply = await self._reply(event, at)
            if reply != usual.reply:
                if usual.reply == await self._reply(event, self._usual):
                    return event, reply
                self._known[event] = replace(usual, reply=None)
        return None

    async def _usually(self, event: bytes) -> _Usual:
        known = self._known.get(event)
        if known is None:
            first = await self._reply(event, self._usual)
            looks = self._looked is not False or first != await self._reply(
                event, self._usual, "unknown"
            )
            again = await self._reply(event, self._usual)
            known = self._known[event] = _Usual(first if first == again else None, looks)
        return known

    async def _reply(self, event: bytes, at: datetime, start: str = "") -> str:
        MOMENT.set(at.timestamp())
        told = moved(self._questions.event(event), start or f"{at.timestamp() * 1000:.0f}")
        invoked = await self._function.invoke(told)
        self._looked = invoked.looked_at_the_clock
        return without_stamps(invoked.error or text_of(invoked.reply))


def _turn(at: datetime) -> int:
    return (at - MONDAY) // STEP


def _how_fine(at: datetime) -> int:
    """Noon and midnight of each day come first, half an hour last: there may be no time for all."""
    return -gcd(_turn(at), BY_TURNS)


def _types(reply: object) -> Iterator[object]:
    actions = cast("Json", reply).get("Actions") if isinstance(reply, dict) else None
    for action in cast("Sequence[object]", actions) if isinstance(actions, list) else ():
        yield cast("Json", action).get("Type") if isinstance(action, dict) else None
