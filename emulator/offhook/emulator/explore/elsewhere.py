"""Whether another environment, which was told nothing before, answers an event in the same way: the
next event of a call may come to any."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from typing import NamedTuple, cast

from offhook.emulator.as_json import text_of
from offhook.emulator.call.deeds import Deed
from offhook.emulator.call.ladder import Entry
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.explore.situation import Json, without_stamps
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.moment import MOMENT

KINDS = 40
"""So many kinds of events are asked again."""
AGAIN = 8
"""So often, where the answer is another one: what is said by chance is no state."""


class Told(NamedTuple):
    """An event, what was answered to it, and how it came to that."""

    event: Json
    moment: float | None
    reply: str
    deeds: Sequence[Deed]
    entries: Sequence[Entry]


class Elsewhere:
    """Keeps an event of each kind."""

    def __init__(self) -> None:
        self._kinds: dict[object, Told] = {}

    def note(
        self, event: Json, invoked: Invoked, deeds: Sequence[Deed], entries: Sequence[Entry]
    ) -> None:
        """One that is not the first of its call."""
        data = cast("Mapping[str, object]", event.get("ActionData") or {})
        came = (str(data.get(name)) for name in ("Type", "ReceivedDigits", "ErrorType"))
        kind = (event["InvocationEventType"], *came)
        if event["Sequence"] == 1 or kind in self._kinds or len(self._kinds) >= KINDS:
            return
        self._kinds[kind] = Told(event, MOMENT.get(), _said(invoked), deeds, [*entries])

    def different(
        self, function: Function, fresh: Callable[[], AbstractContextManager[Function]]
    ) -> Sequence[tuple[Told, str]]:
        """What a new environment answers otherwise than the `function` did, and what that is."""
        if not self._kinds:
            return []
        with fresh() as other, closing(VirtualLoop()) as loop:
            its = getattr(other, "handler", None)
            if its is not None and its is getattr(function, "handler", None):
                return []  # what cannot be imported afresh
            task = loop.create_task(self._ask(function, other))
            task.add_done_callback(lambda _: loop.noticed())
            loop.run(task.done)
            return task.result()

    async def _ask(self, function: Function, other: Function) -> Sequence[tuple[Told, str]]:
        found: list[tuple[Told, str]] = []
        for told in self._kinds.values():
            MOMENT.set(told.moment)
            invoked = await other.invoke(told.event)
            reply = _said(invoked)
            if reply == told.reply:
                continue
            again = {_said(await other.invoke(told.event)) for _ in range(AGAIN)}
            may_be_the_clock = invoked.looked_at_the_clock is not False
            if may_be_the_clock and reply == _said(await function.invoke(told.event)):
                continue
            if again == {reply}:
                found.append((told, reply))
        return found


def _said(invoked: Invoked) -> str:
    return without_stamps(invoked.error or text_of(invoked.reply))
