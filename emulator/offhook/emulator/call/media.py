"""What a leg is made of: silent (virtual time) now; a browser and SIP can be further kinds."""

from typing import Protocol

from offhook.emulator.call.audio import Clip


class Media(Protocol):
    """What is heard on one leg, and what is said there."""

    async def play(self, clip: Clip) -> bool:
        """Play a clip to the end. `False` when `stop` cut it short. May be cancelled."""
        ...

    def stop(self) -> None:
        """Cut what is playing."""
        ...
