"""A flow that hangs is interrupted where it hangs: by SIGALRM, which only the main thread gets."""

import signal
import threading
from types import FrameType

from offhook.handler import log
from offhook.handler.errors import OutOfPatience
from offhook.handler.events import Event
from offhook.handler.fallbacks import Answer, Reply

AGAIN_SECONDS = 1.0
"""After so long the alarm comes again, for what has swallowed the one before."""

SAID: list[str] = []


class Interrupted(BaseException):
    """Raised where the flow is: no `except Exception` of a library that tries again keeps it."""


def within(seconds: float, context: object, answer: Answer, event: Event) -> Reply:
    """The answer, if it comes in so many seconds, and in half of what Lambda leaves: the rest is
    for what answers the failure. Raises `OutOfPatience`."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        if not SAID:
            SAID.append("patience_seconds does nothing here: it needs SIGALRM and the main thread")
            log.warn(event, SAID[0])
        return answer(event)
    if remaining := getattr(context, "get_remaining_time_in_millis", None):
        seconds = max(0.001, min(seconds, remaining() / 2000))
    signal.signal(signal.SIGALRM, _interrupt)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
            return answer(event)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Interrupted as error:
        signal.setitimer(signal.ITIMER_REAL, 0)  # the alarm came just before the line above
        raise OutOfPatience(f"no answer within {seconds:.3g} s: it was at {error}") from error


def _interrupt(_signal: int, frame: FrameType | None) -> None:
    _, is_ours = signal.getitimer(signal.ITIMER_REAL)
    if is_ours and frame is not None:
        raise Interrupted(f"{frame.f_code.co_filename}:{frame.f_lineno}")
