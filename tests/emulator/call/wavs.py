"""Recordings as files: how long they are, and where something is heard on each track."""

import wave
from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple, TypeAlias

from offhook.emulator.testing import Phone

Spans: TypeAlias = list[tuple[float, float]]
"""From when to when, in seconds, to the millisecond."""

QUIET = 40
"""Samples of silence that end a sound; within a tone there is never more than one."""


class Recorded(NamedTuple):
    """A wav file."""

    rate: int
    samples: int
    tracks: list[Spans]
    """Where something is heard: on one track, or on the left and the right."""


def read(path: Path) -> Recorded:
    """Read a wav of 16-bit samples."""
    with wave.open(str(path), "rb") as wav:
        assert wav.getsampwidth() == 2
        channels, rate = wav.getnchannels(), wav.getframerate()
        samples = array("h", wav.readframes(wav.getnframes()))
    tracks = [_heard(samples[channel::channels], rate) for channel in range(channels)]
    return Recorded(rate, len(samples) // channels, tracks)


def _heard(track: Sequence[int], rate: int) -> Spans:
    loud = [n for n, sample in enumerate(track) if sample]
    if not loud:
        return []
    breaks = [(a, b) for a, b in pairwise(loud) if b - a > QUIET]
    starts = [loud[0], *(b for _, b in breaks)]
    ends = [*(a + 1 for a, _ in breaks), loud[-1] + 1]
    return [(round(a / rate, 3), round(b / rate, 3)) for a, b in zip(starts, ends, strict=True)]


def in_the_way(phone: Phone, bucket: str) -> None:
    """Nothing can be written to a bucket any more: a file is where its folder was."""
    place = phone.service.buckets.folder / bucket
    rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("not a folder")
