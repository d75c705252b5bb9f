"""What we log, and how: never a phone number, never a digit, always the call and the sequence.

The standard logger `offhook` is used; `flows/app.py` gives it Powertools' format. A line's
`offhook` record attribute holds the call's keys.
"""

import logging

from offhook.handler.events import Event

logger = logging.getLogger("offhook")


def keys(event: Event) -> dict[str, object]:
    """The fields that find a call in the logs."""
    return {
        "transaction_id": event.transaction_id,
        "sequence": event.sequence,
        "event": event.invocation_event_type,
        "leg": event.leg.participant_tag,
    }


def warn(event: Event, message: str) -> None:
    """Something the author should see; the call goes on."""
    logger.warning("%s: %s", _which(event), message, extra=keys(event))


def fail(event: Event, message: str, error: BaseException) -> None:
    """A handler failed; the caller hears the fallback."""
    logger.error("%s: %s", _which(event), message, exc_info=error, extra=keys(event))


def _which(event: Event) -> str:
    tag = event.leg.participant_tag
    return f"{event.invocation_event_type} {event.sequence}{f' on {tag}' if tag else ''} of {event.transaction_id}"
