"""One call started with a key, beside the bare request: the price of never dialling twice."""

from collections.abc import Callable
from itertools import count
from time import perf_counter

from benchmarks.desk import OPEN, OURS, TABLE, THEIRS, Measured, desk
from benchmarks.table import Section, compared, duration
from benchmarks.turns import Effort, take_turns
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.ledger import Ledger
from offhook.handler.calling.requests import StartCall

CALLS = 10
"""Started in one turn."""


def measure(effort: Effort) -> Section:
    """Both ask the same API, over HTTP."""
    with desk() as here:
        asked = Asked(here)
        calls = Calls(
            here.voice,
            Ledger(here.dynamodb, TABLE),
            OPEN,
            application=here.application,
            calls_per_second=10_000,
            calls_up=10**6,
        )
        keys = count()

        def ours() -> None:
            calls.start(
                StartCall(key=f"call-{next(keys)}", to_phone_number=THEIRS, from_phone_number=OURS)
            )

        def bare() -> None:
            here.voice.create_sip_media_application_call(
                FromPhoneNumber=OURS,
                ToPhoneNumber=THEIRS,
                SipMediaApplicationId=here.application,
            )

        number = 1 if effort.is_once else CALLS
        turns = {"ours": _timed(ours, number), "bare": _timed(bare, number)}
        ours()
        asked.of_dynamodb, asked.seconds = 0, 0.0
        found = take_turns(turns, effort.turns)
    started = number * effort.turns
    asking = asked.seconds / started
    own = [max(seconds - asking, 0.0) for seconds in found["ours"]]
    return Section(
        "One call started with a key",
        [
            compared("the bare request", found["ours"], found["bare"]),
            compared("the bare request, without DynamoDB's part of ours", own, found["bare"]),
        ],
        f"Ours asks DynamoDB {asked.of_dynamodb / started:.1f} times for a call: here "
        f"{duration(asking)}, in a region as many round trips.",
    )


class Asked:
    """How often DynamoDB was asked, and how long that took."""

    def __init__(self, here: Measured) -> None:
        self.of_dynamodb = 0
        self.seconds = 0.0
        self._began = 0.0
        events = here.dynamodb.meta.events
        events.register("before-send", self._sends)
        events.register("response-received", self._has)

    def _sends(self, **_said: object) -> None:
        self._began = perf_counter()

    def _has(self, **_said: object) -> None:
        self.of_dynamodb += 1
        self.seconds += perf_counter() - self._began


def _timed(work: Callable[[], object], number: int) -> Callable[[], float]:
    def run() -> float:
        began = perf_counter()
        for _ in range(number):
            work()
        return (perf_counter() - began) / number

    return run
