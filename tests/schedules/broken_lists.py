"""Callings out that are broken on purpose: a list of calls must find out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from offhook.handler.calling.caps import Cap, Caps
from offhook.handler.calling.dial_policy import DialPolicy
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.pace import Pace
from offhook.handler.calling.table import Table, Write
from tests.schedules.broken import dials_without_the_right
from tests.schedules.world import World


def loses_stops(world: World) -> None:
    """Nobody looks whether all dialling is stopped."""
    _looks_elsewhere(world, lambda pk: pk == "stopped")


def forgets_the_nines(world: World) -> None:
    """Nobody looks at the do-not-call list."""
    _looks_elsewhere(world, lambda pk: pk.startswith("do-not-call#"))


def counts_nothing(world: World) -> None:
    """The caps, and the calls that are up, are written without their conditions."""
    more = Caps.more

    def any_more(caps: Caps, cap: Cap, key: str, dialled_at: float) -> Write:
        return more(caps, replace(cap, limit=10**9), key, dialled_at)

    world.patch.setattr(Caps, "more", any_more)


def rings_at_night(world: World) -> None:
    """Nobody looks at the clock where the callee is."""
    world.patch.setattr(DialPolicy, "_check_hours", _does_nothing)


def hurries(world: World) -> None:
    """Nobody waits for their turn."""
    world.patch.setattr(Pace, "wait", _does_nothing)


def _does_nothing(*_asked: object) -> None:
    """As if all were well."""


def _looks_elsewhere(world: World, is_it: Callable[[str], bool]) -> None:
    transact = Table.transact

    def blindly(table: Table, changes: Sequence[Write], *lacks: str) -> list[int]:
        return transact(table, changes, *("nothing" if is_it(pk) else pk for pk in lacks))

    def no_second_look(ledger: Ledger, key: str, _to: str) -> bool:
        return ledger.read(key).is_cancelled

    world.patch.setattr(Table, "transact", blindly)
    world.patch.setattr(Ledger, "is_off", no_second_look)


BROKEN: Final[Mapping[str, tuple[Callable[[World], None], str]]] = {
    breaks.__name__: (breaks, found)
    for breaks, found in (
        (dials_without_the_right, "after a 9"),
        (loses_stops, "while all dialling was stopped"),
        (forgets_the_nines, "after a 9"),
        (counts_nothing, "calls in a day"),
        (rings_at_night, "is allowed"),
        (hurries, "faster than the pace"),
    )
}
"""How each is broken, and what then goes wrong."""
