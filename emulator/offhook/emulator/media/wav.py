"""What is in a wav: how long it is, as its header says and its file holds, and its samples."""

import struct
from array import array
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from offhook.emulator.call.span import RATE
from offhook.emulator.media.pcm import resampled

PCM: Final = 1
EXTENSIBLE: Final = 0xFFFE
"""Of a header that says further on what is in it, as 24-bit and multichannel ones must."""
GUID: Final = bytes.fromhex("00000000001000800000aa00389b71")
"""How an extensible header says that it names a format by its number, which is before it."""
OTHERS: Final = {3: "floating point", 6: "A-law", 7: "mu-law", 0x55: "MP3"}
"""Formats that are no PCM, by their numbers."""
GIT_LFS: Final = b"version http"
"""How a pointer begins that stands for a file which was not fetched."""


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
    form, length = _to_data(file, size)
    return Sound(length / (form.bytes_per_frame * form.rate), form.rate)


def samples(path: Path) -> bytes:
    """All of a PCM wav as a telephone has it: 16 bits, one channel, 8 kHz. Raises as `sound`."""
    with path.open("rb") as file:
        form, length = _to_data(file, path.stat().st_size)
        data = file.read(length // form.bytes_per_frame * form.bytes_per_frame)
    width = (form.bits + 7) // 8
    if width == 1:  # alone without a sign
        wide = array("h", ((byte - 128) << 8 for byte in data))
    else:  # the upper two bytes of each
        upper = bytearray(len(data) // width * 2)
        upper[0::2], upper[1::2] = data[width - 2 :: width], data[width - 1 :: width]
        wide = array("h", bytes(upper))
    channels = [wide[channel :: form.channels] for channel in range(form.channels)]
    mono = (
        wide
        if form.channels == 1
        else array("h", (sum(each) // form.channels for each in zip(*channels, strict=True)))
    )
    return resampled(mono, form.rate, RATE).tobytes()


class _Format(NamedTuple):
    channels: int
    rate: int
    bits: int

    @property
    def bytes_per_frame(self) -> int:
        return self.channels * ((self.bits + 7) // 8)


def _to_data(file: BinaryIO, size: int) -> tuple[_Format, int]:
    """Its format, and how many bytes of data come now. Raises `ValueError`."""
    form: _Format | None = None
    riff = file.read(12)
    if riff == GIT_LFS:
        raise ValueError("it is a pointer of Git LFS, to be fetched by git lfs pull")
    if riff[:4] + riff[8:] != b"RIFFWAVE":
        raise ValueError("it does not begin with RIFF and WAVE")
    while len(head := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", head)
        if name == b"fmt ":
            form = _format(file.read(length + length % 2))
        elif name == b"data":
            if form is None:
                raise ValueError("its data comes before its format")
            return form, min(length, size - file.tell())
        else:
            file.seek(length + length % 2, 1)
    raise ValueError("it is cut short")


def _format(fmt: bytes) -> _Format:
    if len(fmt) < 16:
        raise ValueError("it is cut short")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", fmt)
    if kind == EXTENSIBLE and fmt[25:40] == GUID:
        kind = fmt[24]
    if kind != PCM:
        called = f" ({OTHERS[kind]})" if kind in OTHERS else ""
        raise ValueError(f"its format is {kind}{called}, and that of PCM is {PCM}")
    form = _Format(channels, rate, bits)
    if not form.bytes_per_frame * rate:
        raise ValueError(f"it has {channels} channels of {bits} bits at {rate} Hz")
    return form
