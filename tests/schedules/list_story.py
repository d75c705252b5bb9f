"""A list of calls, from the file to the report, while executions are killed at random, messages
come twice, and somebody stops all dialling and goes on.

Those who did not answer are called once more, by a second list; so is everybody who pressed 9.
"""

import io
import json
import random
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from offhook.command.main import main
from offhook.emulator.function.moment import Seen
from offhook.handler import trigger
from offhook.handler.arguments import key_of
from offhook.handler.calling import environment
from offhook.handler.calling.dial_policy import DialPolicy, Hours
from offhook.handler.calling.dialler import Calls
from offhook.production.calls.line import Line
from offhook.production.calls.wanted import read_list
from tests.schedules.asking import Context
from tests.schedules.callees import Callees
from tests.schedules.network import Network, answered
from tests.schedules.schedule import Killed, Schedule
from tests.schedules.service import OURS, THE_OTHER
from tests.schedules.sqs import REQUESTS, Queue
from tests.schedules.world import TABLE, World

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

BATCH, EXECUTIONS, SECONDS = 5, 3, 30.0
"""Messages of a batch, executions at a time, the timeout of one."""
PER_SECOND, MOST_UP, PER_DESTINATION = 1.0, 12, 1
HOURS: Final = "08:00-21:00"
PLACES: Final = ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles")
KILLED: Final = 0.002
"""How likely an execution dies before or after a request."""
REFUSED: Final = 0.03
"""How likely the service refuses a call for a moment."""
LONGEST_SECONDS: Final = 30 * 86_400.0


@dataclass(frozen=True)
class Wanted:
    """A row of a list."""

    key: str
    number: str
    from_: str
    time_zone: str


class Deaths(Network):
    """Executions of the trigger die; the service refuses calls for a moment, or its answer is
    lost. All else goes well."""

    doubts = 0
    """How often nobody can know whether a call was placed."""

    def _fault(self, service: str) -> str:
        dice = self.schedule.random
        if not self.schedule.actor.startswith("execution"):
            return ""
        if dice.random() < KILLED:
            fault = dice.choice(("killed before", "killed after"))
        elif service == "chime-sdk-voice" and dice.random() < REFUSED:
            fault = dice.choice(("not connected", "not connected", "not connected", "answer lost"))
        else:
            return ""
        self.doubts += fault != "not connected"
        return fault


