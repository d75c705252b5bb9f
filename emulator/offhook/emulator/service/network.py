"""The telephone network around the account: a call to a number of ours rings here too."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from offhook.emulator.call.far_end import FarEnd, LiveCall
from offhook.emulator.call.ladder import Entry
from offhook.emulator.call.leg import Leg
from offhook.emulator.call.silent import SilentMedia
from offhook.emulator.service.far_ends import Rejects
from offhook.emulator.service.quotas import TooManyCalls
from offhook.emulator.service.switchboard import NobodyAnswers

MOST_HOPS = 10
"""Applications that a call may go through, one calling the next. AWS documents no number; SIP's
Max-Forwards is 70, and the quota of active calls is reached before that."""
LOOP_DETECTED, NOT_FOUND, UNAVAILABLE = 482, 404, 480


class Ours(Protocol):
    """Our side of the network: our numbers, and the calls to them."""

    @property
    def numbers(self) -> Sequence[str]:
        """Those that calls can go to."""
        ...

    @property
    def rejected_with(self) -> int:
        """The SIP response code when too many calls are up."""
        ...

    def too_many_calls(self, more: int) -> str:
        """Why there may not be so many more calls now; empty when there may."""
        ...

    def call_in(
        self, to: str, from_: str, *, at: datetime, sip_headers: Mapping[str, str], is_ours: bool
    ) -> LiveCall:
        """Somebody, or a call of ours, dials one. Raises `TooManyCalls`, `NobodyAnswers`."""
        ...


class Network:
    """Who is at a number: somebody outside, or another application of ours."""

    def __init__(self, ours: Ours) -> None:
        self._ours = ours
        self._came_from: dict[LiveCall, LiveCall] = {}
        """Which call an inbound call is the other side of."""
        self._looped: set[LiveCall] = set()
        """Calls from outside that led into a loop: nothing that came of them goes further."""
        self.ringing: dict[LiveCall, Leg] = {}
        """The leg that a call rings, or rang last."""

    def far_end(self, number: str, there: FarEnd | None, outside: FarEnd) -> FarEnd:
        """Whoever is at a number: who was put `there`, else our application if it is ours, else
        who is `outside`."""
        if there is None:
            there = _OurNumber(self, number) if number in self._ours.numbers else outside
        return _Admitted(self, there)

    def admit(self, call: LiveCall, leg: Leg) -> bool:
        """Whether the quota of active calls lets a leg ring; LEG-A was admitted with its call."""
        self.ringing[call] = leg
        is_more = leg is not call.legs[0]
        if is_more and (why := self._ours.too_many_calls(0)):  # the leg counts already
            self._reject(call, leg, why)
            return False
        return True

    def connect(self, call: LiveCall, leg: Leg, number: str) -> None:
        """A leg of a call rings a number of ours: an inbound call there, joined with the leg."""
        hops = self._hops(call)
        if hops[0] in self._looped or len(hops) >= MOST_HOPS:
            self._looped.add(hops[0])
            way = self._way(call, number)
            leg.report("note", f"a loop, cut after {len(hops)} applications: {way}")
            Rejects(LOOP_DETECTED).ring(call, leg)
            return
        try:
            other = self._ours.call_in(
                number,
                leg.from_,
                at=datetime.fromtimestamp(call.now_ms() / 1000, UTC),
                sip_headers=leg.invite_headers,
                is_ours=True,
            )
        except TooManyCalls as error:
            self._reject(call, leg, str(error))
            return
        except NobodyAnswers as error:
            leg.report("note", str(error))
            Rejects(NOT_FOUND).ring(call, leg)
            return
        self._came_from[other] = call
        _join(call, leg, other, other.legs[0])
        _join(other, other.legs[0], call, leg)

    def _reject(self, call: LiveCall, leg: Leg, why: str) -> None:
        """Too many calls are up; when they came of each other, it is said how."""
        is_chain = len(self._hops(call)) > 1
        way = f" (the calls so far: {self._way(call, leg.to)})" if is_chain else ""
        leg.report("note", f"{why}{way}")
        Rejects(self._ours.rejected_with).ring(call, leg)

    def _way(self, call: LiveCall, number: str) -> str:
        return " → ".join([hop.legs[0].to for hop in self._hops(call)] + [number])

    def _hops(self, call: LiveCall) -> list[LiveCall]:
        """The calls that led to this one, and it, the first one first."""
        found = [call]
        while (before := self._came_from.get(found[0])) is not None:
            found.insert(0, before)
        return found

    def forget(self, call: LiveCall) -> None:
        """A call is over."""
        self._came_from.pop(call, None)
        self.ringing.pop(call, None)
        self._looped.discard(call)


class _OurNumber:
    """The far end of a call to a number of ours."""

    def __init__(self, network: Network, number: str) -> None:
        self._network = network
        self._number = number

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Ring the application there."""
        self._network.connect(call, leg, self._number)


class _Admitted:
    """Any far end, for those that the quota lets ring there."""

    def __init__(self, network: Network, far_end: FarEnd) -> None:
        self._network = network
        self._far_end = far_end

    def ring(self, call: LiveCall, leg: Leg) -> None:
        """Ring."""
        if self._network.admit(call, leg):
            self._far_end.ring(call, leg)


class _Wire(SilentMedia):
    """What a leg is made of that is joined with one of another call: a voice goes on there."""

    def __init__(self, go_on: Callable[[bytes], None]) -> None:
        super().__init__()
        self._go_on = go_on

    def hear(self, frame: bytes) -> None:
        """It is said in the other call."""
        self._go_on(frame)


def _join(call: LiveCall, leg: Leg, other: LiveCall, far: Leg) -> None:
    """What `call` does to `leg` is what the person on `far` does, in the other call.

    What `call` plays to the leg, or a bridged leg says to it, is said on `far`; tones of
    SendDigits are pressed there; its end is a hang-up there. A prompt that is cut is heard to its
    end on the other side.
    """
    leg.media = _Wire(lambda frame: other.person_speaks(far, frame))
    call.on_digits(leg, lambda digit: far.presses(digit) if far.is_connected else None)

    def forward(entry: Entry) -> None:
        is_mine = entry.leg == leg.tag
        if entry.clip is not None and leg.is_connected:
            is_heard = (entry.kind == "hears") if is_mine else (entry.kind == "says")
            if is_heard and leg in call.legs:
                other.person_says(far, entry.clip)
        if leg.is_connected and far.status is None and far.direction == "Outbound":
            other.answered(far)

    call.ladder.watchers.append(forward)
    leg.at_end(lambda: other.person_hangs_up(far, _code(leg, far)))


def _code(leg: Leg, far: Leg) -> int:
    """With which code the other side ends: one that never was answered was refused."""
    if far.status is None and far.direction == "Outbound":
        return leg.sip_response_code or UNAVAILABLE
    return 0


def is_passed_on(header: str) -> bool:
    """Whether the function sees a SIP header that a caller sent (dg/sip-headers)."""
    return header.lower().startswith("x-") or header.lower() in ("user-to-user", "diversion")
