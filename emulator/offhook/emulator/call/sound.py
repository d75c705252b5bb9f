"""What a recording sounds like: its samples where there are any, else tones, or silence."""

import math
import struct
from array import array
from collections.abc import Iterable
from typing import TypeAlias

from offhook.emulator.call.span import RATE, Span


def _second_of_tone(hertz: int) -> bytes:
    """Periods of whole samples, so one is enough: `hertz` divides the rate."""
    period = RATE // hertz
    samples = (round(8000 * math.sin(2 * math.pi * n / period)) for n in range(period))
    return b"".join(struct.pack("<h", sample) for sample in samples) * hertz


INCOMING_TONE, OUTGOING_TONE, MARK_TONE = map(_second_of_tone, (400, 320, 1600))
SILENCE = bytes(2 * RATE)

Layer: TypeAlias = tuple[Span, bytes]
"""A stretch of time, and the second of sound that fills it where it has none of its own."""


def render(layers: Iterable[Layer], start: float, end: float) -> bytes:
    """Samples from `start` to `end` (seconds): silence, and each layer over those before it; sounds
    of their own are heard together."""
    samples = bytearray(2 * round((end - start) * RATE))
    for span, sound in layers:
        first = round((max(span.start, start) - start) * RATE)
        last = round((min(span.end, end) - start) * RATE)
        if last <= first:
            continue
        length = 2 * (last - first)
        if span.sound:
            skipped = 2 * round(max(0.0, start - span.start) * RATE)
            own = bytes(span.sound[skipped : skipped + length]).ljust(length, b"\0")
            samples[2 * first : 2 * last] = mixed(bytes(samples[2 * first : 2 * last]), own)
        else:
            samples[2 * first : 2 * last] = (sound * (length // len(sound) + 1))[:length]
    return bytes(samples)


def mixed(one: bytes, other: bytes) -> bytes:
    """Both heard together; equally long."""
    if not any(one):
        return other
    if not any(other):
        return one
    pairs = zip(array("h", one), array("h", other), strict=True)
    return array("h", (max(-32768, min(32767, a + b)) for a, b in pairs)).tobytes()
