"""What a leg is made of: silent in virtual time, the page of a browser, one day SIP."""

from collections.abc import Callable
from typing import Protocol

from offhook.emulator.call.audio import Clip
from offhook.emulator.call.span import Span

Stop = Callable[[], object]


class Media(Protocol):
    """What the person on one leg hears. Their voice comes by `LiveCall.person_speaks`, what they
    say in words by `person_says`, their keys by `Leg.presses`."""

    async def prepared(self, clip: Clip) -> Clip:
        """A clip as it sounds here: with its samples and their length, where it has any."""
        ...

    async def play(self, clip: Clip) -> bool:
        """Play a prepared clip to the end. `False` when `stop` cut it short, also between the two.
        May be cancelled."""
        ...

    def stop(self) -> None:
        """Cut what is playing."""
        ...

    def overhear(self, span: Span, /) -> Stop:
        """The other side says the clip of a span, from now on, beside whatever plays. It gets its
        samples, where there are any. Returns what cuts it."""
        ...

    def hear(self, frame: bytes, /) -> None:
        """20 ms of the voice of the other side: samples of 16 bits at 8 kHz, little-endian."""
        ...
