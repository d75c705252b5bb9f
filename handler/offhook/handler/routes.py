"""The table of a router: what is registered, in which order it is asked, and who clashes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import iscoroutinefunction, isgeneratorfunction, unwrap
from itertools import groupby
from typing import Any, TypeAlias, cast

from offhook.actions.base import Action
from offhook.handler.asked import Asked
from offhook.handler.errors import RouteClash
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.predicates import ORDER, Predicate

ExceptionHandlers: TypeAlias = Mapping[type[Exception], Callable[..., object]]
"""What answers when a function of a router raises."""


@dataclass(eq=False, repr=False)
class Route:
    """One registered function, and the conditions under which it answers."""

    event_type: str
    predicates: tuple[Predicate, ...]
    function: Callable[..., Reply]
    exception_handlers: tuple[ExceptionHandlers, ...]
    """Those of the router where it was filed, then of each router that included it."""

    def __post_init__(self) -> None:
        self.predicates = tuple(sorted(self.predicates, key=lambda one: ORDER.index(one.name)))
        self.asks = (self.event_type, *(one.name for one in self.predicates))

    @cached_property
    def particular(self) -> Predicate | None:
        """The one particular action that it asks for, if it does."""
        return next((one for one in self.predicates if isinstance(one.value, Action)), None)

    @property
    def digits(self) -> str:
        """The keys that it asks for; empty for any."""
        asked = (one.value for one in self.predicates if one.name == "digits" and one.is_literal)
        return re.sub(r"[^0-9*#]", "", f"{next(asked, '')}")

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sort key, smallest first: more predicates win, then fewer patterns among them, then
        the particular action that says more."""
        patterns = sum(not predicate.is_literal for predicate in self.predicates)
        said = sum(predicate.says for predicate in self.predicates)
        return (-len(self.predicates), patterns, -said)

    def asks_the_same_as(self, other: "Route") -> bool:
        """Whether both, which ask by the same names, would answer exactly the same events."""
        return all(any(map(one.asks_the_same_as, other.predicates)) for one in self.predicates)

    def describe(self) -> str:
        """The conditions as they were written."""
        return ", ".join(predicate.describe() for predicate in self.predicates) or "(any)"

    @property
    def short_name(self) -> str:
        """`function`, as it is registered."""
        return f"{getattr(self.function, '__qualname__', '')}"

    @property
    def name(self) -> str:
        """`module.function`, as it is registered."""
        return f"{self.function.__module__}.{self.short_name}"

    @property
    def where(self) -> str:
        """Where its function is: `module.function (file:line)`."""
        return where(self.function)

    def included(self, more: Sequence[Predicate], handlers: ExceptionHandlers) -> "Route":
        """The same route in another router: under further conditions, all of which must hold, and
        with that router's exception handlers behind its own."""
        added = (one for one in more if not any(map(one.asks_the_same_as, self.predicates)))
        behind = (*self.exception_handlers, handlers)
        return Route(self.event_type, (*added, *self.predicates), self.function, behind)


class RouteTable:
    """Routes in the order in which they are asked."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, route: Route) -> None:
        """File a route. Raises `RouteClash` when another asks exactly the same."""
        if iscoroutinefunction(route.function) or isgeneratorfunction(route.function):
            raise TypeError(f"{route.where} must be a plain function: use asyncio.run inside")
        for other in self._routes:
            if other.asks == route.asks and route.asks_the_same_as(other):
                asked = f"{route.event_type} {route.describe()}"
                raise clash(asked, other.function, route.function)
        self._routes.append(route)
        for known in ("asked", "_ranked"):
            self.__dict__.pop(known, None)

    @cached_property
    def asked(self) -> Asked:
        """The particular actions that are waited for."""
        return Asked(
            (cast("Action[Any]", route.particular.value), route.short_name, route.digits)
            for route in self._routes
            if route.particular is not None
        )

    def find(self, event: Event, *, is_ours: bool = False) -> Route | None:
        """The first route, by rank and then by registration, that takes the event. One in the words
        of another version is read in ours, unless it `is_ours` already."""
        found = None
        for route in self._ranked.get(event.TYPE, ()):
            for predicate in route.predicates:
                if not predicate.holds(event):
                    break
            else:
                if route.particular:
                    return route
                found = route
                break
        if event.action_data and not is_ours and (meant := self.asked.meant(event)):
            return self.find(meant, is_ours=True)
        return found

    @cached_property
    def _ranked(self) -> dict[str, list[Route]]:
        return {kind: [*routes] for kind, routes in groupby(self, lambda route: route.event_type)}

    def __iter__(self) -> Iterator[Route]:
        """By event type, in the order in which they are asked."""
        return iter(sorted(self._routes, key=lambda route: (route.event_type, route.rank)))


def where(function: Callable[..., object]) -> str:
    """Where a function is: `module.function (file:line)`."""
    function = unwrap(function)
    code = getattr(function, "__code__", None)
    name = f"{function.__module__}.{getattr(function, '__qualname__', function)}"
    return f"{name} ({code.co_filename}:{code.co_firstlineno})" if code else name


def clash(asked: str, one: Callable[..., object], other: Callable[..., object]) -> RouteClash:
    """Two functions for the same thing, with the places of both."""
    return RouteClash(
        f"two functions answer {asked}:\n  {where(one)}\n  {where(other)}\n"
        "Give one of them another predicate, or merge them."
    )