class ListStory:
    """A list of so many callees, and the course of events of a seed."""

    def __init__(self, world: World, callees: int, seed: int) -> None:
        self.schedule = schedule = Schedule(seed)
        random.seed(seed)
        self.seed = seed
        self.network = world.network = Deaths(schedule, self._reach)
        self.network.calm()
        self.queue = Queue(schedule)
        self.callees = Callees(schedule, world.service, seed)
        self.rows = {row.key: row for row in self._rows(callees)}
        self.lists: dict[str, int] = {}
        """The lists that were started, and how many calls each has."""
        self.per_day, self.per_caller = max(2, callees * 45 // 100), max(1, callees * 30 // 100)
        self.stops: list[tuple[float, float]] = []
        """From when to when nobody was to be dialled."""
        self.is_over = False
        self.executions = 0
        ledger = world.make_ledger(world.ledger, TABLE, now=schedule.now, sleep=schedule.sleep)
        policy = DialPolicy(
            destinations=("+155501",),
            from_numbers=(OURS, THE_OTHER),
            hours=Hours.parse(HOURS),
            per_destination=PER_DESTINATION,
            per_caller=self.per_caller,
            per_day=self.per_day,
        )
        desk = Calls(
            world.voice,
            ledger,
            policy,
            application=world.service.application,
            calls_per_second=PER_SECOND,
            calls_up=MOST_UP,
            sleep=schedule.sleep,
        )
        world.patch.setattr(environment, "ledger", lambda: ledger)
        world.patch.setattr("offhook.handler.calls.ledger", lambda: ledger)
        world.patch.setattr(environment, "configured", lambda: desk)
        session = boto3.Session()
        session.events.register_last("before-send.sqs", cast("Callable[..., None]", self._sends))
        self._line = Line(session, REQUESTS, TABLE)
        self._book = self._line.book()
        self._world = world

    def play(self) -> None:
        """From the first row to the last report."""
        schedule = self.schedule
        schedule.start("whoever has the list", self._calls_all)
        schedule.start("whoever watches", self._stops_and_goes)
        for number in range(EXECUTIONS):
            schedule.start(f"execution {number}", self._works, number / 10)
        schedule.run(LONGEST_SECONDS)

    def report(self, batch: str) -> Mapping[str, object]:
        """What `offhook calls report` says at this moment, as JSON."""
        said = io.StringIO()
        with Seen(self.schedule.now()), redirect_stdout(said):
            main(["calls", "report", batch, "--json", "--ledger", TABLE])
        return cast("Mapping[str, object]", json.loads(said.getvalue()))

    # Whoever has the list.

    def _rows(self, callees: int) -> list[Wanted]:
        dice = self.schedule.random
        numbers = dice.sample(range(100_000), callees)
        rows: list[Wanted] = []
        for place, number in enumerate(numbers):
            is_shared = place > 0 and dice.random() < 0.02  # by two of a household
            to = rows[-1].number if is_shared else f"+155501{number:05}"
            zone = rows[-1].time_zone if is_shared else PLACES[number % len(PLACES)]
            rows.append(Wanted(f"callee-{place}", to, dice.choice((OURS, THE_OTHER)), zone))
        return rows

    def _calls_all(self) -> None:
        self._send("first", list(self.rows.values()))
        self._waits()
        found = cast("list[Mapping[str, str]]", self.report("first")["calls"])
        again = [
            self.rows[call["key"]]
            for call in found
            if call["outcome"] in ("busy", "no answer") or call["said"] == "never"
        ]
        rows = [Wanted(f"{row.key}:2", row.number, row.from_, row.time_zone) for row in again]
        self.rows |= {row.key: row for row in rows}
        if rows:
            self._send("second", rows)
        self._waits()
        self.is_over = True

    def _send(self, batch: str, rows: list[Wanted]) -> None:
        lines = ["key,number,from,time_zone,argument.name,argument.when"]
        lines += [f"{r.key},{r.number},{r.from_},{r.time_zone},Ada,tomorrow at ten" for r in rows]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, f"{batch}.csv")
            file.write_text("\n".join(lines))
            calls = read_list(file, batch, None)
        self._line.want(batch, len(calls))
        assert list(self._line.send(calls))[-1] == len(rows)
        self.lists[batch] = len(rows)

    def _waits(self) -> None:
        """Until the queue is empty, and every call has ended."""
        while len(self.queue) or any(call.is_up for call in self.callees.calls):
            self.schedule.sleep(300)
        self.schedule.sleep(600)  # what comes twice comes by then

    # Whoever watches.

    def _stops_and_goes(self) -> None:
        dice = self.schedule.random
        while not self.is_over:
            self.schedule.sleep(dice.choice((30, 600, 20_000)) * dice.random())
            since = self.schedule.now()
            self._book.stop()
            self.schedule.sleep(dice.choice((60, 300, 1200)) * dice.random())
            self._book.go()
            self.stops.append((since, self.schedule.now()))

    # Lambda.

    def _works(self) -> None:
        """One execution after another, as long as there is work."""
        schedule = self.schedule
        while not self.is_over:
            batch = self.queue.receive(BATCH)
            if not batch:
                schedule.sleep(max(1.0, min(self.queue.seconds_until_next(), 300)))
                continue
            self.executions += 1
            context = cast("LambdaContext", Context(schedule, schedule.now() + SECONDS))
            try:
                answer = trigger.lambda_handler({"Records": [m.record() for m in batch]}, context)
            except Killed:
                schedule.revive()
                continue
            failed = cast("list[Mapping[str, str]]", answer["batchItemFailures"])
            back = {each["itemIdentifier"] for each in failed}
            for message in batch:
                if message.id not in back:
                    self.queue.delete(message)

    # The network.

    def _reach(self, service: str, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        if service == "sqs":
            return answered(request, 200, self.queue.asked(operation, _json(request)))
        response = self._world.session.send(request)
        if operation == "CreateSipMediaApplicationCall" and response.status_code == 201:
            asked, answer = (
                _json(request),
                cast("Mapping[str, object]", json.loads(response.content)),
            )
            key = key_of(cast("Mapping[str, str]", asked["ArgumentsMap"])) or ""
            call = cast("Mapping[str, str]", answer["SipMediaApplicationCall"])
            self.callees.accepted(key, cast("str", asked["ToPhoneNumber"]), call["TransactionId"])
        return response

    def _sends(self, request: AWSPreparedRequest, event_name: str, **_more: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        return answered(request, 200, self.queue.asked(operation, _json(request)))


def _json(request: AWSPreparedRequest) -> Mapping[str, object]:
    return cast("Mapping[str, object]", json.loads(cast("bytes", request.body)))
