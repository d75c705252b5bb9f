"""How the memory of this process grows: looked at every second, and a line through what is seen."""

import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from time import monotonic
from typing import TypeAlias

STATM = Path("/proc/self/statm")
Sample: TypeAlias = tuple[float, float]
"""Minutes, and kB."""


@contextmanager
def sampled() -> Generator[list[Sample]]:
    """Once a second; nothing where the system has no /proc."""
    samples: list[Sample] = []
    ended = threading.Event()
    began = monotonic()

    def look() -> None:
        page = os.sysconf("SC_PAGESIZE") / 1024
        while not ended.wait(1.0):
            resident = int(STATM.read_text().split()[1]) * page
            samples.append(((monotonic() - began) / 60, resident))

    thread = threading.Thread(target=look, daemon=True)
    if STATM.exists():
        thread.start()
    try:
        yield samples
    finally:
        ended.set()


def slope(samples: Sequence[Sample]) -> tuple[float, float]:
    """By least squares: kB a minute, and half of its 95 % interval. At least three samples."""
    count = len(samples)
    middle = sum(x for x, _ in samples) / count
    level = sum(y for _, y in samples) / count
    spread = sum((x - middle) ** 2 for x, _ in samples)
    steep = sum((x - middle) * (y - level) for x, y in samples) / spread
    rest = sum((y - level - steep * (x - middle)) ** 2 for x, y in samples)
    return steep, 1.96 * sqrt(rest / (count - 2) / spread)
