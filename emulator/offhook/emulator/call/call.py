"""The life of a call: legs, the action list, events. No sockets, no wall clock.

A call is one task with a mailbox. What happens (an action is done, somebody answers, somebody
hangs up, a request comes) is put into the mailbox and taken out one by one: it is told to the
function, the reply is obeyed, and the next is taken.
"""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TypeAlias, Unpack

from offhook.emulator.call.action_list import ActionList
from offhook.emulator.call.audio import Clip
from offhook.emulator.call.endings import how_it_ends
from offhook.emulator.call.far_end import FarEnd, Who
from offhook.emulator.call.ladder import Kind, Ladder
from offhook.emulator.call.leg import Ends, Leg
from offhook.emulator.call.mailbox import Mailbox
from offhook.emulator.call.payload import Identity
from offhook.emulator.call.performance import Find, Outcome, Performance
from offhook.emulator.call.recording import Recorder
from offhook.emulator.call.told import Dropped, Told, Way
from offhook.emulator.call.world import World
from offhook.emulator.settings import Settings

Json: TypeAlias = Mapping[str, object]


class Call:
    """A transaction: what the service knows of one call, and what it does."""

    def __init__(
        self,
        world: World,
        find: Find,
        identity: Identity,
        way: Way,
        *,
        started_ms: int,
        number: int = 0,
        deliveries: int = 1,
    ) -> None:
        """`find` has the behaviour of each action, `way` leads to the function, which is told each
        event as often as `deliveries` says."""
        self._world = world
        self._find = find
        self.settings: Settings = world.settings
        self.loop = world.loop
        self.ladder = Ladder(world.loop)
        self.legs: list[Leg] = []
        """The participants: LEG-A, and LEG-B while there is one."""
        self.every_leg: list[Leg] = []
        """Those that there were, also ones that nobody answered or another took the place of."""
        self.recordings: dict[Leg, Recorder] = {}
        """Call recordings in the background, by leg."""
        self.has_ended = False
        """Whether the function knows that too, and nothing more will happen."""
        self.started_ms = started_ms
        self.number = number  # the first of the service's is 1
        self._mailbox = Mailbox(self.loop)
        self._told_of: set[Leg] = set()
        """Legs whose end the function knows."""
        self._ring_seconds = 0.0
        self._unanswered: asyncio.TimerHandle | None = None
        self._digit_ears: dict[Leg, Callable[[str], None]] = {}
        ladder = self.ladder  # without the call: what it holds must not hold it
        self.told = Told(
            identity,
            way,
            self.settings,
            report=lambda text: ladder.report("", "event", text),
            log=lambda text: ladder.report("", "log", f"| {text.expandtabs(2)}"),
            now_ms=lambda: started_ms + round(ladder.seconds * 1000),
            deliveries=deliveries,
        )
        self.actions = ActionList(self.loop, self._mailbox)

    @property
    def transaction_id(self) -> str:
        """The call's id, the same on all its legs."""
        return self.told.identity.transaction_id

    @property
    def sip_media_application_id(self) -> str:
        """The application that has the call."""
        return self.told.way.sip_media_application_id

    def report(self, kind: Kind, text: str) -> None:
        """Note on the ladder what happens now to the whole call; a leg has its own."""
        self.ladder.report("", kind, text)

    # What the world does to a call.

    async def live_inbound(self) -> None:
        """Somebody calls one of our numbers; until everybody has hung up."""
        await self._live("NEW_INBOUND_CALL", self.settings.unanswered_seconds)

    async def live_outbound(
        self, arguments: Mapping[str, str] | None, far_end: FarEnd | None = None
    ) -> None:
        """We call somebody (whoever is at the number by default); until everybody has hung up."""
        data = _request("CallCreateRequest", arguments) if arguments else None
        self._mailbox.put(lambda: self._ring(self.legs[0], far_end))
        await self._live("NEW_OUTBOUND_CALL", self.settings.outbound_ring_seconds, data)

    def answered(self, leg: Leg) -> None:
        """Whom we called picks up."""
        given_up = leg.dialled is not None and leg.dialled.done()
        if leg.status is not None or self.is_over or given_up:
            return
        leg.answer()
        if leg.dialled is not None:
            leg.dialled.set_result(0)
        else:
            self._mailbox.put(lambda: self._tell("CALL_ANSWERED", leg))

    def person_hangs_up(self, leg: Leg, sip_response_code: int = 0) -> None:
        """Whoever is on a leg hangs up, or declines a call that rings."""
        self.hang_up(leg, sip_response_code, by="person")

    def loses(self, leg: Leg) -> None:
        """The line of a leg breaks, on purpose: to the service it is a hang-up like any other."""
        if not leg.is_gone:
            leg.report("note", "the line breaks, on purpose")
        self.person_hangs_up(leg)

    def person_says(self, leg: Leg, clip: Clip) -> None:
        """Whoever is on a leg speaks; the other side of a bridge hears it."""
        if leg.is_connected:
            said = leg.says(clip)
            for other in self._opposite(leg):
                other.overhears(leg, said)

    def person_speaks(self, leg: Leg, frame: bytes) -> None:
        """20 ms of the voice of whoever is on a leg; the other side of a bridge hears it."""
        if leg.is_connected:
            leg.speaks(frame)
            for other in self._opposite(leg):
                other.overhears_voice(frame)

    def _opposite(self, leg: Leg) -> list[Leg]:
        """Who hears a leg; one that is not joined yet is heard from when it is: `add_leg_b`."""
        joined = self.legs if leg in self.legs else ()
        return [other for other in joined if other is not leg and other.is_connected]

    def hang_up(self, leg: Leg, sip_response_code: int, *, by: Who) -> None:
        """A leg ends; one that is not answered yet is rejected or given up."""
        if leg.is_gone or self.is_over:
            return
        leg.report("call", how_it_ends(leg, sip_response_code, by))
        is_given_up = leg.dialled is not None and not leg.is_connected
        leg.end(sip_response_code)
        if leg is self.legs[0]:  # whoever leaves takes the meeting leg along
            for other in self.legs:
                if other.is_meeting:
                    other.end()
        if leg.dialled is not None and is_given_up:
            if not leg.dialled.done():
                leg.dialled.set_result(sip_response_code or 480)
        elif by != "application":  # else it is told when its action is done
            running = self.actions.performance
            if running is not None and running.leg is not None and running.leg.is_gone:
                self.actions.break_off()
            self._mailbox.put(lambda: self._left(leg))

    def update(self, arguments: Mapping[str, str]) -> None:
        """UpdateSipMediaApplicationCall: the function is asked what to do now."""
        self.report("call", "an update of the call is requested")
        self._mailbox.put(lambda: self._updated(arguments))

    def received_digits(self, leg: Leg, action_data: Json) -> None:
        """A ReceiveDigits on a leg has matched."""
        self._mailbox.put(lambda: self._tell("DIGITS_RECEIVED", leg, action_data))

    # What behaviours do with a call.

    def now_ms(self) -> int:
        """Milliseconds since 1970 by this call's clock."""
        return self.started_ms + round(self.ladder.seconds * 1000)

    def new_leg(self, tag: str, **ends: Unpack[Ends]) -> Leg:
        """A leg that nobody has answered yet."""
        leg = Leg(
            tag=tag,
            call_id=self._world.new_id(),
            started_ms=self.now_ms(),
            media=self._world.new_media(),
            loop=self.loop,
            ladder=self.ladder,
            **ends,
        )
        self.every_leg.append(leg)
        return leg

    def add_leg_b(self, leg: Leg) -> None:
        """A second leg is connected; it takes the place of one that has ended."""
        self.legs[1:] = [leg]
        self.legs[0].is_joined_by(leg)
        leg.is_joined_by(self.legs[0])

    @property
    def is_over(self) -> bool:
        """Whether nobody is there any more."""
        return all(leg.is_gone for leg in self.legs)

    @contextmanager
    def rings_on(self) -> Generator[None]:
        """While somebody else is called, a caller whom nobody has answered is not given up."""
        self._be_patient(None)
        try:
            yield
        finally:
            if self.legs[0].status is None:
                self._be_patient(self._ring_seconds)

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

    def on_digits(self, leg: Leg, ear: Callable[[str], None]) -> None:
        """Give a far end the digits sent towards it, one by one."""
        self._digit_ears[leg] = ear

    # What happens, one by one.

    async def _live(self, first: str, ring_seconds: float, data: Json | None = None) -> None:
        self._ring_seconds = ring_seconds
        self._be_patient(ring_seconds)
        try:
            await self._tell(first, self.legs[0], data)
            while not self._told_of.issuperset(self.legs):
                happening = await self._mailbox.next()
                await happening()
        except Dropped as dropped:
            await self._drop(dropped)
        finally:
            await self.actions.stop()
            self._be_patient(None)
            for leg in self.legs:
                leg.end()
            self.has_ended = True
            self.report("call", "the call is over")

    def _be_patient(self, seconds: float | None) -> None:
        """Give an unanswered call up after some seconds from now, or not at all."""
        if self._unanswered is not None:
            self._unanswered.cancel()
        self._unanswered = self.loop.call_later(seconds, self._give_up) if seconds else None

    def _give_up(self) -> None:
        if self.legs[0].status is None:
            self.hang_up(self.legs[0], 480, by="network")

    async def _ring(self, leg: Leg, far_end: FarEnd | None) -> None:
        if leg.status is None:
            leg.report("call", "rings")
            self._world.at(leg.to, self, far_end).ring(self, leg)
            await self._tell("RINGING", leg)

    async def _updated(self, arguments: Mapping[str, str]) -> None:
        actions = await self.told.tell(
            "CALL_UPDATE_REQUESTED", self.legs, _request("CallUpdateRequest", arguments)
        )
        running = self.actions.performance
        interrupted = running if running and actions and running.is_interruptible else None
        telling: asyncio.Task[None] | None = None
        if interrupted is not None:
            await self.actions.stop()
            leg = interrupted.leg or self.legs[0]
            telling = self.loop.create_task(
                self._tell("ACTION_INTERRUPTED", leg, interrupted.data())
            )
        if actions:
            self.actions.replace(actions, self.legs[0])
        self._go_on()  # after it is told, and before it is answered
        if telling is not None:
            await telling

    async def _left(self, leg: Leg) -> None:
        """The person on a leg has hung up."""
        gone_with_it = [other for other in self.legs if other.is_meeting and other.is_gone]
        performance = self.actions.performance
        if performance is not None and performance.leg in (leg, *gone_with_it):
            if self.settings.list_after_its_leg_left == "dropped":
                self.actions.clear()
            await self.actions.stop()
            told = performance.when_left()
            if told and self.settings.caller_leaves_during_an_action == "action_then_hangup":
                await self.told.tell(told[0], self.legs, told[1], obeys=False)
        await self._tell_hangup(leg)

    async def _tell_hangup(self, leg: Leg) -> None:
        self._told_of.add(leg)
        if leg.tag == "LEG-A":
            self._told_of.update(other for other in self.legs if other.is_meeting)
        parameters = {
            "SipResponseCode": leg.sip_response_code,
            "CallId": leg.call_id,
            "ParticipantTag": leg.tag,
        }
        await self._tell("HANGUP", leg, {"Type": "Hangup", "Parameters": parameters})

    async def _tell(self, event_type: str, about: Leg, data: Json | None = None) -> None:
        """Tell the function, and obey."""
        actions = await self.told.tell(event_type, self.legs, data)
        if self.is_over:
            return
        if actions:
            self.actions.replace(actions, self.legs[0] if self.told.has_complained else about)
            if self.settings.reply_while_an_action_runs == "replace":
                await self.actions.stop()
        self._go_on()

    async def _drop(self, dropped: Dropped) -> None:
        """The service itself ends the call."""
        if self.is_over:
            self.report("note", f"nobody is there any more, and nothing is told: {dropped.log}")
            return
        self.report("service", f"480, the call is dropped: {dropped.log} — {dropped.hint}")
        await self.actions.stop()
        dropped_legs = [leg for leg in self.legs if not leg.is_gone]
        for leg in dropped_legs:
            leg.end(480)
        if self.settings.hangup_event_after_a_drop:
            try:
                for leg in dropped_legs:
                    if leg not in self._told_of:
                        await self._tell_hangup(leg)
            except Dropped:
                return

    def _go_on(self) -> None:
        self.actions.go_on(self._begin, self._done)

    def _begin(self, wire: Json, leg: Leg | None) -> Performance:
        return Performance(self, self._world, self._find, wire, leg or self.legs[0])

    def _done(self, performance: Performance, outcome: Outcome) -> None:
        """An action is done: the function is told in its turn, or the next one starts at once."""
        asks_nobody = outcome.succeeded and not performance.tells and performance.type != "Hangup"
        if asks_nobody and self._mailbox.is_empty and self._list_goes_on:
            self._go_on()
        else:
            self._mailbox.put(lambda: self._performed(performance, outcome))

    @property
    def _list_goes_on(self) -> bool:
        """Whether a list waits for no reply; nobody ever waits for that to ACTION_INTERRUPTED."""
        told = self.told.events[-1]["InvocationEventType"]
        goes_on = self.settings.list_while_the_function_is_asked == "goes_on"
        return goes_on or told == "ACTION_INTERRUPTED"

    async def _performed(self, performance: Performance, outcome: Outcome) -> None:
        leg = performance.leg or self.legs[0]
        if not outcome.succeeded:
            if outcome.note:
                (performance.leg or self).report("note", f"{performance.type}: {outcome.note}")
            await self._tell("ACTION_FAILED", leg, outcome.action_data)
        elif performance.type == "Hangup":
            await self._hung_up(leg, outcome)
        elif performance.tells:
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        else:
            self._go_on()

    async def _hung_up(self, leg: Leg, outcome: Outcome) -> None:
        """Our own Hangup: what is told depends on which leg it was, and who is left."""
        if leg.is_meeting:
            self._told_of.add(leg)
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
            return
        told: str = "hangup"
        if self.is_over:
            told = self.settings.hangup_of_the_only_leg
        elif leg.tag == "LEG-B":
            told = self.settings.hangup_of_leg_b
        if told == "action_successful_then_hangup":
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)
        await self._tell_hangup(leg)
        if told == "hangup_then_action_successful":
            await self._tell("ACTION_SUCCESSFUL", leg, outcome.action_data)


def _request(kind: str, arguments: Mapping[str, str]) -> Json:
    return {"Type": kind, "Parameters": {"Arguments": dict(arguments)}}
