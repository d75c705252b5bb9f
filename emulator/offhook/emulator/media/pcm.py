"""Samples: from one rate to another, and tones. Without numpy, which a desk need not have."""

import math
from array import array
from functools import lru_cache
from itertools import chain
from operator import mul

from offhook.emulator.call.span import RATE

TAPS = 14
"""Samples on either side that a resampled one is made of."""


def resampled(samples: "array[int]", rate: int, to: int = RATE) -> "array[int]":
    """Those of another rate, without what the lower one cannot hold (a windowed sinc)."""
    if rate == to:
        return samples
    common = math.gcd(rate, to)
    steps, phases = rate // common, to // common
    padded = array("h", chain(bytes(TAPS), samples, bytes(2 * TAPS)))
    made = array("h")
    for n in range(len(samples) * to // rate):
        whole, phase = divmod(n * steps, phases)
        near = padded[whole : whole + 2 * TAPS]
        made.append(_clipped(sum(map(mul, _taps(rate, to, phase), near))))
    return made


@lru_cache(maxsize=2048)
def _taps(rate: int, to: int, phase: int) -> tuple[float, ...]:
    cut = min(1.0, 0.9 * to / rate)
    at = phase / (to // math.gcd(rate, to))
    offsets = [n - TAPS - at for n in range(2 * TAPS)]
    taps = [_sinc(cut * x) * (0.54 + 0.46 * math.cos(math.pi * x / (TAPS + 1))) for x in offsets]
    whole = sum(taps)
    return tuple(tap / whole for tap in taps)


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _clipped(sample: float) -> int:
    return max(-32768, min(32767, round(sample)))


def tone(hertz: float, seconds: float, level: float = 0.05) -> bytes:
    """A sine of a part of the loudest level, which swells and fades for 20 ms."""
    count = round(seconds * RATE)
    fade = min(160, count // 2) or 1
    step = 2 * math.pi * hertz / RATE
    return array(
        "h",
        (
            round(32767 * level * math.sin(step * n) * min(1.0, n / fade, (count - n) / fade))
            for n in range(count)
        ),
    ).tobytes()
