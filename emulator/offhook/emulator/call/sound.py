"""What a recording sounds like: what was said as tones, or silence. Samples, and no files."""

import math
import struct
from collections.abc import Iterable
from typing import TypeAlias

from offhook.emulator.call.leg import Span

RATE = 8000
"""Samples a second: telephone quality."""


def _second_of_tone(hertz: int) -> bytes:
    """Periods of whole samples, so one is enough: `hertz` divides the rate."""
    period = RATE // hertz
    samples = (round(8000 * math.sin(2 * math.pi * n / period)) for n in range(period))
    return b"".join(struct.pack("<h", sample) for sample in samples) * hertz


INCOMING_TONE, OUTGOING_TONE, MARK_TONE = map(_second_of_tone, (400, 320, 1600))
SILENCE = bytes(2 * RATE)

Layer: TypeAlias = tuple[Span, bytes]
"""A stretch of time, and the second of sound that fills it."""


def render(layers: Iterable[Layer], start: float, end: float) -> bytes:
    """Samples from `start` to `end` (seconds): silence, and each layer over those before it."""
    samples = bytearray(2 * round((end - start) * RATE))
    for span, sound in layers:
        first = round((max(span.start, start) - start) * RATE)
        last = round((min(span.end, end) - start) * RATE)
        if last > first:
            length = 2 * (last - first)
            samples[2 * first : 2 * last] = (sound * (length // len(sound) + 1))[:length]
    return bytes(samples)
