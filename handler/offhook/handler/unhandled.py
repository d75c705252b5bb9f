"""What the log says of an event that nobody handles: the function to paste."""

import logging
import re
from collections.abc import Iterable
from itertools import takewhile

from pydantic.alias_generators import to_pascal

from offhook.actions.base import action_class, snake_case
from offhook.handler import log
from offhook.handler.action_events import action_type_of
from offhook.handler.events import ActionFailed, ActionInterrupted, ActionSuccessful, Event
from offhook.handler.masking import masked
from offhook.handler.memory import TELLS, goes_on
from offhook.handler.routes import Route


@log.unfailing()
def report(event: Event, routes: Iterable[Route] = ()) -> None:
    """Log an unhandled event: as information where no actions could have been answered."""
    level = logging.INFO if event.ignores_actions else logging.WARNING
    if log.logger.isEnabledFor(level):
        told = f"no function handles this. {nearest(event, routes)}{pasteable(event)}"
        log.say(level, event, told, flow=log.FALLBACK)


def nearest(event: Event, routes: Iterable[Route]) -> str:
    """The route of which the most predicates hold before one does not, and that one."""
    found, most = "", -1
    for route in (route for route in routes if route.event_type == event.TYPE):
        held = len([*takewhile(lambda one: one.holds(event), route.predicates)])
        if held > most:
            most, lacks = held, masked(route.predicates[held].describe(), event)
            found = f"The nearest is {route.where}: {lacks} did not hold. "
    return found


def pasteable(event: Event) -> str:
    """A handler for exactly this event, with its imports."""
    kind = event.TYPE
    if not kind:
        return (
            f"This version does not know {event.invocation_event_type!r}: the call goes on. "
            "Look for a newer version of offhook."
        )
    action, function, annotation = "", kind.lower(), to_pascal(kind.lower())
    body = event.facts.body
    if kind == "ACTION_SUCCESSFUL" and action_type_of(event) not in TELLS and goes_on(event):
        body = "return None  # what comes next, or two who talk, must not be cut"
    words = set(re.findall(r"(\w+)\(", body))
    actions = words & {"Speak", "Hangup"}
    ours = {annotation, "Reply"} | words - actions
    if action_class(annotation):  # the action has the same name
        ours, annotation = ours - {annotation} | {"events"}, f"events.{annotation}"
    if isinstance(event, (ActionSuccessful, ActionFailed, ActionInterrupted)):
        action = event.action_type if action_class(event.action_type) else ""
        function = f"{snake_case(action or 'action')}_{kind.rpartition('_')[2].lower()}"
        if action:
            annotation = f"{annotation}[{action}]"
            actions.add(action)
    imports = [f"from offhook.handler import {', '.join(sorted(ours))}"]
    if actions:
        imports.insert(0, f"from offhook.actions import {', '.join(sorted(actions))}")
    signature = f"def {function}(event: {annotation}) -> Reply:"
    lines = [*imports, "", f"@router.{kind.lower()}({action})", signature, f"    {body}"]
    return "To handle it, paste:\n\n" + "\n".join(lines) + "\n"
