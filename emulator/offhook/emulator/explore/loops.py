"""Ways in which nobody does anything, and that never end."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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


def silences(
    arrows: Sequence[L], silent: Iterable[tuple[str, L]], *, is_updated: bool
) -> Iterator[tuple[Finding, L]]:
    """Where somebody alone hears nothing, and keys are listened to; and what leads there."""
    for there, last in silent:
        leads_out = _leads_out(arrows, {there}, is_updated=is_updated)
        yield _silence(leads_out=leads_out), last


def retried(arrows: Sequence[L]) -> Iterator[Sequence[L]]:
    """Each wav that is not there, where whoever does nothing comes back to it: what leads round.
    That anything else fails each time is rare: an apology may be spoken where speech has failed."""
    silent = {arrow.start: arrow for arrow in arrows if arrow.deed.is_passive}
    round_anyhow = {each.start for cycle in cycles(arrows) for each in cycle}
    for arrow in arrows:
        is_gone = arrow.deed.does == "finds no" and not arrow.deed.asides
        if not is_gone or arrow.start in round_anyhow:
            continue
        way = {arrow.start: arrow}
        at = arrow.to
        while at in silent and at not in way:
            way[at] = silent[at]
            at = silent[at].to
        if at == arrow.start:
            yield [*way.values()]


def retry(where: str, wav: str) -> Finding:
    """What comes of it."""
    return Finding(
        "endless-loop",
        where,
        f"where there is no {wav}, it is to be played again and again, without an end",
        "what is not there is not there the next time: reply to this ACTION_FAILED with Speak and "
        "a Hangup, or count in TransactionAttributes. A call may invoke its function 1,000 times",
    )


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


def _silence(*, leads_out: bool) -> Finding:
    return Finding(
        "silent-loop" if leads_out else "endless-loop",
        "silence",
        "whoever presses nothing hears nothing, and is never let go: ReceiveDigits has no end"
        if leads_out
        else "nobody is let go, whichever keys they press: after ReceiveDigits there is silence",
        "put a Pause, or something to hear, and a Hangup behind ReceiveDigits: a key that comes "
        "meanwhile is told all the same (DIGITS_RECEIVED), and its reply replaces them",
        weight="waste" if leads_out else "fault",
    )


def _finding(where: str, *, leads_out: bool) -> Finding:
    return Finding(
        "silent-loop" if leads_out else "endless-loop",
        where,
        "whoever says and presses nothing is never let go: it comes round again",
        "count in TransactionAttributes, and hang up after a few times: a call is billed as long "
        "as it is up, and may invoke its function 1,000 times",
        weight="waste" if leads_out else "fault",
    )
