"""What an application in use adds to each event: a line in the log, and a metric."""

import contextlib
import io
import logging
from collections.abc import Generator

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from benchmarks.answers.event import Answer, Event


class Nowhere(io.StringIO):
    """Takes what is written, and forgets it."""

    def write(self, text: str, /) -> int:
        """As of any text file."""
        return len(text)


NOWHERE = Nowhere()


def watched(answer: Answer) -> Answer:
    """The same answer, with an INFO line by Powertools Logger and a flush of Powertools Metrics."""
    logger = Logger(service="benchmark", level=logging.INFO, stream=NOWHERE)
    metrics = Metrics(service="benchmark", namespace="Benchmark")

    def answer_and_tell(event: Event) -> object:
        answered = answer(event)
        logger.info("answered", extra=KEYS)
        metrics.add_metric(name="Events", unit=MetricUnit.Count, value=1)
        metrics.flush_metrics()  # on standard output, as Lambda wants it
        return answered

    return answer_and_tell


KEYS = {"sequence": 2, "event": "ACTION_SUCCESSFUL", "leg": "LEG-A"}


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Metrics are printed: not into our table."""
    with contextlib.redirect_stdout(NOWHERE):
        yield
