"""A server of threads waits for nobody who says half of a request."""

import sched
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from http.server import BaseHTTPRequestHandler
from math import inf
from socket import SHUT_RDWR
from threading import Condition, Thread

from offhook.emulator.ports import loopback


class Hurried(BaseHTTPRequestHandler):
    """Hears a request on a thread, and hangs up on whoever has not said all of it in time:
    `rests()` once it is here."""

    _late: Callable[[], None] | None = None

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
            self._late()
            self._late = None

    def hurries(self, seconds: float) -> None:
        """From now on there is so much time."""
        self.rests()
        self._late = later(seconds, self._hang_up)

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)


def later(seconds: float, do: Callable[[], object]) -> Callable[[], None]:
    """Do something quick, which must not raise, when so much time has passed; what takes it back
    is returned. One thread does all of it: a `Timer` for each costs more than many a request."""
    watch = _watch()
    event = watch.due.enter(seconds, 0, do)
    if event.time < watch.wakes:
        with watch.sooner:
            watch.sooner.notify()
    return partial(_forget, watch.due, event)


def _forget(due: sched.scheduler, event: sched.Event) -> None:
    with suppress(ValueError):  # it is done
        due.cancel(event)


class _Watch(Thread):
    """Does what is due."""

    def __init__(self) -> None:
        super().__init__(name="offhook watch", daemon=True)
        self.due = sched.scheduler(time.monotonic)
        self.sooner = Condition()
        self.wakes = inf
        """When it looks again."""

    def run(self) -> None:
        with self.sooner:
            while True:
                self.wakes = inf
                left = self.due.run(blocking=False)
                if left is not None:
                    self.wakes = time.monotonic() + left
                self.sooner.wait(left)


@cache
def _watch() -> _Watch:
    watch = _Watch()
    watch.start()
    return watch
