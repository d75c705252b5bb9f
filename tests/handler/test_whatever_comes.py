"""Whatever comes, and whatever a flow does: a reply that the service takes, one line, one metric.

`make test` tries a few thousand events, `make check` as many as `EVENTS` says.
"""

import asyncio
import io
import json
import logging
import math
import os
import re
import sys
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from random import Random
from reprlib import Repr
from typing import cast
from unittest.mock import patch

from pydantic import JsonValue

from flows.app import lambda_handler
from offhook.actions import CallAndBridge, Hangup, Pause, Response, Speak
from offhook.actions.base import Action
from offhook.emulator.call.complaints import check
from offhook.handler import Event, Fallbacks, Reply, Router, carry_on, journal
from offhook.handler.event_types import EVENT_TYPES
from offhook.handler.fallbacks import Answer
from tests.handler.mutations import mutated
from tests.handler.payloads import Payload

SEED = 20261128
EVENTS = int(os.environ.get("EVENTS", "2000"))
SHARE = 1000
"""Events of one seed: what fails is repeated by `tried(seed)` alone."""


SHORT = Repr()
SHORT.maxdict, SHORT.maxlevel = 20, 8


class Leaves(BaseException):
    """Not even an Exception."""


ODD_REPLIES: tuple[object, ...] = (
    *("text", b"bytes", 5, {"Actions": ()}, [()], [None], [Hangup], [Hangup()] * 11, object()),
    Speak(text="x").model_copy(update={"text": "\ud800"}),
    Speak(text="x").model_copy(update={"text": math.nan}),
    Speak(text="x").model_copy(update={"text": {1, 2}}),
    Speak(text="x").model_copy(update={"call_id": b"bytes"}),
    Pause.model_construct(duration_in_milliseconds="soon"),
    Action.from_wire({"Type": "Speak", "Parameters": {"Text": "x", "More": "\ud800"}}),
    Action.from_wire({"Type": "Speak", "Parameters": {"Text": "x", "More": math.inf}}),
    Action.from_wire({"Type": "Dance", "Parameters": {}}),
    CallAndBridge.model_construct(uri=None),
    Response([], attributes={"\ud800": "x"}),
    Response([], attributes=cast("dict[str, JsonValue]", {1: "x"})),
    Response([], attributes={"x": math.nan}),
    Response([], attributes={"x": "y" * 30_000}),
)
ERRORS: tuple[type[BaseException], ...] = (
    *(KeyError, SystemExit, RecursionError, MemoryError, GeneratorExit, Leaves, UnicodeError),
    asyncio.CancelledError,
)


def misbehaving(random: Random) -> Router:
    """A router whose parts fail now and then."""

    def fails(event: Event) -> Reply:
        match random.randrange(5):
            case 0:
                raise random.choice(ERRORS)(str(event.raw)[:99])
            case 1:
                return cast("Reply", random.choice(ODD_REPLIES))
            case 2:
                return [Speak(text=event.leg_a.other_party or "ü"), Hangup()]
            case 3:
                return Hangup(call_id=event.leg.call_id)
            case _:
                return carry_on(event)

    def around(event: Event, answer: Answer) -> Reply:
        return fails(event) if random.random() < 0.1 else answer(event)

    def checks(event: Event, _leaves: object) -> None:
        if random.random() < 0.1:
            fails(event)

    def excuses(event: Event, _error: Exception) -> Reply:
        return fails(event)

    router = Router(fallbacks=Fallbacks(handler_failed=fails, hangup=fails, unknown_event=fails))
    router.around()(around)
    router.check()(checks)
    router.exception(KeyError)(excuses)
    for event_type in EVENT_TYPES:
        getattr(router, event_type.lower())()(fails)
    return router


class Records(logging.Handler):
    """What is logged, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[logging.LogRecord, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record, record.getMessage()))


@contextmanager
def recorded() -> Generator[Records]:
    """The log and its metrics; nothing else may be written."""
    logger, records = logging.getLogger("offhook"), Records()
    before = logger.handlers, logger.propagate, logger.level, journal.NAMESPACE, sys.stderr
    logger.handlers, logger.propagate = list[logging.Handler]([records]), False
    journal.NAMESPACE = "Offhook"
    logger.setLevel(logging.INFO)
    sys.stderr = io.StringIO()
    try:
        yield records
        assert sys.stderr.getvalue() == ""
    finally:
        logger.handlers, logger.propagate, level, journal.NAMESPACE, sys.stderr = before
        logger.setLevel(level)


def complaint(event: object, reply: object) -> str:
    """What Lambda's client, or the service, would not take; empty where both do."""
    wire = json.loads(json.dumps(reply, ensure_ascii=False, allow_nan=False).encode())
    told = cast("Payload", event) if isinstance(event, dict) else {}
    kind = told.get("InvocationEventType") or told.get("InvocationEvent")
    version = told.get("SchemaVersion")
    if not (isinstance(version, str) and re.fullmatch(r"[0-9]+\.[0-9]+", version)):
        version = "1.0"
    found = check(wire, kind if isinstance(kind, str) else "", version)
    return found.hint if found else ""


def uneven(records: Records) -> str:
    """How the failures that were told differ from those that were counted."""
    told = sum(
        record.levelno == logging.ERROR
        or (record.levelno == logging.WARNING and not hasattr(record, "flow"))  # no flow is asked
        for record, _ in records.lines
    )
    counted = [vars(record) for record, _ in records.lines if hasattr(record, "_aws")]
    metrics = [
        cast("int", line.get(name, 0))
        for line in counted
        for name in ("HandlerErrors", "MalformedEvents")
    ]
    if len(counted) == 1 and told == sum(metrics):
        return ""
    return f"{told} lines, and {metrics}: {records.lines}"


def tried(seed: int) -> str:
    """The first of the events of a seed that comes to grief, and how; empty where none does."""
    random = Random(seed)
    routers = lambda_handler, Router(), misbehaving(random)
    in_lambda = {"AWS_LAMBDA_FUNCTION_NAME": "calls"} if seed % 2 else {}  # where lines are masked
    with recorded() as records, patch.dict(os.environ, in_lambda):
        for number in range(SHARE):
            event = mutated(random)
            records.lines.clear()
            router = routers[number % 3]
            try:
                wrong = complaint(event, router(event, None)) or uneven(records)
            except BaseException as error:
                wrong = repr(error)
            if wrong:
                return f"seed {seed}, event {number}: {wrong}\n{SHORT.repr(event)}"
    return ""


def test_whatever_comes_the_reply_is_one_that_the_service_takes() -> None:
    seeds = range(SEED, SEED + EVENTS // SHARE)
    if len(seeds) <= 3:
        assert "".join(map(tried, seeds)) == ""
        return
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as processes:
        assert "".join(processes.map(tried, seeds)) == ""
