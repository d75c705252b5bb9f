"""Calls that are up: whoever was called, and the function that is told what happens."""

from dataclasses import dataclass, field
from typing import cast

from offhook.emulator.function.function import Invoked
from offhook.handler import (
    CallAnswered,
    CallUpdateRequested,
    NewOutboundCall,
    Reply,
    Router,
    follow,
)
from tests.schedules.schedule import Killed, Schedule
from tests.schedules.service import Service, Told

function = Router()
function.around()(follow)


@function.new_outbound_call()
def placed(event: NewOutboundCall) -> Reply:
    """Wait for somebody to answer."""
    return []


@function.call_answered()
def answered(event: CallAnswered) -> Reply:
    """Say nothing."""
    return []


@function.call_update_requested()
def updated(event: CallUpdateRequested) -> Reply:
    """Go on."""
    return []


@dataclass
class Placed:
    """A call that the service has accepted."""

    key: str
    to: str
    transaction_id: str
    is_up: bool = True
    is_answered: bool = False
    is_told: bool = False
    """Whether the function was told of it, and answered."""
    updates: list[str] = field(default_factory=list[str])
    """Redirections that the service has accepted and the function has not been told of."""
    redirections: list[str] = field(default_factory=list[str])
    """All that the service has accepted."""


class Line:
    """All calls of a schedule."""

    def __init__(
        self,
        schedule: Schedule,
        service: Service,
        *,
        losses: float,
        echoes: float,
        function: Router,
    ) -> None:
        """`losses` is how likely an event finds the function dead, `echoes` that it comes twice."""
        self.schedule = schedule
        self.losses = losses
        self.echoes = echoes
        self.calls: list[Placed] = []
        self.most_up = 0
        self.service = service
        self._function = function

    def accepted(self, key: str, to: str, transaction_id: str) -> None:
        """The service has accepted a call."""
        call = Placed(key, to, transaction_id)
        self.calls.append(call)
        self.most_up = max(self.most_up, sum(each.is_up for each in self.calls))
        self.schedule.start(f"call {len(self.calls)}", lambda: self._live(call))

    def _live(self, call: Placed) -> None:
        service = self.service
        told = service.next(call.transaction_id)
        while told is not None:
            call.is_up = told.type != "HANGUP"
            reply = self._tell(told)
            call.is_told |= not reply.error
            if told.type == "CALL_UPDATE_REQUESTED":
                call.updates.pop()
            service.answer(told, reply)
            is_over = told.type == "HANGUP" or bool(reply.error) or _hangs_up(reply)
            if not is_over and not call.updates:
                self.act(call)
            told = service.next(call.transaction_id)
        call.is_up = False
        service.calls.forget(call.transaction_id)

    def act(self, call: Placed) -> None:
        """What whoever was called does next, unless the function is to be told of an update."""
        dice = self.schedule.random
        self.pause()
        if call.updates:
            return
        if call.is_answered:
            self.service.hang_up(call.transaction_id, 0)
        elif dice.random() < 0.3:
            self.service.hang_up(call.transaction_id, dice.choice((480, 486, 603)))
        else:
            self.pick_up(call)

    def pause(self) -> None:
        """Whoever was called takes some time."""
        dice = self.schedule.random
        self.schedule.sleep(dice.choice((0.5, 3, 20)) * dice.random())

    def pick_up(self, call: Placed) -> None:
        """Whoever was called answers."""
        self.service.pick_up(call.transaction_id)
        call.is_answered = True

    def _tell(self, told: Told) -> Invoked:
        """What the function answers, which may be told late, twice, or not at all."""
        schedule, dice = self.schedule, self.schedule.random
        schedule.sleep(dice.choice((0.01, 0.01, 0.3, 5)) * dice.random())
        if dice.random() < self.losses:
            schedule.say(f"{told.type} is lost")
            return Invoked(error="Runtime.ExitError: dead")
        if dice.random() < self.echoes:
            again = dice.choice((0.05, 10)) * dice.random()
            schedule.start(f"{schedule.actor}, again", lambda: self._run(told), again)
        return self._run(told)

    def _run(self, told: Told) -> Invoked:
        self.schedule.say(told.type)
        try:
            return Invoked(reply=self._function(told.event))
        except Killed:
            self.schedule.revive()
            return Invoked(error="Runtime.ExitError: killed")


def _hangs_up(answer: Invoked) -> bool:
    reply = cast("dict[str, list[dict[str, object]]]", answer.reply)
    return any(action["Type"] == "Hangup" for action in reply["Actions"])
