"""Which files are PCM wavs, and how long they are, on every Python."""

import struct
from pathlib import Path

import pytest

from offhook.emulator.media.wav import seconds

PCM_GUID = bytes.fromhex("0100000000001000800000aa00389b71")
FLOAT_GUID = bytes.fromhex("0300000000001000800000aa00389b71")


def chunk(name: bytes, content: bytes, length: int | None = None) -> bytes:
    said = len(content) if length is None else length
    return name + struct.pack("<I", said) + content + b"\0" * (len(content) % 2)


def fmt(kind: int = 1, channels: int = 1, rate: int = 8_000, bits: int = 16) -> bytes:
    block = channels * bits // 8
    return struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits)


def extensible(guid: bytes, bits: int = 16) -> bytes:
    return fmt(0xFFFE, bits=bits) + struct.pack("<HHI", 22, bits, 0) + guid


def wav(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


SECOND = chunk(b"data", bytes(16_000))


@pytest.mark.parametrize(
    ("content", "length"),
    [
        (wav(chunk(b"fmt ", fmt()), SECOND), 1.0),
        (wav(chunk(b"fmt ", fmt(channels=2, bits=8, rate=16_000)), SECOND), 0.5),
        (wav(chunk(b"fmt ", extensible(PCM_GUID)), SECOND), 1.0),
        (wav(chunk(b"fmt ", extensible(PCM_GUID, bits=24)), chunk(b"data", bytes(24_000))), 1.0),
        (wav(chunk(b"LIST", b"odd"), chunk(b"fmt ", fmt()), chunk(b"fact", b""), SECOND), 1.0),
        (wav(chunk(b"fmt ", fmt()), SECOND, chunk(b"LIST", b"after it")), 1.0),
        (wav(chunk(b"fmt ", fmt()), chunk(b"data", bytes(16_000), 0xFFFFFFFF)), 1.0),
        (wav(chunk(b"fmt ", fmt()), chunk(b"data", b"")), 0.0),
    ],
)
def test_a_pcm_wav_is_as_long_as_what_is_there(
    tmp_path: Path, content: bytes, length: float
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert seconds(path) == length


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "begin with RIFF"),
        (wav(), "cut short"),
        (wav(chunk(b"fmt ", fmt()[:10])), "cut short"),
        (wav(chunk(b"fmt ", fmt())), "cut short"),
        (wav(chunk(b"fmt ", fmt(kind=7)), SECOND), r"its format is 7 \(mu-law\)"),
        (wav(chunk(b"fmt ", fmt(kind=2)), SECOND), "its format is 2, and"),
        (wav(chunk(b"fmt ", extensible(FLOAT_GUID)), SECOND), r"format is 3 \(floating point\)"),
        (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
        (wav(chunk(b"fmt ", fmt(kind=0xFFFE)), SECOND), "its format is 65534"),
        (wav(SECOND, chunk(b"fmt ", fmt())), "data comes before"),
        (wav(chunk(b"fmt ", fmt(rate=0)), SECOND), "at 0 Hz"),
    ],
)
def test_anything_else_says_why_it_is_none(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=why):
        seconds(path)
