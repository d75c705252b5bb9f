"""The life of a call: legs, the action list, events. No sockets, no wall clock.

A call is one task with a mailbox. What happens (an action is done, somebody answers, somebody
hangs up) is put into the mailbox and taken out one by one: it is told to the function, the reply
is obeyed, and the next is taken.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from offhook.emulator.clip import Clip, Prompts
from offhook.emulator.function import Function
from offhook.emulator.ladder import Entry, Kind, Ladder
from offhook.emulator.leg import Leg
from offhook.emulator.payload import Identity
from offhook.emulator.performance import Outcome, Performance
from offhook.emulator.settings import Settings
from offhook.emulator.teller import Dropped, Teller

Happening: TypeAlias = Callable[[], Awaitable[None]]
Wire: TypeAlias = Mapping[str, object]
Who: TypeAlias = Literal["person", "application", "network"]


class Call:
    """A transaction: what the service knows of one call, and what it does."""

    def __init__(
        self,
        *,
        loop: asyncio.AbstractEventLoop,
        identity: Identity,
        function: Function,
        settings: Settings,
        prompts: Prompts,
    ) -> None:
        self.settings = settings
        self.prompts = prompts
        self.ladder = Ladder()
        self.legs: list[Leg] = []
        self.is_over = False
        self.teller = Teller(identity, function, settings, self._told)
        self._loop = loop
        self._started = loop.time()
        self._mailbox: asyncio.Queue[Happening] = asyncio.Queue()
        self._list: deque[Wire] = deque()
        self._invoked_leg: Leg | None = None
        self._performance: Performance | None = None
        self._task: asyncio.Task[Outcome] | None = None
        self._hung_up: tuple[Leg, int] | None = None

    # What the world does to a call.

    async def live_inbound(self) -> None:
        """Somebody calls one of our numbers; until everybody has hung up."""
        await self._live("NEW_INBOUND_CALL", self.settings.unanswered_seconds)

    async def live_outbound(self, arguments: Mapping[str, str] | None) -> None:
        """We call somebody; until everybody has hung up."""
        data: Wire | None = None
        if arguments:
            data = {"Type": "CallCreateRequest", "Parameters": {"Arguments": dict(arguments)}}
        self._happens(lambda: self._ring(self.legs[0]))
        await self._live("NEW_OUTBOUND_CALL", self.settings.outbound_ring_seconds, data)

    def answered(self, leg: Leg) -> None:
        """Whom we called picks up."""
        if leg.status is None:
            leg.answer()
            self._happens(lambda: self._tell("CALL_ANSWERED", leg))

    def hang_up(self, leg: Leg, sip_response_code: int, *, by: Who) -> None:
        """A leg ends; one that is not answered yet is rejected or given up."""
        if leg.is_gone or self.is_over:
            return
        self.report(leg, "call", _how_it_ends(leg, sip_response_code, by))
        leg.status = "Disconnected"
        if by == "application":
            self._hung_up = (leg, sip_response_code)  # told when its action is done
        else:
            self._happens(lambda: self._left(leg, sip_response_code))

    def report(self, leg: Leg | None, kind: Kind, text: str, clip: Clip | None = None) -> None:
        """Add a line to the ladder."""
        now = self._loop.time() - self._started
        self.ladder.add(Entry(round(now, 3), leg.tag if leg else "", kind, text, clip))

    # What happens, one by one.

    async def _live(self, first: str, ring_seconds: float, data: Wire | None = None) -> None:
        unanswered = self._loop.call_later(ring_seconds, self._give_up)
        try:
            await self._tell(first, self.legs[0], data)
            while not self.is_over:
                happening = await self._mailbox.get()
                await happening()
        except Dropped as dropped:
            await self._drop(dropped)
        finally:
            unanswered.cancel()
            self._stop_performing()
            self._end()

    def _happens(self, happening: Happening) -> None:
        self._mailbox.put_nowait(happening)

    def _give_up(self) -> None:
        if self.legs[0].status is None:
            self.hang_up(self.legs[0], 480, by="network")

    async def _ring(self, leg: Leg) -> None:
        if leg.status is None:
            self.report(leg, "call", "rings")
            await self._tell("RINGING", leg)

    async def _left(self, leg: Leg, code: int) -> None:
        """The person on a leg has hung up."""
        performance = self._performance
        if performance is not None and performance.leg is leg:
            self._list.clear()
            self._stop_performing()
            told = performance.when_left()
            if told and self.settings.caller_leaves_during_an_action == "action_then_hangup":
                await self._tell(told[0], leg, told[1])
        await self._tell_hangup(leg, code)

    async def _tell_hangup(self, leg: Leg, code: int) -> None:
        parameters = {"SipResponseCode": code, "CallId": leg.call_id, "ParticipantTag": leg.tag}
        self.is_over = all(other.is_gone for other in self.legs)
        await self._tell("HANGUP", leg, {"Type": "Hangup", "Parameters": parameters})

    async def _tell(self, event_type: str, about: Leg, data: Wire | None = None) -> None:
        """Tell the function, and obey."""
        actions = await self.teller.tell(event_type, self.legs, data)
        if actions:
            self._invoked_leg = about
            self._replace_list(actions)
        if self._performance is None:
            self._perform_next()

    async def _drop(self, dropped: Dropped) -> None:
        """The service itself ends the call."""
        self.report(None, "service", f"480, the call is dropped: {dropped.log} — {dropped.hint}")
        self._stop_performing()
        for leg in self.legs:
            leg.status = "Disconnected"
        if self.settings.hangup_event_after_a_drop:
            try:
                await self._tell_hangup(self.legs[0], 480)
            except Dropped:
                return

    def _end(self) -> None:
        self.is_over = True
        self.report(None, "call", "the call is over")

    # The action list.

    def _replace_list(self, actions: Sequence[Wire]) -> None:
        self._list = deque(actions)
        if self._performance is not None and self.settings.reply_while_an_action_runs == "replace":
            self._stop_performing()

    def _perform_next(self) -> None:
        if not self._list or self.is_over:
            return
        wire = self._list.popleft()
        performance = Performance(self, wire, self._invoked_leg or self.legs[0])
        self._performance = performance
        self._task = self._loop.create_task(performance.run())
        self._task.add_done_callback(
            lambda task: None if task.cancelled() else self._happens(lambda: self._performed(task))
        )

    def _stop_performing(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._performance = None, None

    async def _performed(self, task: asyncio.Task[Outcome]) -> None:
        """An action is done."""
        if task is not self._task or self._performance is None:
            return
        performance, outcome = self._performance, task.result()
        self._performance, self._task = None, None
        leg = performance.leg or self.legs[0]
        if not outcome.succeeded:
            self._list.clear()
            if outcome.note:
                self.report(performance.leg, "note", f"{performance.type}: {outcome.note}")
            await self._tell("ACTION_FAILED", leg, outcome.action_data)
        elif self._hung_up is not None:
            await self._hung_up_a_leg(outcome)
        elif not self._list or (performance.behaviour and performance.behaviour.notifies):
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        else:
            self._perform_next()

    async def _hung_up_a_leg(self, outcome: Outcome) -> None:
        """Our own Hangup: of the only leg, HANGUP alone; beside another leg, success as well."""
        assert self._hung_up is not None
        (leg, code), self._hung_up = self._hung_up, None
        others = any(not other.is_gone for other in self.legs)
        if others or self.settings.hangup_of_the_only_leg == "action_successful_then_hangup":
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        await self._tell_hangup(leg, code)

    def _told(self, text: str) -> None:
        self.report(None, "event", text)


def _how_it_ends(leg: Leg, code: int, by: Who) -> str:
    with_code = f" with {code}" if code else ""
    match by:
        case "person" if leg.is_connected:
            return f"hangs up{with_code}"
        case "person":
            return "gives up" if leg.direction == "Inbound" else f"declines{with_code}"
        case "application" if leg.is_connected:
            return f"is hung up{with_code} by the application"
        case "application":
            return f"is rejected{with_code} by the application"
        case "network":
            return f"is not answered in time: {code}"
