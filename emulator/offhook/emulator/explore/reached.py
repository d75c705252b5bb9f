"""What of a handler was reached, what was not, and what would have to happen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from offhook.actions.base import action_class
from offhook.emulator.explore.failing import CALLERS_DOING
from offhook.emulator.explore.jobs import Result
from offhook.emulator.explore.options import Options
from offhook.handler.events import EVENT_CLASSES

UPDATE = "--update NAME=VALUE"
OF_OUTBOUND = ("NEW_OUTBOUND_CALL", "RINGING", "CALL_ANSWERED")
WITH = "--to, --at, --from, --sip-header or --argument"


@dataclass
class Reached:
    """One kind of thing: routes, functions, events, actions or errors."""

    kind: str
    reached: list[str] = field(default_factory=list[str])
    missed: dict[str, str] = field(default_factory=dict[str, str])
    """Each that was not, and what would have to happen; empty where nothing has to."""


def reached(result: Result, options: Options) -> list[Reached]:
    """Of one function, all that can be known of it."""
    why = _Why(result, options)
    explored = result.explored
    events = Reached("events", sorted({name for each in explored for name in each.events}))
    results = sorted({name for each in explored for name in each.results})
    actions = Reached("actions", [name for name in results if " " not in name])
    errors = Reached("errors", [name for name in results if " " in name])
    for event in EVENT_CLASSES:
        if event not in events.reached:
            events.missed[event] = why.no_event(event)
    sent = {name.partition(" ")[0] for name in results}
    for name in sorted(sent - {*actions.reached}):
        actions.missed[name] = "it always fails, or it ends the call"
    for name in sorted(sent):
        action = action_class(name)
        # A Hangup never fails here: what is to be done about it nobody can say.
        for error in action.errors if action is not None and name != "Hangup" else ():
            if (failure := f"{name} {error}") not in errors.reached:
                errors.missed[failure] = why.no_failure(error)
    routes, functions = Reached("routes"), Reached("functions")
    for route in result.routes:
        if route in result.taken:
            routes.reached.append(route)
        else:
            routes.missed[route] = why.no_route(route)
    taken = {_function(route) for route in routes.reached}
    functions.reached = sorted(taken)
    for route, reason in routes.missed.items():
        if (name := _function(route)) not in taken:
            functions.missed.setdefault(name, reason)
    kinds = (routes, functions, events, actions, errors)
    return [each for each in kinds if each.reached or each.missed]


def options_taken(result: Result) -> Iterator[tuple[int, int]]:
    """Of each exploration, how many of what somebody could do was done, and of how much."""
    for each in result.explored:
        done = max(0, len(each.arrows) - 1)
        yield done, done + each.left_over


def _function(route: str) -> str:
    return route.rpartition(" → ")[2]


@dataclass
class _Why:
    result: Result
    options: Options

    def no_event(self, event: str) -> str:
        options = self.options
        if event == "NEW_INBOUND_CALL" and not options.inbound:
            return "leave --outbound-only out"
        if event in OF_OUTBOUND and not options.outbound:
            return "--outbound"
        if event in ("CALL_UPDATE_REQUESTED", "ACTION_INTERRUPTED") and not options.updates:
            return UPDATE
        if event == "ACTION_FAILED" and not options.faults:
            return "--faults 1"
        if event == "INVALID_LAMBDA_RESPONSE":
            return "a reply that the service refuses: there is none"
        if event == "DIGITS_RECEIVED":
            return "keys while a ReceiveDigits listens: none did"
        return self._goes_on()

    def no_failure(self, error: str) -> str:
        if error in CALLERS_DOING or self.options.faults:
            return self._goes_on()
        return "--faults 1"

    def no_route(self, route: str) -> str:
        event, _, rest = route.partition(" ")
        if not any(event in each.events for each in self.result.explored):
            return self.no_event(event)
        if event == "CALL_UPDATE_REQUESTED" and not self.options.updates:
            return UPDATE
        called = re.search(r"our_number='(\+\d+)'", rest)
        numbers = {each.plan.number for each in self.result.explored}
        if called and called[1] not in numbers:
            return f"a call of {called[1]}, which is none of its numbers here"
        return self._goes_on()

    def _goes_on(self) -> str:
        if changing := [each.changes for each in self.result.explored if each.changes]:
            return f"the same reply to the same {changing[0]}: it was left"
        if not self.result.is_played:
            return "--all, or more --seconds: there are paths left over"
        if not self.options.outbound:
            return f"--outbound, or another call: {WITH}"
        if not self.options.updates:
            return f"{UPDATE}, or another call: {WITH}"
        return f"another call: {WITH}"
