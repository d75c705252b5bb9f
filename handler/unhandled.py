"""What the log says of an event that nobody handles: the function to paste."""

from offhook.actions.base import UnknownAction, action_class, snake_case
from offhook.handler.events import Event
from offhook.handler.predicates import action_type_of

_BODIES = {
    "NEW_OUTBOUND_CALL": "return None  # actions are ignored before CALL_ANSWERED",
    "RINGING": "return None  # actions are ignored before CALL_ANSWERED",
    "ACTION_INTERRUPTED": "return None  # actions are ignored here",
    "HANGUP": "return [Hangup(call_id=leg.call_id) for leg in event.connected]",
}


def pasteable(event: Event) -> str:
    """A handler for exactly this event."""
    kind = event.TYPE
    if not kind:
        return (
            f"This version does not know {event.invocation_event_type!r}: the call goes on. Look for a newer "
            "version of offhook."
        )
    name = "".join(part.capitalize() for part in kind.split("_"))
    action = action_type_of(event)
    known = action_class(action)
    about = action if known is not None and known is not UnknownAction else ""
    takes_action = kind in ("ACTION_SUCCESSFUL", "ACTION_FAILED", "ACTION_INTERRUPTED") and about
    decorator = f"@router.{kind.lower()}({about if takes_action else ''})"
    annotation = f"{name}[{about}]" if takes_action else f"events.{name}"
    function = f"{snake_case(about)}_{kind.rpartition('_')[2].lower()}" if takes_action else kind.lower()
    body = _BODIES.get(kind, 'return [Speak(text="..."), Hangup()]')
    actions = sorted({word for word in ("Speak", "Hangup") if f"{word}(" in body} | ({about} if takes_action else set()))
    imports = [f"from offhook.actions import {', '.join(actions)}"] if actions else []
    imports.append(
        f"from offhook.handler import {name}, Reply"
        if takes_action
        else "from offhook.handler import Reply, events"
    )
    return "\n".join(
        [*imports, "", decorator, f"def {function}(event: {annotation}) -> Reply:", f"    {body}"]
    )
