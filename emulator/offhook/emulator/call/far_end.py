"""Who is at the other end of a leg, and what they may do with the call: also of a user's own.

class Parrot:
    def ring(self, call: LiveCall, leg: Leg) -> None:
        call.answered(leg)
        call.person_says(leg, speech("Polly wants a number.", "text", 160))
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol, TypeAlias, Unpack

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.ladder import Ladder
from offhook.emulator.call.leg import Ends, Leg
from offhook.emulator.call.recording import Recorder
from offhook.emulator.settings import Settings

Who: TypeAlias = Literal["person", "application", "network"]


class FarEnd(Protocol):
    """Somebody, or something, at a number: `Answers`, `Rejects`, a `Person`, one of your own."""

    def ring(self, call: "LiveCall", leg: Leg, /) -> None:
        """The leg rings here. Returns at once; what comes later is for `leg.loop.call_later`."""
        ...


class LiveCall(Protocol):
    """What far ends and behaviours may ask of a call."""

    @property
    def transaction_id(self) -> str:
        """The call's id, the same on all its legs."""
        ...

    @property
    def settings(self) -> Settings:
        """How the service behaves where AWS does not say; how fast everybody speaks."""
        ...

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Its clock is the call's, in seconds: virtual in a test."""
        ...

    @property
    def ladder(self) -> Ladder:
        """What has happened so far."""
        ...

    @property
    def legs(self) -> Sequence[Leg]:
        """LEG-A, and LEG-B while there is one."""
        ...

    @property
    def leg_b(self) -> Leg | None:
        """The second leg, while somebody is on it."""
        ...

    @property
    def recordings(self) -> dict[Leg, Recorder]:
        """Call recordings in the background, by leg."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether the function knows that too, and nothing more will happen."""
        ...

    def now_ms(self) -> int:
        """Milliseconds since 1970 by this call's clock."""
        ...

    # What happens to it.

    def answered(self, leg: Leg) -> None:
        """Whoever is rung on a leg picks up. Nothing where it rings no more."""
        ...

    def person_says(self, leg: Leg, clip: Clip) -> None:
        """Whoever is on a leg speaks; the other side of a bridge hears it."""
        ...

    def person_speaks(self, leg: Leg, frame: bytes) -> None:
        """20 ms of the voice of whoever is on a leg: samples of 16 bits at 8 kHz."""
        ...

    def person_hangs_up(self, leg: Leg, sip_response_code: int = 0) -> None:
        """Whoever is on a leg hangs up, or declines a call that rings (486 busy, 603 declined)."""
        ...

    def hang_up(self, leg: Leg, sip_response_code: int, *, by: Who) -> None:
        """A leg ends; one that is not answered yet is rejected or given up."""
        ...

    def loses(self, leg: Leg) -> None:
        """The line of a leg breaks."""
        ...

    def on_digits(self, leg: Leg, ear: Callable[[str], None]) -> None:
        """Give a far end the digits that SendDigits presses towards it, one by one."""
        ...

    # What actions do with it.

    def new_leg(self, tag: str, **ends: Unpack[Ends]) -> Leg:
        """A leg that nobody has answered yet."""
        ...

    def add_leg_b(self, leg: Leg) -> None:
        """A second leg is connected; it takes the place of one that has ended."""
        ...

    def rings_on(self) -> AbstractContextManager[None]:
        """While somebody else is called, a caller whom nobody has answered is not given up."""
        ...

    def send_digit(self, leg: Leg, digit: str) -> None:
        """Press one key towards the far end of a leg."""
        ...

    def received_digits(self, leg: Leg, action_data: Mapping[str, object]) -> None:
        """A ReceiveDigits on a leg has matched."""
        ...
