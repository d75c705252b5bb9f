"""What somebody asks for, and what is to be explored for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from offhook.emulator.explore.application import Application
from offhook.emulator.explore.explorer import Explorer
from offhook.emulator.explore.hushed import hushed
from offhook.emulator.explore.moments import WEEK, Apart, apart
from offhook.emulator.explore.plan import Plan
from offhook.emulator.service.config import Desk, SipMediaApplication
from offhook.emulator.service.exploration import Exploration
from offhook.emulator.service.usual import A_CALLER, MONDAY_AT_TEN


@dataclass(frozen=True, kw_only=True)
class Options:
    """What somebody asked for."""

    at: Sequence[datetime] = ()
    """When calls come; found, where nothing is said."""
    from_: str = A_CALLER
    """Who calls, or is called, in E.164."""
    sip_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the INVITE of calls that come in."""
    inbound: bool = True
    """Whether calls come in."""
    outbound: bool = False
    """Whether calls are made as well."""
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    """What calls that are made are told."""
    updates: Sequence[Mapping[str, str]] = ()
    """The arguments of each update that may come."""
    after: str = ""
    """A commit: the version of it answers up to some moment, as well."""
    faults: int = 1
    """Disturbances in a path, at most."""
    seconds: float | None = 60.0
    """Of exploration, by the clock on the wall; `None` goes on to the end."""

    @classmethod
    def of(cls, usual: Exploration) -> Self:
        """What the configuration says."""
        return cls(
            at=usual.at,
            from_=usual.from_,
            sip_headers=usual.sip_headers,
            outbound=usual.outbound,
            arguments=usual.arguments,
            updates=usual.updates,
            faults=usual.faults,
            seconds=usual.seconds,
        )


def plans(
    desk: Desk,
    application: SipMediaApplication,
    its: Application,
    options: Options,
    is_late: Callable[[], bool],
) -> Iterator[Plan]:
    """Each number, in and out, at each moment of a week at which it begins otherwise; where that
    `is_late`, not all of them are looked for."""
    usual = Plan(
        number=application.numbers[0],
        at=options.at[0] if options.at else MONDAY_AT_TEN,
        from_=options.from_,
        sip_headers=options.sip_headers,
        updates=options.updates,
        faults=options.faults,
        seconds=options.seconds,
    )
    for number in application.numbers:
        ways: list[Plan] = []
        if options.inbound:
            ways.append(replace(usual, number=number))
        if options.outbound and its.calls_from(number):
            out = replace(usual, number=number, is_outbound=True)
            ways += [replace(out, arguments=options.arguments)] if options.arguments else []
            ways.append(out)  # one without arguments is a mistake that can be made
        for plan in ways:
            given = [[at] for at in dict.fromkeys(options.at)]
            for moments in given or _moments(desk, plan, its, is_late):
                yield from at_the_first(moments, plan, options)


def at_the_first(moments: Sequence[datetime], plan: Plan, options: Options) -> Iterator[Plan]:
    """The same at the first of some moments, which stands for all of them."""
    at, *like = moments
    yield replace(plan, at=at, like=like, seconds=options.seconds)
    if options.after:
        yield replace(plan, at=at, like=(), after=options.after, seconds=options.seconds)


def way(plan: Plan) -> Plan:
    """Its number and how calls come, at whichever moment."""
    return replace(plan, at=MONDAY_AT_TEN, like=(), after="", seconds=None)


def _moments(desk: Desk, plan: Plan, its: Application, is_late: Callable[[], bool]) -> Apart:
    """Those at which calls begin alike: whether they go on so shows when one is explored."""
    with hushed(), closing(Explorer(desk, plan, its.function, its.known())) as explorer:
        questions = explorer.first()
        alike, *others = apart(its.function, questions, plan.at, WEEK, is_late)
    return [[plan.at, *(at for at in alike if at != plan.at)], *others]
