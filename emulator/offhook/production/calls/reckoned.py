"""What a long list comes to on paper: days, costs, and what single items of the ledger bear."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ITEM_WRITES: Final = 1000
"""Write units a second of one item (DynamoDB's developer guide, partition design)."""

RATES: Final = (1.0, 5.0, 10.0, 25.0)
"""Calls a second: the account's quota, which is 1 unless it is raised."""

DAY_SECONDS: Final = 86_400
RETENTION_DAYS: Final = 14
"""So long does the queue keep a message."""

WRITES: Final[Mapping[str, int]] = {
    "reserve": 2, "pace": 1, "right to dial": 15, "accept": 3, "confirm": 3, "answered": 2,
    "ended": 3, "said": 2,
}  # fmt: skip
"""Write units of a call that is dialled at once: one for each item of up to 1 KB, and for its copy
in the index; twice as many for each of the seven items of the transaction that gives the right."""

READS: Final = 3
"""Read units: each event after the first looks up the call's key."""

ITEMS: Final[Mapping[str, int]] = {
    "the pace (pace#start)": 1,
    "a cap of the day (cap#all, cap#from)": 2,
    "the calls that are up (up)": 3,
    "one list in the index (batch)": 7,
}
"""Write units that a call takes of a single item, while that is below 1 KB."""


@dataclass(frozen=True)
class Prices:
    """US dollars, list prices of us-east-1 as read in November 2026; each may be overridden."""

    queue: float = 0.40
    """A million requests to SQS: aws.amazon.com/sqs/pricing."""
    invocations: float = 0.20
    """A million invocations: aws.amazon.com/lambda/pricing."""
    gb_second: float = 0.0000133334
    """A GB-second of arm64: aws.amazon.com/lambda/pricing."""
    writes: float = 0.625
    """A million write request units: aws.amazon.com/dynamodb/pricing/on-demand."""
    reads: float = 0.125
    """A million read request units: aws.amazon.com/dynamodb/pricing/on-demand."""
    logs: float = 0.50
    """A GB that is taken in: aws.amazon.com/cloudwatch/pricing."""
    minute: float = 0.0
    """Of a call. It depends on the country: aws.amazon.com/chime/chime-sdk/pricing."""


def days(calls: int, per_second: float, hours: float) -> float:
    """How many days a list takes, of which so many hours each may be dialled."""
    return calls / (per_second * hours * 3600)


def costs(calls: int, prices: Prices, minutes: float) -> Mapping[str, float]:
    """Of each part, in US dollars, where each call is dialled when it is first received."""
    million = calls / 1e6
    seconds = 1.0 + 5 * 0.1  # of the trigger, a turn; and of the call's function, five events
    return {
        "SQS: sent ten at a time, received and deleted five at a time": million
        * 0.5
        * prices.queue,
        "Lambda: invocations (a fifth for the trigger, five events)": million
        * 5.2
        * prices.invocations,
        f"Lambda: {seconds:g} s of 512 MB": calls * seconds * 0.5 * prices.gb_second,
        f"DynamoDB: {sum(WRITES.values())} write units": million
        * sum(WRITES.values())
        * prices.writes,
        f"DynamoDB: {READS} read units": million * READS * prices.reads,
        "CloudWatch Logs: 4 kB": calls * 4e-6 * prices.logs,
        f"calls of {minutes:g} minutes": calls * minutes * prices.minute,
    }


def borne() -> Mapping[str, float]:
    """Calls a second that each single item bears."""
    return {name: ITEM_WRITES / units for name, units in ITEMS.items()}
