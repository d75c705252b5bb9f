"""One line for every event: what came and what went. In Lambda the same line carries the metrics.

The line goes to the standard logger `offhook` at INFO; Powertools' formatter makes it JSON (see
`flows/app.py`). When `POWERTOOLS_METRICS_NAMESPACE` is set, the line is CloudWatch's embedded
metric format as well, and is then written at any log level: one line costs half of two.

Nothing in it comes from a caller: no numbers, digits, headers, arguments or attributes.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from typing import cast, get_args

from pydantic import JsonValue

from offhook.actions.base import Action, ErrorType, action_class
from offhook.handler.errors import ReplyRefused
from offhook.handler.events import ActionFailed, Event
from offhook.handler.log import keys, logger
from offhook.handler.of_actions import action_type_of

ERROR_TYPES = frozenset(get_args(ErrorType))
OTHER = "other"
"""What a metric calls what we do not know: its names must not come from outside."""


NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "")
"""The namespace of the metrics; empty where there are none. Read once: a look-up costs 0.8 us."""


def is_kept() -> bool:
    """Whether anybody reads the line."""
    return bool(NAMESPACE) or logger.isEnabledFor(logging.INFO)


def note(
    event: Event, reply: Mapping[str, JsonValue], *, error: Exception | None, seconds: float
) -> None:
    """Write the line: the event, the function that answered it, what it answered, how long."""
    went = [str(action["Type"]) for action in _actions(reply)]
    fields: dict[str, object] = {
        **keys(event),
        "event": event.TYPE or OTHER,
        "flow": _name(event.answered_by),
        "actions": went,
        "Duration": round(seconds * 1000, 3),
    }
    if event.TYPE == ActionFailed.TYPE:
        error_type = cast("ActionFailed[Action[object]]", event).error_type
        fields["error_type"] = error_type if error_type in ERROR_TYPES else OTHER
    action = action_type_of(event)
    if action:
        fields["action"] = action if action_class(action) else OTHER
    if NAMESPACE:
        fields.update(_metrics(event, error))
    message = f"{fields['event']} {event.sequence} -> {', '.join(went) or 'no actions'}"
    logger.handle(
        logger.makeRecord(
            logger.name, logging.INFO, __file__, 0, message, (), None, "journal", fields
        )
    )


def _name(function: Callable[..., object] | None) -> str:
    if function is None:
        return "fallback"
    return f"{function.__module__}.{getattr(function, '__qualname__', '')}"


def _metrics(event: Event, error: Exception | None) -> dict[str, object]:
    counts = {
        "Calls": event.sequence == 1,
        "Events": True,
        "UnhandledEvents": not event.answered_by and error is None and not event.ignores_actions,
        "HandlerErrors": error is not None,
        "RefusedReplies": isinstance(error, ReplyRefused),
    }
    values: dict[str, object] = {name: 1 for name, counted in counts.items() if counted}
    of_service = [{"Name": name, "Unit": "Count"} for name in values]
    of_service.append({"Name": "Duration", "Unit": "Milliseconds"})
    directives: list[object] = [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"], ["service", "event"]],
            "Metrics": of_service,
        }
    ]
    if event.TYPE == ActionFailed.TYPE:
        values["ActionFailures"] = 1
        directives.append(
            {
                "Namespace": NAMESPACE,
                "Dimensions": [["service"], ["service", "action", "error_type"]],
                "Metrics": [{"Name": "ActionFailures", "Unit": "Count"}],
            }
        )
    timestamp = int(time.time() * 1000)
    return {**values, "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": directives}}


def _actions(reply: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    actions = reply["Actions"]
    assert isinstance(actions, list)
    return [action for action in actions if isinstance(action, dict)]
