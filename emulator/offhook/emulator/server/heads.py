"""What comes before a body has its time, too: whoever sends half a head is hung up on."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from offhook.emulator.ports import loopback


class InTime(H11Protocol):
    """HTTP as uvicorn hears it. Between two requests it waits as long as its settings say."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Somebody is there, and has said nothing."""
        super().connection_made(transport)
        self._hurry()

    def data_received(self, data: bytes) -> None:
        """They have said something; perhaps not all."""
        super().data_received(data)
        self._hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone, or were hung up on."""
        self._rest()
        super().connection_lost(exc)

    def _hurry(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._rest()
        elif self._late is None:
            hang_up = self.timeout_keep_alive_handler
            self._late = self.loop.call_later(loopback.BODY_SECONDS, hang_up)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None
