"""What else could have come on a path is asked once that is over.

An event may come again, or name another error. Where that is answered alike, it leads to where the
path has led, and needs none of its own; where it is not, it has one.
"""

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from offhook.emulator.call.call import Call
from offhook.emulator.call.deeds import Aside
from offhook.emulator.call.told import Turn
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.compared import Compared, said
from offhook.emulator.explore.failing import error_of
from offhook.emulator.explore.planned import Planned
from offhook.emulator.explore.situation import Json, event_key, without_stamps
from offhook.emulator.explore.walk import Walk
from offhook.emulator.faults import ON_PURPOSE
from offhook.emulator.findings import replies
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.invoker import RETRY_SECONDS
from offhook.emulator.function.moment import MOMENT
from offhook.handler.events import about

T = TypeVar("T")


class Again:
    """Asks again what a path was told."""

    def __init__(self, loop: VirtualLoop, function: Compared) -> None:
        self._loop = loop
        self._function = function
        self._others = 0
        """Errors of which was asked on this path."""

    def alike(self, walk: Walk, cases: set[str]) -> int:
        """How many paths on which an event comes again end as this one does; of them the walk tells
        nothing more. Its `cases` are known from then on, if nothing is left of them."""
        self._others = 0
        new = walk.asides.keys() - cases
        if walk.strays or not new:
            return 0
        alike = self._asked(_alike(walk, self._function.asked, new))
        for case, asides in alike.items():
            walk.asides[case] = tuple(one for one in walk.asides[case] if one not in asides)
            if not walk.asides[case]:
                cases.add(case)
        return sum(map(len, alike.values()))

    def becomes(self, walk: Walk, planned: Planned, other: Planned | None) -> bool:
        """Whether a path is as another one, but for an error that is answered alike: then it is
        that one from now on."""
        call = walk.call
        if call is None or other is None or walk.strays or other.before is not planned.before:
            return False
        (error, was), (now, its) = error_of(planned.deed), error_of(other.deed)
        if not (error and now) or was != its:
            return False
        turns, entries = call.told.turns, call.ladder.entries
        at = next((at for at, turn in enumerate(turns) if _has_failed(turn, error)), None)
        if at is None or at < walk.known_turns:
            return False
        self._others += 1
        turn = self._asked(_with_error(turns[at], now, self._others, walk, self._function))
        if turn is None:
            return False
        turns[at] = turn
        for place in range(walk.since, len(entries)):
            entry = entries[place]
            entries[place] = entry._replace(text=entry.text.replace(error, now))
        walk.first, *walk.choices = *[walk.first, *walk.choices][:-1], other.deed
        return True

    def _asked(self, asking: Coroutine[None, None, T]) -> T:
        task = self._loop.create_task(asking)
        task.add_done_callback(lambda _: self._loop.noticed())
        self._loop.run(task.done)
        return task.result()


async def _alike(walk: Walk, function: Function, cases: set[str]) -> dict[str, Sequence[Aside]]:
    """In which ways events of a path may come again, so that nothing differs, by their cases."""
    call, alike = walk.call, dict[str, Sequence[Aside]]()
    assert call is not None
    new = call.told.turns[walk.known_turns :]
    for turn in new:
        case = event_key(turn.event, call, turn.invoked.asked)
        if case not in cases:
            continue
        if turn is not new[-1]:  # others were told since: now it is as if none were
            await _at(turn, call, function)
        first = _whole(turn.invoked, call)
        ways = [(one, RETRY_SECONDS * (one.how == "is answered late")) for one in walk.asides[case]]
        alike[case] = [
            aside
            for aside, later in ways
            if not (later and _may_change(turn, walk))
            and first == _whole(await _at(turn, call, function, later), call)
        ]
    return alike


def _has_failed(turn: Turn, error: str) -> bool:
    data = cast("Json", turn.event.get("ActionData") or {})
    return data.get("ErrorType") == error and data.get("ErrorMessage") == ON_PURPOSE


async def _with_error(
    turn: Turn, error: str, number: int, walk: Walk, function: Compared
) -> Turn | None:
    """The turn on which the service let an action fail, with another error; `None` where that is
    answered otherwise. Who keeps what they answered to each Sequence is told another one."""
    call = walk.call
    assert call is not None
    data = cast("Json", turn.event["ActionData"])
    failed = replace(turn, event={**turn.event, "ActionData": {**data, "ErrorType": error}})
    asked = replace(turn, event={**failed.event, "Sequence": len(call.told.turns) + number})
    failed = replace(failed, invoked=await _at(asked, call, function.asked))
    if _whole(failed.invoked, call) != _whole(turn.invoked, call):
        return None
    await function.heard(failed.event, failed.invoked, call, walk)
    return failed


async def _at(turn: Turn, call: Call, function: Function, later: float = 0.0) -> Invoked:
    """What is answered to the event of a turn at the moment at which it was, or seconds later."""
    began_ms = call.now_ms() - round(call.ladder.seconds * 1000)
    then_ms = began_ms + round((turn.sent - call.ladder.began) * 1000)
    MOMENT.set(then_ms / 1000 + later)
    return await function.invoke(turn.event)


def _may_change(turn: Turn, walk: Walk) -> bool:
    """Whether something may happen while the service waits for a reply: not where one caller is
    there, nobody was called, and what was played is over."""
    details = cast("Json", turn.event["CallDetails"])
    kind = str(turn.event["InvocationEventType"])
    is_meanwhile = about(kind).comes_meanwhile and kind != "HANGUP"
    are_more = len(cast("Sequence[object]", details["Participants"])) > 1
    return bool(are_more or walk.people or walk.ground.plan.is_outbound or is_meanwhile)


def _whole(invoked: Invoked, call: Call) -> object:
    """All that an invocation can show."""
    is_slow = invoked.seconds >= replies.SLOW_SECONDS
    return without_stamps(said(invoked, call)), without_stamps(invoked.log), is_slow
