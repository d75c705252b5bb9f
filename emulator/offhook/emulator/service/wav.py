"""How long a wav is, as its header says and its file holds."""

import struct
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

PCM: Final = 1
EXTENSIBLE: Final = 0xFFFE
"""Of a header that says further on what is in it, as 24-bit and multichannel ones must."""
PCM_GUID: Final = bytes.fromhex("0100000000001000800000aa00389b71")
"""How an extensible header says PCM."""


class Sound(NamedTuple):
    """What the header of a PCM wav says of it, as far as the file holds it."""

    seconds: float
    rate: int
    """Samples a second: Hz."""


def seconds(path: Path) -> float:
    """The length of a PCM wav. Raises as `sound` does."""
    return sound(path).seconds


def sound(path: Path) -> Sound:
    """A PCM wav; of one that was cut short, or streamed, what is there.

    Raises `ValueError`, which says why it is none, and `OSError`. (The `wave` of Python 3.11
    takes no extensible header.)
    """
    with path.open("rb") as file:
        return sound_in(file, path.stat().st_size)


def sound_in(file: BinaryIO, size: int) -> Sound:
    """The same of a file of so many bytes, of which its beginning is enough."""
    rate = bytes_per_second = 0
    riff = file.read(12)
    if riff[:4] + riff[8:] != b"RIFFWAVE":
        raise ValueError("it does not begin with RIFF and WAVE")
    while len(head := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", head)
        if name == b"fmt ":
            rate, bytes_per_second = _rates(file.read(length + length % 2))
        elif name == b"data":
            if not bytes_per_second:
                raise ValueError("its data comes before its format")
            return Sound(min(length, size - file.tell()) / bytes_per_second, rate)
        else:
            file.seek(length + length % 2, 1)
    raise ValueError("it is cut short")


def _rates(fmt: bytes) -> tuple[int, int]:
    if len(fmt) < 16:
        raise ValueError("it is cut short")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", fmt)
    if kind != PCM and not (kind == EXTENSIBLE and fmt[24:40] == PCM_GUID):
        raise ValueError(f"its format is {kind}, and that of PCM is {PCM}")
    found = int(channels * ((bits + 7) // 8) * rate)
    if not found:
        raise ValueError(f"it has {channels} channels of {bits} bits at {rate} Hz")
    return int(rate), found
