"""What the log says of an event that nobody handles: the function to paste."""

import logging

from pydantic.alias_generators import to_pascal

from offhook.actions.base import action_class, snake_case
from offhook.handler import log
from offhook.handler.events import ActionFailed, ActionInterrupted, ActionSuccessful, Event

_BODIES = {
    "NEW_OUTBOUND_CALL": "return None  # actions are ignored before CALL_ANSWERED",
    "RINGING": "return None  # actions are ignored before CALL_ANSWERED",
    "ACTION_INTERRUPTED": "return None  # actions are ignored here",
    "HANGUP": "return hang_up_the_rest(event)",
}


def report(event: Event) -> None:
    """Log an unhandled event: as information where no actions could have been answered."""
    level = logging.INFO if event.ignores_actions else logging.WARNING
    if log.logger.isEnabledFor(level):
        log.say(level, event, f"no function handles this. {pasteable(event)}")


def pasteable(event: Event) -> str:
    """A handler for exactly this event, with its imports."""
    kind = event.TYPE
    if not kind:
        return (
            f"This version does not know {event.invocation_event_type!r}: the call goes on. "
            "Look for a newer version of offhook."
        )
    about, function, annotation = "", kind.lower(), to_pascal(kind.lower())
    ours = {annotation, "Reply"}
    actions: set[str] = set()
    if isinstance(event, (ActionSuccessful, ActionFailed, ActionInterrupted)):
        known = action_class(event.action_type)
        about = known.type_name() if known else ""
        function = f"{snake_case(about or 'action')}_{kind.rpartition('_')[2].lower()}"
        if about:
            annotation = f"{annotation}[{about}]"
            actions.add(about)
    body = _BODIES.get(kind, 'return [Speak(text="..."), Hangup()]')
    actions.update(word for word in ("Speak", "Hangup") if f"{word}(" in body)
    if kind == "HANGUP":  # the action has the same name
        ours, annotation = {"Reply", "events", "hang_up_the_rest"}, "events.Hangup"
    imports = [f"from offhook.handler import {', '.join(sorted(ours))}"]
    if actions:
        imports.insert(0, f"from offhook.actions import {', '.join(sorted(actions))}")
    signature = f"def {function}(event: {annotation}) -> Reply:"
    lines = [*imports, "", f"@router.{kind.lower()}({about})", signature, f"    {body}"]
    return "To handle it, paste:\n\n" + "\n".join(lines) + "\n"
