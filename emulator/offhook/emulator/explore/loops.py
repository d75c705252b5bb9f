"""Ways in which nobody does anything, and that never end."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol, TypeVar

from offhook.emulator.call.deeds import Deed
from offhook.emulator.findings.finding import Finding


class Leads(Protocol):
    """What leads from one situation to the next."""

    @property
    def start(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def deed(self) -> Deed: ...


L = TypeVar("L", bound=Leads)

WE_HUNG_UP = "end: we hung up"
"""Where a call comes to that its function ends."""


def loops(
    arrows: Sequence[L], title: Callable[[str], str], *, is_updated: bool
) -> Iterator[tuple[Finding, L]]:
    """Each, and what leads back to its beginning. `title` is that of a situation; `is_updated`:
    whether updates may come."""
    for cycle in cycles(arrows):
        there = {arrow.start for arrow in cycle}
        leads_out = _leads_out(arrows, there, is_updated=is_updated)
        yield _finding(title(cycle[0].start), leads_out=leads_out), cycle[-1]


def cycles(arrows: Sequence[L]) -> Iterator[Sequence[L]]:
    """Each, from where it is entered: what nobody's doing anything leads through. Where that leads
    to two places, it does so to the one that was found last."""
    silent = {arrow.start: arrow for arrow in arrows if arrow.deed.is_passive}
    is_judged: set[str] = set()
    for start in silent:
        way: dict[str, L] = {}
        at = start
        while at in silent and at not in way and at not in is_judged:
            way[at] = silent[at]
            at = silent[at].to
        is_judged.update(way)
        if at in way:
            yield list(way.values())[list(way).index(at) :]


def _leads_out(arrows: Sequence[Leads], cycle: Collection[str], *, is_updated: bool) -> bool:
    """Whether somebody can do something about it, so that we hang up in the end; an update that was
    not tried there may be that."""
    leads = [each for each in arrows if not _gives_up(each.deed)]
    if is_updated and not any(a.deed.does == "update" for a in leads if a.start in cycle):
        return True
    reached, new = set(cycle), set(cycle)
    while new:
        new = {arrow.to for arrow in leads if arrow.start in new} - reached
        reached |= new
    return WE_HUNG_UP in reached


def _gives_up(deed: Deed) -> bool:
    """Whether the caller has had enough, or something fails; others may leave."""
    return deed.does == "fails" or (deed.does == "hangs up" and deed.what != "on LEG-B")


def _finding(where: str, *, leads_out: bool) -> Finding:
    return Finding(
        "silent-loop" if leads_out else "endless-loop",
        where,
        "whoever says and presses nothing is never let go: it comes round again",
        "count in TransactionAttributes, and hang up after a few times: a call is billed as long "
        "as it is up, and may invoke its function 1,000 times",
        weight="waste" if leads_out else "fault",
    )
