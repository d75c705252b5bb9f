"""The table of a router: what is registered, in which order it is asked, and who clashes."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from offhook.handler.errors import RouteClash
from offhook.handler.events import Event
from offhook.handler.fallbacks import Reply
from offhook.handler.predicates import Predicate


@dataclass(frozen=True)
class Route:
    """One registered function, and the conditions under which it answers."""

    event_type: str
    predicates: tuple[Predicate, ...]
    function: Callable[..., Reply]

    @property
    def rank(self) -> tuple[int, int]:
        """Sort key, smallest first: more predicates win, then fewer patterns among them."""
        patterns = sum(not predicate.is_literal for predicate in self.predicates)
        return (-len(self.predicates), patterns)

    @property
    def where(self) -> str:
        """`module.function (file:line)`."""
        function = inspect.unwrap(self.function)
        code = getattr(function, "__code__", None)
        name = f"{function.__module__}.{getattr(function, '__qualname__', function)}"
        return f"{name} ({code.co_filename}:{code.co_firstlineno})" if code else name

    def asks_the_same_as(self, other: "Route") -> bool:
        """Whether both would answer exactly the same events."""
        mine, theirs = self.predicates, other.predicates
        return (
            self.event_type == other.event_type
            and len(mine) == len(theirs)
            and all(any(_equal(one, two) for two in theirs) for one in mine)
        )

    def describe(self) -> str:
        """The conditions as they were written."""
        return ", ".join(predicate.describe() for predicate in self.predicates) or "(any)"

    def and_also(self, more: Sequence[Predicate]) -> "Route":
        """The same route under further conditions; a name that is there already stays."""
        names = {predicate.name for predicate in self.predicates if predicate.name != "when"}
        added = tuple(predicate for predicate in more if predicate.name not in names)
        return Route(self.event_type, (*added, *self.predicates), self.function)


class RouteTable:
    """Routes in the order in which they are asked."""

    def __init__(self) -> None:
        self._routes: list[Route] = []
        self._ranked: dict[str, tuple[Route, ...]] = {}

    def add(self, route: Route) -> None:
        """File a route. Raises `RouteClash` when another asks exactly the same."""
        for other in self._routes:
            if route.asks_the_same_as(other):
                raise RouteClash(
                    f"two functions answer {route.event_type} {route.describe()}:\n"
                    f"  {other.where}\n  {route.where}\n"
                    "Give one of them another predicate, or merge them."
                )
        self._routes.append(route)
        self._ranked.clear()

    def find(self, event: Event) -> Route | None:
        """The first route, by rank and then by registration, that takes the event."""
        ranked = self._ranked.get(event.invocation_event_type)
        if ranked is None:
            ranked = self._rank(event.invocation_event_type)
        for route in ranked:
            for predicate in route.predicates:
                if not predicate.holds(event):
                    break
            else:
                return route
        return None

    def _rank(self, event_type: str) -> tuple[Route, ...]:
        routes = (route for route in self._routes if route.event_type == event_type)
        ranked = tuple(sorted(routes, key=lambda route: route.rank))
        if ranked:  # unknown event types come from outside: they must not fill the memory
            self._ranked[event_type] = ranked
        return ranked

    def __iter__(self) -> Iterator[Route]:
        """By event type, in the order in which they are asked."""
        return iter(sorted(self._routes, key=lambda route: (route.event_type, route.rank)))

    def __len__(self) -> int:
        return len(self._routes)


def _equal(one: Predicate, two: Predicate) -> bool:
    same_kind = one.name == two.name and type(one.value) is type(two.value)
    return same_kind and cast("bool", one.value == two.value)
