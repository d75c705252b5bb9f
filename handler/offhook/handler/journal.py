"""One line for every event: what came and what went. In Lambda the same line carries the metrics.

The line goes to the standard logger `offhook` at INFO; `offhook.handler.log` makes it JSON. When
`POWERTOOLS_METRICS_NAMESPACE` is set, the line is CloudWatch's embedded metric format as well, and
is then written at any log level: one line costs half of two.

Nothing in it comes from a caller: no numbers, digits, headers, arguments or attributes.
"""

import logging
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import cast, get_args

from pydantic import JsonValue

from offhook.actions.base import Action, ErrorType, action_class
from offhook.handler.action_events import action_type_of
from offhook.handler.errors import ReplyRefused
from offhook.handler.events import ActionFailed, Event
from offhook.handler.log import FALLBACK, OTHER, keys, logger, unfailing

ERROR_TYPES = frozenset(get_args(ErrorType))

NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "")
"""The namespace of the metrics; empty where there are none. Read once: a look-up costs 0.8 us."""


def is_kept() -> bool:
    """Whether anybody reads the line."""
    return bool(NAMESPACE) or logger.isEnabledFor(logging.INFO)


@unfailing()
def note(event: Event, reply: Mapping[str, JsonValue], flow: str, seconds: float) -> None:
    """Write the line: the event, the function that answered it, what it answered, how long."""
    went = [action["Type"] for action in cast("list[dict[str, JsonValue]]", reply["Actions"])]
    fields = keys(event) | {"flow": flow, "actions": went, "Duration": round(seconds * 1000, 3)}
    if action := action_type_of(event):
        fields["action"] = action if action_class(action) else OTHER
    is_failure = event.TYPE == ActionFailed.TYPE
    if is_failure:
        error_type = cast("ActionFailed[Action[object]]", event).error_type
        fields["error_type"] = error_type if error_type in ERROR_TYPES else OTHER
    if NAMESPACE:
        counted = _counted(event, flow)
        fields.update(counted)
        if is_failure:
            fields["ActionFailures"] = 1
        directives = _directives(NAMESPACE, tuple(counted), is_failure)
        fields["_aws"] = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives}
    # With arguments, because Powertools tries to read a message without any as JSON.
    told = (fields["event"], fields["sequence"], ", ".join(map(str, went)) or "no actions")
    record = logger.makeRecord(
        logger.name, logging.INFO, "journal.py", 0, "%s %s -> %s", told, None, "journal", fields
    )
    logger.handle(record)


def _counted(event: Event, flow: str) -> dict[str, int]:
    """What the event adds to which metrics. Each failure is one, as it is one line in the log."""
    counts = {"Events": 1}
    if event.sequence == 1:
        counts["Calls"] = 1
    if event.flaw is not None:
        counts["MalformedEvents"] = 1
    if event.failures:
        counts["HandlerErrors"] = len(event.failures)
        if refused := sum(isinstance(one, ReplyRefused) for one in event.failures):
            counts["RefusedReplies"] = refused
    elif flow == FALLBACK and event.flaw is None and not event.ignores_actions:
        counts["UnhandledEvents"] = 1
    return counts


@cache
def _directives(namespace: str, counted: tuple[str, ...], is_failure: bool) -> list[object]:
    """Which metrics the line carries, by which dimensions. There are few, so each is made once.

    Each pair of a name and values is a metric of its own, which CloudWatch bills by the month:
    so what fails how often goes by service, and only what is asked for by more.
    """
    counts: list[object] = [{"Name": name, "Unit": "Count"} for name in counted]
    failures: list[object] = [{"Name": "ActionFailures", "Unit": "Count"}]
    duration: object = {"Name": "Duration", "Unit": "Milliseconds"}
    by_service = [*counts, *(failures if is_failure else []), duration]
    found = [(["service"], by_service), (["service", "event"], counts[:1])]
    if is_failure:
        found.append((["service", "action", "error_type"], failures))
    return [
        {"Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics}
        for dimensions, metrics in found
    ]
