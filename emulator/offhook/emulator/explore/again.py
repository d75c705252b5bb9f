"""What else could have come on a path is asked once that is over.

An event may come again, or name another error. Where that is answered alike, and all that came
after it on the path as well, it leads to where the path has led, and needs none of its own; where
anything is answered otherwise, it has one. What a function keeps of what it is told can make a
difference later on: so the rest of the path is told again, too; and an error twice, in the same
call and in one of which nothing is kept.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias, TypeVar, cast
from uuid import UUID, uuid5

from offhook.emulator.as_json import text_of, value_of
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
from offhook.emulator.function.aside import Aside as Others
from offhook.emulator.function.function import Invoked
from offhook.emulator.function.invoker import RETRY_SECONDS, Invoker
from offhook.emulator.function.moment import MOMENT
from offhook.handler.events import about

T = TypeVar("T")
Ask: TypeAlias = Callable[[Json], Awaitable[Invoked]]


class Again:
    """Asks again what a path was told."""

    def __init__(self, loop: VirtualLoop, function: Compared, others: Others) -> None:
        """`others` are functions that it invokes."""
        self._loop = loop
        self._function = function
        self._others = others

    @property
    def _ask(self) -> Ask:
        """As the service does."""
        invoker = Invoker(self._function.asked, self._others)
        return lambda event: invoker.invoke(event, lambda _: None)

    def alike(self, walk: Walk, cases: set[str]) -> int:
        """How many paths on which an event comes again end as this one does; of them the walk tells
        nothing more. Its `cases` are known from then on, if nothing is left of them."""
        new = walk.asides.keys() - cases
        if walk.strays or not (new and walk.would_stop):
            return 0
        alike = self._asked(_alike(walk, self._ask, new))
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
        failed = _with_error(turns[at], now)
        told, ask = [failed, *turns[at + 1 :]], self._ask
        elsewhere = partial(_in_another_call, ask, call, now)
        if self._asked(_told(told, call, elsewhere)) is None:
            return False
        invoked = self._asked(_told(told, call, ask))  # and then it was told this call last
        if invoked is None:
            return False
        turns[at] = replace(failed, invoked=invoked)
        call.told.events[at] = dict(failed.event)
        shown, instead = (f"{each}: {ON_PURPOSE}" for each in (error, now))
        for place in range(walk.since, len(entries)):
            entry = entries[place]
            entries[place] = entry._replace(text=entry.text.replace(shown, instead))
        walk.first, *walk.choices = *[walk.first, *walk.choices][:-1], other.deed
        self._asked(self._function.heard(failed.event, invoked, call, walk))
        return True

    def _asked(self, asking: Coroutine[None, None, T]) -> T:
        task = self._loop.create_task(asking)
        task.add_done_callback(lambda _: self._loop.noticed())
        self._loop.run(task.done)
        return task.result()


async def _alike(walk: Walk, ask: Ask, cases: set[str]) -> dict[str, Sequence[Aside]]:
    """In which ways events of a path may come again, so that nothing differs, by their cases."""
    call, alike = walk.call, dict[str, list[Aside]]()
    assert call is not None
    new = call.told.turns[walk.known_turns :]
    for at, turn in reversed([*enumerate(new)]):
        case = event_key(turn.event, call, turn.invoked.asked)
        if case not in cases:
            continue
        alike[case] = []
        for aside in walk.asides[case]:
            later = RETRY_SECONDS * (aside.how == "is answered late")
            if later and _may_change(turn, walk):
                break
            before = [turn] if turn is not new[-1] else []  # as if no others were told since
            if await _told([*before, *new[at:]], call, ask, later) is None:
                break  # who heeds that it comes again may do so later, too
            alike[case].append(aside)
    return {**alike}


async def _told(turns: Sequence[Turn], call: Call, ask: Ask, later: float = 0.0) -> Invoked | None:
    """What is answered to the first of some events, which are told again, or seconds later; `None`
    where to any of them it is otherwise than it was."""
    first: Invoked | None = None
    for turn in turns:
        invoked = await _at(turn, call, ask, later)
        if _whole(invoked, call) != _whole(turn.invoked, call):
            return None
        first = first or invoked
    return first


async def _at(turn: Turn, call: Call, ask: Ask, later: float = 0.0) -> Invoked:
    """What is answered to the event of a turn at the moment at which it was, or seconds later."""
    began_ms = call.now_ms() - round(call.ladder.seconds * 1000)
    then_ms = began_ms + round((turn.sent - call.ladder.began) * 1000)
    MOMENT.set(then_ms / 1000 + later)
    return await ask(turn.event)


async def _in_another_call(ask: Ask, call: Call, which: str, event: Json) -> Invoked:
    """What is answered to an event as if it were one of another call, of which nothing is kept; the
    ids of that come of `which` one it is."""
    ids = [call.transaction_id, *(leg.call_id for leg in call.every_leg)]
    others = [str(uuid5(UUID(each), which)) for each in ids]
    there = partial(_exchanged, ids, others)
    invoked = await ask(cast("Json", value_of(there(text_of(event)))))
    here = partial(_exchanged, others, ids)
    text = "" if invoked.error else here(invoked.said)
    return replace(invoked, text=text, error=here(invoked.error), log=here(invoked.log))


def _exchanged(old: Sequence[str], new: Sequence[str], text: str) -> str:
    for one, other in zip(old, new, strict=True):
        text = text.replace(one, other)
    return text


def _has_failed(turn: Turn, error: str) -> bool:
    data = cast("Json", turn.event.get("ActionData") or {})
    return data.get("ErrorType") == error and data.get("ErrorMessage") == ON_PURPOSE


def _with_error(turn: Turn, error: str) -> Turn:
    """A turn on which the service let an action fail, with another error."""
    data = cast("Json", turn.event["ActionData"])
    return replace(turn, event={**turn.event, "ActionData": {**data, "ErrorType": error}})


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
