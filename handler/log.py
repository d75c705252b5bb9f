"""What we log, and how: never a phone number, never a digit, always the call and the sequence.

The standard logger `offhook` is used; `flows/app.py` gives it Powertools' format. Each line has
the record attributes of `keys`. What a handler's exception quotes of the event is masked.
"""

import logging

from offhook.handler.event import Event
from offhook.handler.masking import masked_traceback

logger = logging.getLogger("offhook")


def keys(event: Event) -> dict[str, object]:
    """The record attributes that find a call in the logs: `extra=log.keys(event)`."""
    return {
        "correlation_id": event.transaction_id,
        "sequence": event.sequence,
        "event": event.invocation_event_type,
        "leg": event.leg.participant_tag,
    }


def say(level: int, event: Event, message: str) -> None:
    """Something the author should see, with what finds the call in the logs."""
    leg = event.leg.participant_tag
    place = f" on {leg}" if leg else ""
    which = f"{event.invocation_event_type} {event.sequence}{place} of {event.transaction_id}"
    logger.log(level, "%s: %s", which, message, extra=keys(event))


def warn(event: Event, message: str) -> None:
    """The call goes on, but not as it was meant."""
    say(logging.WARNING, event, message)


def fail(event: Event, message: str, error: Exception) -> None:
    """A handler failed; the caller hears the fallback."""
    say(logging.ERROR, event, f"{message}:\n{masked_traceback(error, event)}")
