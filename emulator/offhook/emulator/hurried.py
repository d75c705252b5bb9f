"""A server of threads waits for nobody who says half of a request."""

from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socket import SHUT_RDWR
from threading import Timer

from offhook.emulator import loopback


class Hurried(BaseHTTPRequestHandler):
    """Hears a request on a thread, and hangs up on whoever has not said all of it in time:
    `rests()` once it is here."""

    _late: Timer | None = None

    def setup(self) -> None:
        """Somebody is there, and has said nothing yet."""
        super().setup()
        self.hurries(loopback.BODY_SECONDS)

    def handle_one_request(self) -> None:
        """Hear a request, and answer it; then there is more time for another."""
        super().handle_one_request()
        self.hurries(loopback.BODY_SECONDS * 3)

    def finish(self) -> None:
        """They have gone, or are hung up on."""
        self.rests()
        super().finish()

    def rests(self) -> None:
        """Nothing is waited for any more."""
        if self._late is not None:
            self._late.cancel()

    def hurries(self, seconds: float) -> None:
        """From now on there is so much time."""
        self.rests()
        self._late = Timer(seconds, self._hang_up)
        self._late.daemon = True
        self._late.start()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)
