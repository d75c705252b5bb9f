"""What can be known of an application beforehand: its routes, and the keys that they ask for."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from offhook.emulator.call.deeds import Known
from offhook.emulator.function.function import Function
from offhook.handler.events import Event
from offhook.handler.routes import Route, RouteTable


class Application:
    """The function behind a number; of a `Router` in this process, which routes were taken."""

    def __init__(self, function: Function) -> None:
        self.function = function
        table = getattr(getattr(function, "handler", None), "routes", None)
        self._routes = table if isinstance(table, RouteTable) else None
        self.taken: set[str] = set()
        if self._routes is not None:
            self._find = self._routes.find
            vars(self._routes)["find"] = self._noted  # of this one table, until `close`

    def _noted(self, event: Event, *, is_ours: bool = False) -> Route | None:
        found = self._find(event, is_ours=is_ours)
        if found is not None and not is_ours:
            self.taken.add(_name(found))
        return found

    def close(self) -> None:
        """Look no more."""
        if self._routes is not None:
            del vars(self._routes)["find"]

    @property
    def routes(self) -> dict[str, str]:
        """Each route, and where it is; nothing where only the function knows."""
        return {_name(route): route.where for route in self._routes or ()}

    def known(self, intents: Iterable[str] = ()) -> Known:
        """What is worth trying."""
        digits = dict.fromkeys(keys for route in self._routes or () for keys in _digits(route))
        return Known(tuple(digits), tuple(intents))


def _name(route: Route) -> str:
    return f"{route.event_type} {route.describe()} → {route.name}"


def _digits(route: Route) -> Iterator[str]:
    for one in route.predicates:
        if one.name == "digits" and one.is_literal:
            value: object = one.value
            for each in (value,) if isinstance(value, str) else cast("Iterable[object]", value):
                if isinstance(each, str) and re.fullmatch(r"[0-9*#]+", each):
                    yield each
