"""What an application in use adds to each event: a line in the log, and a metric."""

import contextlib
import io
import logging
import os
from collections.abc import Callable, Generator

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from benchmarks.answers.event import Answer, Event
from offhook.handler import journal, log


class Nowhere(io.StringIO):
    """Takes what is written, and forgets it."""

    def write(self, text: str, /) -> int:
        """As of any text file."""
        return len(text)


NOWHERE = Nowhere()


KEYS = {"sequence": 2, "event": "ACTION_SUCCESSFUL", "leg": "LEG-A"}


def line_and_flush() -> Callable[[], None]:
    """An INFO line by Powertools Logger, and a flush of Powertools Metrics."""
    logger = Logger(service="benchmark", level=logging.INFO, stream=NOWHERE)
    metrics = Metrics(service="benchmark", namespace="Benchmark")

    def tell() -> None:
        logger.info("answered", extra=KEYS)
        metrics.add_metric(name="Events", unit=MetricUnit.Count, value=1)
        metrics.flush_metrics()  # on standard output, as Lambda wants it

    return tell


def watched(answer: Answer) -> Answer:
    """The same answer, with a line and a flush."""
    tell = line_and_flush()

    def answer_and_tell(event: Event) -> object:
        answered = answer(event)
        tell()
        return answered

    return answer_and_tell


@contextlib.contextmanager
def as_in_lambda() -> Generator[None]:
    """Offhook writes its own line, which is the metrics as well: nowhere, and until the end."""
    ours, namespace = log.logger, journal.NAMESPACE
    before = ours.handlers, ours.level, ours.propagate
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "benchmark"
    try:
        with quiet():
            log.for_cloudwatch()
        journal.NAMESPACE = "Benchmark"
        yield
    finally:
        del os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        journal.NAMESPACE = namespace
        ours.handlers, level, ours.propagate = before
        ours.setLevel(level)


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Metrics are printed: not into our table."""
    with contextlib.redirect_stdout(NOWHERE):
        yield
