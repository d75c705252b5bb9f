"""What we log, and how: never a phone number, never a digit, always the call and the sequence.

The standard logger `offhook` is used; `for_cloudwatch` gives it Powertools' format. Each line has
the record attributes of `keys`. What a handler's exception quotes of the event is masked.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from traceback import format_tb
from zlib import crc32

from offhook.handler.event import Event
from offhook.handler.masking import masked, masked_traceback

logger = logging.getLogger("offhook")

FALLBACK = "fallback"
"""The `flow` of what no function has answered."""

OTHER = "other"
"""What we call what we do not know: names that lines and metrics go by never come from outside."""


@contextmanager
def unfailing() -> Generator[None]:
    """Whatever befalls a log, the call goes on."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        last_line(error)


def last_line(error: BaseException) -> None:
    """A line that needs no logger: one has failed, or our own code. It counts a HandlerErrors."""
    with suppress(BaseException):
        namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "")
        metrics = [{"Name": "HandlerErrors", "Unit": "Count"}]
        count = {"Namespace": namespace, "Dimensions": [["service"]], "Metrics": metrics}
        line = {
            "message": f"Offhook itself failed: {type(error).__name__}",
            "where": "".join(format_tb(error.__traceback__)[-1:]),
            "service": os.environ.get("POWERTOOLS_SERVICE_NAME", ""),
            "HandlerErrors": 1,
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [count]},
        }
        print(json.dumps(line), file=sys.stderr, flush=True)


def keys(event: Event) -> dict[str, object]:
    """The record attributes that find a call in the logs: `extra=log.keys(event)`."""
    return {
        "correlation_id": event.transaction_id,
        "sequence": event.sequence,
        "event": event.TYPE or OTHER,
        "leg": event.leg.participant_tag,
    }


def say(level: int, event: Event, message: str, **more: str) -> None:
    """Something the author should see, with what finds the call in the logs."""
    leg = event.leg.participant_tag
    place = f" on {leg}" if leg else ""
    which = f"{event.invocation_event_type} {event.sequence}{place} of {event.transaction_id}"
    logger.log(level, "%s: %s", which, message, extra=keys(event) | more)


@unfailing()
def warn(event: Event, message: str, **more: str) -> None:
    """The call goes on, but not as it was meant. What the message quotes of the event is masked."""
    say(logging.WARNING, event, masked(message, event), **more)


@unfailing()
def fail(event: Event, message: str, *failures: BaseException, **more: str) -> None:
    """A handler failed, after others perhaps; the caller hears the fallback. It is counted."""
    event.failures += failures[:1]
    told = "\nafter\n".join(masked_traceback(error, event) for error in failures)
    say(logging.ERROR, event, f"{message}:\n{told}", **more)


def for_cloudwatch() -> None:
    """In Lambda, write these lines as JSON, by Powertools Logger; elsewhere, change nothing.

    Powertools' environment variables are the settings: `POWERTOOLS_SERVICE_NAME`,
    `POWERTOOLS_LOG_LEVEL` (INFO unless set) and `POWERTOOLS_LOGGER_SAMPLE_RATE`, the share of
    calls, 0 (unless set) to 1, whose every line is kept whatever its level.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

    # One encoder for all lines: json.dumps, the default, makes one for each. It writes ASCII, for
    # half a surrogate in an event would keep its line from being written.
    encoder = json.JSONEncoder(default=str, separators=(",", ":"))
    # Powertools samples once, at start: with SnapStart, that is once for all.
    powertools = Logger(json_serializer=encoder.encode, sampling_rate=0)
    powertools.remove_keys(["sampling_rate"])
    copy_config_to_registered_loggers(powertools, include={logger.name})
    logger.disabled = False  # as logging.config leaves all that there are, unless told otherwise
    if share := _share(os.environ.get("POWERTOOLS_LOGGER_SAMPLE_RATE", "")):
        logger.addFilter(_kept(logger.level, share))
        logger.setLevel(logging.DEBUG)


def _kept(level: int, share: float) -> Callable[[logging.LogRecord], bool]:
    """A filter: lines from a level up, metrics, and all lines of a share of calls."""

    def is_kept(record: logging.LogRecord) -> bool:
        call = str(getattr(record, "correlation_id", ""))
        is_metric = hasattr(record, "_aws")
        return record.levelno >= level or is_metric or crc32(call.encode()) < share * 2**32

    return is_kept


def _share(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        logger.warning("POWERTOOLS_LOGGER_SAMPLE_RATE is %r: it must be a number, 0 to 1", text)
        return 0
