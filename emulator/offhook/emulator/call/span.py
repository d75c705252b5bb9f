"""Stretches of sound on a leg: what was said, and heard, and when."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from offhook.emulator.call.audio import Clip

RATE = 8000
"""Samples a second: telephone quality. Of 16 bits, little-endian."""
FRAME_SECONDS = 0.02
FRAME_BYTES = round(2 * RATE * FRAME_SECONDS)

LOUD = 400
"""A frame with such a sample is voice: 1 % of the loudest there is."""
PAUSE_SECONDS = 0.5
"""A voice that pauses no longer goes on."""
LATE_SECONDS = 0.1
"""Frames that come later than this were not sent one after the other."""


@dataclass(slots=True)
class Span:
    """A stretch of sound: when it began and ended, in seconds of the loop's clock."""

    start: float
    end: float
    clip: Clip | None = None
    """What is heard, where it is no voice and no tone."""
    sound: bytes | bytearray = b""
    """Its samples, where it has any."""


def is_loud(frame: bytes) -> bool:
    """Whether somebody speaks in it."""
    samples = array("h", frame)
    return bool(samples) and (max(samples) >= LOUD or min(samples) <= -LOUD)


def go_on(spans: list[Span], frame: bytes, now: float, *, keeps: bool) -> None:
    """A voice goes on, or begins, in the last of the spans: one that pauses becomes another. Its
    samples are kept where somebody `keeps` them."""
    last = _live(spans, now, keeps=keeps)
    if last is None:
        if not is_loud(frame):
            return
        last = Span(now, now, sound=bytearray() if keeps else b"")
        spans.append(last)
    if isinstance(last.sound, bytearray):
        behind = now - last.start - len(last.sound) / (2 * RATE)
        if behind > LATE_SECONDS:
            last.sound += bytes(2 * round(behind * RATE))
        last.sound += frame
    if is_loud(frame):
        last.end = now + FRAME_SECONDS


def _live(spans: Sequence[Span], now: float, *, keeps: bool) -> Span | None:
    last = spans[-1] if spans else None
    if last is None or last.clip is not None or now - last.end > PAUSE_SECONDS:
        return None
    return last if isinstance(last.sound, bytearray) == keeps else None
