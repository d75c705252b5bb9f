"""One schedule: calls are asked for, things go wrong, and in the end it must all be right."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from offhook.handler.arguments import key_of
from offhook.handler.calling import environment
from offhook.handler.calling.dial_policy import DialPolicy, Hours
from offhook.handler.calling.dialler import Calls
from offhook.handler.calling.ledger import LEASE_SECONDS, LONGEST_CALL_SECONDS, SETTLE_SECONDS
from offhook.handler.calling.table import Item
from tests.schedules.asking import Asking
from tests.schedules.network import Network, answered, refused
from tests.schedules.schedule import MORNING, Schedule
from tests.schedules.service import OURS
from tests.schedules.up import Line, function
from tests.schedules.world import TABLE, World

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import WriteRequestTypeDef

Items: TypeAlias = "Mapping[str, Item]"

ASKERS: Final = ("queue", "queue", "url", "program")

HOUR: Final = 3600.0

NUMBERS: Final = {"a": "+15550100190", "b": "+15550100190", "c": "+15550100191"}
"""Two keys ring the same number."""


@dataclass(frozen=True)
class Plan:
    """What the account and the policy of a schedule allow."""

    keys: tuple[str, ...]
    most_up: int
    per_destination: int
    per_day: int


class Story:
    """What happens in the schedule of one seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.schedule = schedule = Schedule(seed)
        dice = schedule.random
        random.seed(seed)  # the pauses of our code, and of botocore
        self.plan = Plan(
            keys=("a", "b", "c")[: dice.choice((1, 1, 1, 1, 2, 3))],
            most_up=dice.choice((1, 2, 10)),
            per_destination=dice.choice((1, 2, 10)),
            per_day=dice.choice((2, 10)),
        )
        self.network = world.network = Network(schedule, self._reach)
        self._skewed = 0.3 if dice.random() < 0.3 else 0.0
        self._skews: dict[str, float] = {}
        self._letters_are_taken = dice.random() > 0.15
        self.asking = Asking(schedule)
        losses = dice.choice((0.0, 0.0, 0.1, 0.4))
        echoes = 0.1 * bool(losses)
        self.line = Line(schedule, world.service, losses=losses, echoes=echoes, function=function)
        self.events_are_lost = self.line.losses > 0
        self.world = world
        self.ledger = world.make_ledger(world.ledger, TABLE, now=self.clock, sleep=schedule.sleep)
        policy = DialPolicy(
            destinations=("+1555010",),
            from_numbers=(OURS,),
            hours=Hours.parse("00:00-00:00"),
            time_zone="UTC",
            per_destination=self.plan.per_destination,
            per_day=self.plan.per_day,
        )
        desk = Calls(
            world.voice,
            self.ledger,
            policy,
            application=world.service.application,
            calls_up=self.plan.most_up,
            sleep=schedule.sleep,
        )
        world.patch.setattr(environment, "ledger", lambda: self.ledger)
        world.patch.setattr(environment, "configured", lambda: desk)

    def play(self) -> None:
        """Everybody asks, and everything happens."""
        dice = self.schedule.random
        for key in self.plan.keys:
            for _ in range(dice.choice((1, 2, 2, 3))):
                late = dice.random() < 0.15
                after = dice.random() * (dice.choice((0.05, 1)) if not late else 250)
                self.asking.ask(dice.choice(ASKERS), self._start(key), after)
            if dice.random() < 0.25:
                redirect = {"operation": "redirect", "key": key, "arguments": {"say": "hello"}}
                for _ in range(2):
                    after = dice.random() * 20
                    self.asking.ask(dice.choice(ASKERS), {**redirect, "id": "r1"}, after)
            if dice.random() < 0.3:
                cancel = {"operation": "cancel", "key": key}
                self.asking.ask(
                    dice.choice(ASKERS), cancel, dice.random() * dice.choice((0.02, 10))
                )
        self.schedule.run()

    def clock(self) -> float:
        """What time it is for whoever asks: the clocks of some are an hour off."""
        if self.schedule.actor not in self._skews:
            dice = self.schedule.random
            is_off = dice.random() < self._skewed
            self._skews[self.schedule.actor] = dice.choice((-HOUR, HOUR)) if is_off else 0.0
        return self.schedule.now() + self._skews[self.schedule.actor]

    def settle(self) -> None:
        """All goes well again, and time passes until nobody waits for anything any more."""
        self.network.calm()
        self.line.losses = 0.0
        self._skewed, self._letters_are_taken = 0.0, True
        self.schedule.time += LEASE_SECONDS + SETTLE_SECONDS

    def ask_again(self, key: str) -> tuple[int, str]:
        """Whoever asks for the call of a key now: the status, and its state."""
        told: list[tuple[int, str]] = []

        def ask() -> None:
            status, state, _ = self.asking.request(self._start(key))
            told.append((status, state))

        self.schedule.start("again", ask)
        self.schedule.run()
        if told[0][0] == 429:  # calls of whose end nobody told count as up for so long
            self.schedule.time += LONGEST_CALL_SECONDS + HOUR
            self.schedule.start("again, later", ask)
            self.schedule.run()
        return told[-1]

    @property
    def is_long_after(self) -> bool:
        """Whether calls of whose end nobody told no longer count as up."""
        return self.schedule.now() > MORNING + LONGEST_CALL_SECONDS

    @property
    def is_hurt(self) -> bool:
        """Whether an execution was killed, or the ledger was not always within reach."""
        return self.schedule.kills > 0 or self.network.ledger_was_hurt

    @property
    def is_undisturbed(self) -> bool:
        """Whether it is not hurt, and no event was lost."""
        return not self.is_hurt and not self.events_are_lost

    def items(self) -> Items:
        """What the table holds, by its key."""
        found = self.world.table.scan(TableName=TABLE, ConsistentRead=True)["Items"]
        return {item["pk"].get("S", ""): item for item in found}

    def sweep(self) -> None:
        """Leave an empty table to the next."""
        deletions: list[WriteRequestTypeDef] = [
            {"DeleteRequest": {"Key": {"pk": {"S": pk}}}} for pk in self.items()
        ]
        if deletions:
            self.world.table.batch_write_item(RequestItems={TABLE: deletions})

    def _start(self, key: str) -> Mapping[str, object]:
        return {
            "operation": "start",
            "key": key,
            "to_phone_number": NUMBERS[key],
            "from_phone_number": OURS,
            "arguments_map": {"name": "Ada"},
        }

    def _reach(self, service: str, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        if operation == "SendMessage" and not self._letters_are_taken:
            return refused(request, operation, 403, "AccessDenied")
        if service == "sqs":
            return answered(request, 200, self.asking.at_the_queue(operation, _json(request)))
        response = self.world.session.send(request)
        if operation == "CreateSipMediaApplicationCall" and response.status_code == 201:
            self._accepted(_json(request), json.loads(response.content))
        if operation == "UpdateSipMediaApplicationCall" and response.status_code == 202:
            self._redirected(request.url, _json(request))
        return response

    def _accepted(self, asked: Mapping[str, object], answer: Mapping[str, object]) -> None:
        key = key_of(cast("Mapping[str, str]", asked["ArgumentsMap"]))
        call = cast("Mapping[str, str]", answer["SipMediaApplicationCall"])
        self.schedule.say(f"  the service accepts a call for {key}")
        self.line.accepted(key, cast("str", asked["ToPhoneNumber"]), call["TransactionId"])

    def _redirected(self, url: str, asked: Mapping[str, object]) -> None:
        transaction_id = url.rpartition("/")[2]
        call = next(c for c in self.line.calls if c.transaction_id == transaction_id)
        arguments = cast("Mapping[str, str]", asked["Arguments"])
        call.updates.append(arguments.get("say", ""))
        call.redirections.append(arguments.get("say", ""))


def _json(request: AWSPreparedRequest) -> Mapping[str, object]:
    return cast("Mapping[str, object]", json.loads(cast("bytes", request.body)))
