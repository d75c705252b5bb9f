"""The life of a call: legs, the action list, events. No sockets, no wall clock.

A call is one task with a mailbox. What happens (an action is done, somebody answers, somebody
hangs up, a request comes) is put into the mailbox and taken out one by one: it is told to the
function, the reply is obeyed, and the next is taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, TypeAlias

from offhook.emulator.action_list import ActionList
from offhook.emulator.clip import Clip
from offhook.emulator.far_ends import FarEnd
from offhook.emulator.ladder import Entry, Kind, Ladder
from offhook.emulator.leg import Leg
from offhook.emulator.performance import Outcome, Performance
from offhook.emulator.recording import CallRecording
from offhook.emulator.settings import Settings
from offhook.emulator.surroundings import Surroundings
from offhook.emulator.teller import Dropped, Teller

Happening: TypeAlias = Callable[[], Awaitable[None]]
Wire: TypeAlias = Mapping[str, object]
Who: TypeAlias = Literal["person", "application", "network"]


class Call:
    """A transaction: what the service knows of one call, and what it does."""

    def __init__(self, *, surroundings: Surroundings, teller: Teller, started_ms: int) -> None:
        self.surroundings = surroundings
        self.settings: Settings = surroundings.settings
        self.ladder = Ladder()
        self.legs: list[Leg] = []
        """The participants: LEG-A, and LEG-B while there is one."""
        self.recordings: dict[Leg, CallRecording] = {}
        """Call recordings in the background, by leg."""
        self.is_over = False
        """Whether nobody is there any more."""
        self.has_ended = False
        """Whether the function knows that too, and nothing more will happen."""
        self.teller = teller
        self.loop = surroundings.loop
        self.ringing_leg: Leg | None = None
        """The far end that CallAndBridge is calling just now."""
        self.started_ms = started_ms
        self._started = self.loop.time()
        self._mailbox: asyncio.Queue[Happening] = asyncio.Queue()
        self._hung_up: tuple[Leg, int] | None = None
        self._digit_ears: dict[Leg, Callable[[str], bool]] = {}
        self.actions = ActionList(
            self,
            self.loop,
            lambda done, outcome: self._happens(lambda: self._performed(done, outcome)),
        )
        teller.report = lambda text: self.report(None, "event", text)

    # What the world does to a call.

    async def live_inbound(self) -> None:
        """Somebody calls one of our numbers; until everybody has hung up."""
        await self._live("NEW_INBOUND_CALL", self.settings.unanswered_seconds)

    async def live_outbound(
        self, arguments: Mapping[str, str] | None, far_end: FarEnd | None = None
    ) -> None:
        """We call somebody (whoever is at the number by default); until everybody has hung up."""
        data = _request("CallCreateRequest", arguments) if arguments else None
        self._happens(lambda: self._ring(self.legs[0], far_end))
        await self._live("NEW_OUTBOUND_CALL", self.settings.outbound_ring_seconds, data)

    def answered(self, leg: Leg) -> None:
        """Whom we called picks up."""
        if leg.status is not None or self.is_over:
            return
        leg.answer()
        if leg.dialled is not None:
            leg.dialled.set_result(0)
        else:
            self._happens(lambda: self._tell("CALL_ANSWERED", leg))

    def person_hangs_up(self, leg: Leg, sip_response_code: int = 0) -> None:
        """Whoever is on a leg hangs up, or declines a call that rings."""
        self.hang_up(leg, sip_response_code, by="person")

    def person_says(self, leg: Leg, clip: Clip) -> None:
        """Whoever is on a leg speaks; the other side of a bridge hears it."""
        if leg.is_connected:
            leg.says(clip)
            for other in self.legs:
                if other is not leg and other.is_connected:
                    other.overhears(clip)

    def hang_up(self, leg: Leg, sip_response_code: int, *, by: Who) -> None:
        """A leg ends; one that is not answered yet is rejected or given up."""
        if leg.is_gone or self.is_over:
            return
        self.report(leg, "call", _how_it_ends(leg, sip_response_code, by))
        was_answered = leg.is_connected
        leg.status = "Disconnected"
        if leg in self.recordings:
            self.recordings[leg].stop()
        if leg.dialled is not None and not was_answered:
            leg.dialled.set_result(sip_response_code or 480)
        elif by == "application":
            self._hung_up = (leg, sip_response_code)  # told when its action is done
        else:
            self._happens(lambda: self._left(leg, sip_response_code))

    def update(self, arguments: Mapping[str, str]) -> None:
        """UpdateSipMediaApplicationCall: the function is asked what to do now."""
        self.report(None, "call", "an update of the call is requested")
        self._happens(lambda: self._updated(arguments))

    def meeting_ends(self, leg: Leg) -> None:
        """The meeting that LEG-B is in is over."""
        self.hang_up(leg, 0, by="network")

    def received_digits(self, leg: Leg, action_data: Wire) -> None:
        """A ReceiveDigits on a leg has matched."""
        self._happens(lambda: self._tell("DIGITS_RECEIVED", leg, action_data))

    # What behaviours do with a call.

    def now_ms(self) -> int:
        """Milliseconds since 1970 by this call's clock."""
        return self.started_ms + round((self.loop.time() - self._started) * 1000)

    def add_leg_b(self, leg: Leg) -> None:
        """A second leg is connected; it takes the place of one that has ended."""
        self.legs[1:] = [leg]

    @property
    def leg_b(self) -> Leg | None:
        """The second leg, while somebody is on it."""
        return next((leg for leg in self.legs[1:] if leg.is_connected), None)

    def send_digit(self, leg: Leg, digit: str) -> None:
        """Press one key towards the far end of a leg."""
        leg.digits_sent += digit
        ear = self._digit_ears.get(leg)
        if ear is not None:
            ear(digit)

    def on_digits(self, leg: Leg, ear: Callable[[str], bool]) -> None:
        """Give a far end the digits sent towards it, as a run; when it takes them, a new one."""
        run = ""

        def hear(digit: str) -> bool:
            nonlocal run
            run += digit
            if ear(run):
                run = ""
            return True

        self._digit_ears[leg] = hear

    def report(self, leg: Leg | None, kind: Kind, text: str, clip: Clip | None = None) -> None:
        """Add a line to the ladder."""
        now = self.loop.time() - self._started
        self.ladder.add(Entry(round(now, 3), leg.tag if leg else "", kind, text, clip))

    # What happens, one by one.

    async def _live(self, first: str, ring_seconds: float, data: Wire | None = None) -> None:
        unanswered = self.loop.call_later(ring_seconds, self._give_up)
        try:
            await self._tell(first, self.legs[0], data)
            while not self.is_over:
                happening = await self._mailbox.get()
                await happening()
        except Dropped as dropped:
            await self._drop(dropped)
        finally:
            unanswered.cancel()
            self.actions.stop()
            for recording in self.recordings.values():
                recording.stop()
            self.is_over = self.has_ended = True
            self.report(None, "call", "the call is over")

    def _happens(self, happening: Happening) -> None:
        self._mailbox.put_nowait(happening)

    def _give_up(self) -> None:
        if self.legs[0].status is None:
            self.hang_up(self.legs[0], 480, by="network")

    async def _ring(self, leg: Leg, far_end: FarEnd | None) -> None:
        if leg.status is None:
            self.report(leg, "call", "rings")
            (far_end or self.surroundings.at(leg.to)).ring(self, leg)
            await self._tell("RINGING", leg)

    async def _updated(self, arguments: Mapping[str, str]) -> None:
        actions = await self.teller.tell(
            "CALL_UPDATE_REQUESTED", self.legs, _request("CallUpdateRequest", arguments)
        )
        running = self.actions.performance
        interrupted = running if running and actions and running.is_interruptible else None
        if interrupted is not None:
            self.actions.stop()
        if actions:
            self.actions.replace(actions, self.legs[0])
        self.actions.go_on()
        if interrupted is not None:
            leg = interrupted.leg or self.legs[0]
            await self._tell("ACTION_INTERRUPTED", leg, interrupted.data())

    async def _left(self, leg: Leg, code: int) -> None:
        """The person on a leg has hung up."""
        performance = self.actions.performance
        if performance is not None and performance.leg is leg:
            self.actions.clear()
            self.actions.stop()
            told = performance.when_left()
            if told and self.settings.caller_leaves_during_an_action == "action_then_hangup":
                await self._tell(told[0], leg, told[1])
        for other in self.legs:
            if other.is_meeting:  # whoever leaves takes the meeting leg along: one HANGUP
                other.status = "Disconnected"
        await self._tell_hangup(leg, code)

    async def _tell_hangup(self, leg: Leg, code: int) -> None:
        parameters = {"SipResponseCode": code, "CallId": leg.call_id, "ParticipantTag": leg.tag}
        self.is_over = all(other.is_gone for other in self.legs)
        await self._tell("HANGUP", leg, {"Type": "Hangup", "Parameters": parameters})

    async def _tell(self, event_type: str, about: Leg, data: Wire | None = None) -> None:
        """Tell the function, and obey."""
        actions = await self.teller.tell(event_type, self.legs, data)
        if self.is_over:
            return
        if actions:
            self.actions.replace(actions, about)
            if self.settings.reply_while_an_action_runs == "replace":
                self.actions.stop()
        self.actions.go_on()

    async def _drop(self, dropped: Dropped) -> None:
        """The service itself ends the call."""
        if all(leg.is_gone for leg in self.legs):
            self.report(
                None, "note", f"nobody is there any more, and nothing is told: {dropped.log}"
            )
            return
        self.report(None, "service", f"480, the call is dropped: {dropped.log} — {dropped.hint}")
        self.actions.stop()
        for leg in self.legs:
            leg.status = "Disconnected"
        if self.settings.hangup_event_after_a_drop:
            try:
                await self._tell_hangup(self.legs[0], 480)
            except Dropped:
                return

    async def _performed(self, performance: Performance, outcome: Outcome) -> None:
        """An action is done."""
        leg = performance.leg or self.legs[0]
        if not outcome.succeeded:
            self.actions.clear()
            if outcome.note:
                self.report(performance.leg, "note", f"{performance.type}: {outcome.note}")
            await self._tell("ACTION_FAILED", leg, outcome.action_data)
        elif self._hung_up is not None:
            await self._hung_up_a_leg(outcome)
        elif self.actions.is_empty or performance.notifies:
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        else:
            self.actions.go_on()

    async def _hung_up_a_leg(self, outcome: Outcome) -> None:
        """Our own Hangup: what is told depends on which leg it was, and who is left."""
        assert self._hung_up is not None
        (leg, code), self._hung_up = self._hung_up, None
        if leg.is_meeting:
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
            return
        if any(not other.is_gone for other in self.legs):
            told = self.settings.hangup_of_leg_b if leg.tag == "LEG-B" else "hangup"
        else:
            told = self.settings.hangup_of_the_only_leg
        if told == "action_successful_then_hangup":
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        await self._tell_hangup(leg, code)
        if told == "hangup_then_action_successful":
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)


def _request(kind: str, arguments: Mapping[str, str]) -> Wire:
    return {"Type": kind, "Parameters": {"Arguments": dict(arguments)}}


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
        case "network" if leg.is_meeting:
            return "the meeting is over"
        case "network":
            return f"is not answered in time: {code}"
