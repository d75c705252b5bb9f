"""Whoever a list of calls calls, and what they write down: who rang, when, and how often."""

import random
import threading
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from flows import reminder
from offhook.emulator.call.far_end import LiveCall
from offhook.emulator.call.ladder import Entry
from offhook.emulator.call.leg import Leg
from offhook.handler import Router, follow
from tests.schedules.schedule import Schedule
from tests.schedules.service import SECONDS, Service
from tests.schedules.up import Line, Placed

Deed: TypeAlias = Literal["1", "2", "9", "listens", "busy", "no answer", "rejected"]

DEEDS: Final[dict[Deed, int]] = {
    "1": 45, "2": 10, "9": 6, "listens": 9, "busy": 10, "no answer": 13, "rejected": 7,
}  # fmt: skip
"""What a callee does, and of how many in a hundred."""

CODES: Final[dict[Deed, int]] = {"busy": 486, "no answer": 480, "rejected": 603}
"""The SIP response codes of calls that nobody answers."""

SAID: Final[dict[Deed, str]] = {
    "1": "confirmed", "2": "reschedule", "9": "never", "listens": "not confirmed",
}  # fmt: skip
"""What the flow keeps of it; of the others, `no answer`."""

function = Router()
function.around()(follow)
function.include(reminder.router)


@dataclass(frozen=True)
class Rung:
    """A line in the diary of a callee: their telephone rang."""

    key: str
    to: str
    from_: str
    at: float


class Callees(Line):
    """Everybody at the far ends of the emulator, in one diary."""

    def __init__(self, schedule: Schedule, service: Service, seed: int) -> None:
        super().__init__(schedule, service, losses=0.0, echoes=0.05, function=function)
        self.diary: list[Rung] = []
        self.accepted_at: list[float] = []
        """When the service accepted each call."""
        self.never: dict[str, float] = {}
        """Who has pressed 9, and when."""
        self._seed = seed
        self._keys: dict[str, str] = {}
        self._rings: dict[str, threading.Event] = {}
        self._asks: dict[str, threading.Event] = {}
        """Whether a telephone has rung, and whether the menu was heard there."""
        service.meet(self)

    def deed(self, key: str) -> Deed:
        """What whoever is called by a key does."""
        dice = random.Random(f"{self._seed} {key}")
        return dice.choices(list(DEEDS), list(DEEDS.values()))[0]

    def accepted(self, key: str, to: str, transaction_id: str) -> None:
        """The service has accepted a call, which rings when its function was told of it."""
        self.accepted_at.append(self.schedule.now())
        self._keys[transaction_id] = key
        self._rings[transaction_id] = threading.Event()
        self._asks[transaction_id] = threading.Event()
        super().accepted(key, to, transaction_id)

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Write it down; and press what one presses, as soon as the menu is heard."""
        key = self._keys[call.transaction_id]
        deed = self.deed(key)

        def listen(entry: Entry) -> None:
            if "press 9" in entry.text:
                self._asks[call.transaction_id].set()
                if deed != "listens":
                    leg.loop.call_soon(self._press, leg, deed)

        call.ladder.watchers.append(listen)
        self.diary.append(Rung(key, leg.to, leg.from_, self.schedule.now()))
        self._rings[call.transaction_id].set()

    def act(self, call: Placed) -> None:
        """They answer and listen, or do not; who presses is waited for in no time."""
        heard = self._asks if call.is_answered else self._rings
        assert heard[call.transaction_id].wait(SECONDS), f"{call.key} hears nothing"
        deed = self.deed(call.key)
        if call.is_answered and deed != "listens":
            return
        self.pause()
        if call.is_answered:
            self.service.hang_up(call.transaction_id, 0)
        elif deed in CODES:
            self.service.hang_up(call.transaction_id, CODES[deed])
        else:
            self.pick_up(call)

    def experienced(self, key: str) -> tuple[str, str]:
        """How a call ended, and what was said, as whoever was called knows it."""
        deed = self.deed(key)
        return (deed if deed in CODES else "completed", SAID.get(deed, "no answer"))

    def _press(self, leg: Leg, key: str) -> None:
        if key == "9":
            self.never.setdefault(leg.to, self.schedule.now())
        leg.presses(key)
