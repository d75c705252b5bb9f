"""What can be known of an application beforehand: its routes, and the keys that they ask for."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import cast

from offhook.emulator.call.deeds import Known
from offhook.emulator.explore.literals import literals
from offhook.emulator.function.function import Function
from offhook.handler.events import Event
from offhook.handler.routes import Route, RouteTable
from offhook.handler.unhandled import nearest

OUTBOUND = ("NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED")
"""Events of calls that we make, and of no others."""


class Application:
    """The function behind a number; of a `Router` in this process, which routes were taken."""

    def __init__(self, function: Function) -> None:
        self.function = function
        table = getattr(getattr(function, "handler", None), "routes", None)
        self._routes = table if isinstance(table, RouteTable) else None
        self.taken: set[str] = set()
        self._call = ""
        self._unhandled: dict[int, Event] = {}
        if self._routes is not None:
            self._find = self._routes.find
            vars(self._routes)["find"] = self._noted  # of this one table, until `close`

    def _noted(self, event: Event, *, is_ours: bool = False) -> Route | None:
        found = self._find(event, is_ours=is_ours)
        if found is not None and not is_ours:
            self.taken.add(_name(found))
        elif not is_ours:
            if event.transaction_id != self._call:
                self._call, self._unhandled = event.transaction_id, {}
            self._unhandled[event.sequence] = event
        return found

    def unhandled(self, transaction_id: str, sequence: object) -> Callable[[], str] | None:
        """Of an event of the latest call that no route takes, what tells the nearest one; `None`
        where one takes it, or nobody knows."""
        its = self._unhandled if transaction_id == self._call else {}
        event = its.get(cast("int", sequence))
        return None if event is None else partial(nearest, event, self._routes or ())

    def close(self) -> None:
        """Look no more at what its routes find."""
        if self._routes is not None:
            del vars(self._routes)["find"]

    @property
    def routes(self) -> dict[str, str]:
        """Each route, and where it is; nothing where only the function knows."""
        return {_name(route): route.where for route in self._routes or ()}

    def calls_from(self, number: str) -> bool:
        """Whether it may make calls from a number of ours: a router that answers none of their
        events there makes none."""
        return self._routes is None or any(
            route.event_type in OUTBOUND and _is_for(route, number) for route in self._routes
        )

    def known(self) -> Known:
        """What is worth trying."""
        routes = [*(self._routes or ())]
        named = literals(self.function, [each.function for each in routes])
        digits = dict.fromkeys(keys for route in routes for keys in _digits(route))
        updated = any(route.event_type == "CALL_UPDATE_REQUESTED" for route in routes)
        return Known((*(digits | dict.fromkeys(named.keys)),), named.intents, updated)


def _name(route: Route) -> str:
    return f"{route.event_type} {route.describe()} → {route.name}"


def _is_for(route: Route, number: str) -> bool:
    """Whether a route is asked on a number."""
    asked = (one for one in route.predicates if one.name == "our_number" and one.is_literal)
    return all(number in _words(one.value) for one in asked)


def _words(value: object) -> Iterable[object]:
    return (value,) if isinstance(value, str) else cast("Iterable[object]", value)


def _digits(route: Route) -> Iterator[str]:
    for one in route.predicates:
        if one.name == "digits" and one.is_literal:
            for each in _words(one.value):
                if isinstance(each, str) and re.fullmatch(r"[0-9*#]+", each):
                    yield each
