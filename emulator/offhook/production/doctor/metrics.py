"""What was counted and written of the last 24 hours."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from offhook.production.doctor.account import parts
from offhook.production.doctor.link import Link

WINDOW: Final = timedelta(hours=24)
"""How far back trouble is of interest."""


def count(
    link: Link, namespace: str, metric: str, dimensions: list[dict[str, str]], how: str = "Sum"
) -> float:
    """A metric of the last 24 hours: its sum, or its `Maximum`; 0 where it is not seen."""
    now = datetime.now(UTC)
    found = link.ask(
        "cloudwatch",
        "GetMetricStatistics",
        Namespace=namespace,
        MetricName=metric,
        Dimensions=dimensions,
        StartTime=now - WINDOW,
        EndTime=now,
        Period=3600,
        Statistics=[how],
    )
    values = [float(point[how]) for point in parts(found, "Datapoints")]
    return max(values, default=0) if how == "Maximum" else sum(values)


def last_words(link: Link, group: str, pattern: str, wanted: re.Pattern[str]) -> list[str]:
    """Lines of a log group of the last 24 hours, oldest first, each of at most 200 characters.
    `pattern` is CloudWatch's, which saves lines; `wanted` decides."""
    since = datetime.now(UTC) - WINDOW
    found = link.each(
        "logs",
        "FilterLogEvents",
        "events",
        logGroupName=group,
        startTime=int(since.timestamp() * 1000),
        filterPattern=pattern,
    )
    lines = [" ".join(str(event["message"]).split()) for event in found or ()]
    return [line[:200] for line in lines if wanted.search(line)]
