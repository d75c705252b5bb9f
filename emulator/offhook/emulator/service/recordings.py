"""The folder that stands for the buckets of recordings: real wav files."""

import wave
from collections.abc import Mapping, Sequence
from pathlib import Path

from offhook.emulator.call.sound import RATE
from offhook.emulator.service.folders import inside


class Recordings:
    """The folder that stands for the buckets of recordings: `<folder>/<bucket>/<key>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[Path] = []
        """Every file so far, oldest first."""
        self.metadata: dict[Path, Mapping[str, str]] = {}
        """What S3 keeps beside a file, as metadata of the object: a folder cannot."""

    def path(self, bucket: str, key: str) -> Path:
        """Where an object of a bucket is. Raises `OSError` where it cannot be put."""
        path = inside(self.folder, f"{bucket}/{key}")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def check(self, bucket: str, key: str) -> None:
        """Raises `OSError` where an object of a bucket cannot be put."""
        self.path(bucket, key)

    def write(
        self,
        bucket: str,
        key: str,
        tracks: Sequence[bytes],
        metadata: Mapping[str, str] | None = None,
    ) -> Path:
        """Write one track as mono, two as stereo. Raises `OSError`."""
        path = self.path(bucket, key)
        self.metadata[path] = metadata or {}
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(len(tracks))
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            wav.writeframes(tracks[0] if len(tracks) == 1 else _interleave(*tracks))
        self.written.append(path)
        return path


def _interleave(left: bytes, right: bytes) -> bytes:
    stereo = bytearray(len(left) * 2)
    for offset, channel in ((0, left), (2, right)):
        stereo[offset::4] = channel[0::2]
        stereo[offset + 1 :: 4] = channel[1::2]
    return bytes(stereo)
