"""Events that were recorded, to the handler as it is now: what it answers otherwise."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

from offhook.emulator.call.ladder import rendered
from offhook.emulator.clock import VirtualLoop
from offhook.emulator.function import functions
from offhook.emulator.function.function import Function, Invoked
from offhook.emulator.function.in_process import InProcess
from offhook.emulator.function.moment import MOMENT
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError, NoNumber
from offhook.emulator.service.service import DESKS, Service
from offhook.production.logs.differing import PARTS, Part, StandIns, differences
from offhook.production.logs.recorded import Exchange, RecordedCall, read
from offhook.production.logs.reenacted import goes_on

STRANGE: Final = (
    "(what was before, the emulator does not play as it happened: offhook logs calibrate says more)"
)
Handler: TypeAlias = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a handler answers otherwise, in one call."""

    what: str
    """As in `HANGUP of LEG-A while LEG-B is up: was Hangup, is nothing`."""
    place: int
    """Of the exchange, from 0."""
    now: Invoked


@dataclass
class Group:
    """The calls in which the same has changed."""

    what: str
    place: int
    """Of the exchange in the first of them."""
    calls: list[RecordedCall] = field(default_factory=list[RecordedCall])


class Replay:
    """A handler as it is now, and the desk around it."""

    def __init__(
        self, desk: Desk, handler: Handler | None = None, parts: Collection[Part] = PARTS
    ) -> None:
        """The function of the desk, or a `handler` of this process. Raises `ConfigError` where the
        desk has none, and `FunctionNotFound`."""
        if handler is not None:
            desk = desk.with_function(repr(handler))
        if not desk.numbers:
            raise NoNumber
        self.desk = desk
        self._parts = parts
        self._stand_ins = StandIns()
        self._loop = VirtualLoop()
        own = InProcess(handler, desk.named("")[1]) if handler is not None else None
        self._service = Service(desk.model_copy(update={"state": None}), self._loop, function=own)

    def changes(self, call: RecordedCall) -> list[Change]:
        """What it answers otherwise, in the order of the call: each event is as it was recorded,
        whatever was answered before."""
        stand_ins = self._stand_ins if call.is_pseudonymised else None
        return [
            Change(what, place, now)
            for place, exchange in enumerate(call.exchanges)
            if exchange.answer != "unseen"
            for now in [self._answer(exchange)]
            for what in dict.fromkeys(differences(exchange, now, self._parts, stand_ins))
        ]

    def groups(self, calls: Iterable[RecordedCall]) -> list[Group]:
        """The same of several calls, those of most calls first."""
        found: dict[str, Group] = {}
        for call in calls:
            for change in self.changes(call):
                group = found.setdefault(change.what, Group(change.what, change.place))
                if call not in group.calls[-1:]:
                    group.calls.append(call)
        return sorted(found.values(), key=lambda group: -len(group.calls))

    def ladder(self, call: RecordedCall, place: int) -> str:
        """What is heard from an exchange on, when the handler of now answers, and the caller does
        what they did."""
        played = goes_on(call, self.desk, place, self._function(call.exchanges[place]))
        lines = rendered(played.call.ladder.entries[max(played.entries - 1, 0) :])
        return lines if played.is_same else f"  {STRANGE}\n{lines}"

    def _function(self, exchange: Exchange) -> Function:
        DESKS.step(self._service)
        functions.FRONT.step(self._service.functions)
        return self._service.functions.invoker(self._name(exchange)).function

    def _name(self, exchange: Exchange) -> str:
        numbers = self.desk.numbers
        found = numbers.get(exchange.told.our_number)
        names = sorted({app.function for app in numbers.values()})
        if found is None and len(names) > 1:
            raise ConfigError(
                f"{exchange.told.our_number} is no number of this desk, and it has several "
                f"functions: name the one that had these calls, as in --handler {names[0]}"
            )
        return found.function if found is not None else names[0]

    def _answer(self, exchange: Exchange) -> Invoked:
        function = self._function(exchange)

        async def ask() -> Invoked:
            MOMENT.set(exchange.at.timestamp() if exchange.at else None)
            return await function.invoke(exchange.event)

        task: asyncio.Task[Invoked] = self._loop.create_task(ask())
        task.add_done_callback(lambda _: self._loop.noticed())
        self._loop.run(task.done)
        return task.result()

    def close(self) -> None:
        """End what was started for it."""
        self._service.close()
        self._loop.run(lambda: False)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def accepted(call: RecordedCall, changes: Iterable[Change]) -> RecordedCall:
    """The call with the replies of now, where they have changed. What was told after them stays:
    it is what happened then."""
    exchanges = [*call.exchanges]
    for change in changes:
        now = change.now
        exchanges[change.place] = exchanges[change.place].model_copy(
            update={
                "answer": "failed" if now.error else "replied",
                "reply": None if now.error else now.reply,
                "error": now.error,
            }
        )
    return call.model_copy(update={"exchanges": exchanges})


def rewrite(file: Path, changed: Mapping[str, RecordedCall]) -> None:
    """Put calls in the place of those that have their transaction, in a file."""
    lines = [changed.get(call.transaction, call).line() + "\n" for call in read(file)]
    part = file.with_suffix(".part")
    part.write_text("".join(lines), encoding="utf-8", newline="\n")
    part.replace(file)
