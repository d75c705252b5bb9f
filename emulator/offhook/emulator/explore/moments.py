"""When a line answers otherwise: found within a week by asking, not given."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=30)
A_WEEK = timedelta(days=7)
MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
"""The week begins here, a Monday in UTC, two weeks before clocks change anywhere large."""
NO_START = re.compile(r'^"(?:Runtime\.|.* in <module>)')
"""What is said of a function that does not start: each question would start it anew."""
MOST = 6
"""So many moments at which the first replies differ are explored."""


def moments(
    reply_at: Callable[[datetime], str],
    usual: datetime,
    is_late: Callable[[], bool] = lambda: False,
) -> list[datetime]:
    """The `usual` moment, and the first one of each other reply within a week of half hours, until
    it `is_late`; not where the reply is another one at the same moment, too, or there is none at
    any."""
    first = reply_at(usual)
    if NO_START.match(first):
        return [usual]
    found = {first: usual}
    for step in range(A_WEEK // STEP):
        at = MONDAY + step * STEP
        found.setdefault(reply_at(at), at)
        if len(found) == MOST or is_late():
            break
    is_by_the_clock = reply_at(usual) == first
    return list(found.values()) if is_by_the_clock else [usual]
