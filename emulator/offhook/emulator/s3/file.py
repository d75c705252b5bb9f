"""A file that is an object of a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CONTENT_TYPE: Final = "audio/wav"
"""What audio in S3 is to be (dg/play-audio)."""


@dataclass(frozen=True)
class File:
    """What lies in a folder of the desk."""

    bucket: str
    key: str
    path: Path
    at: int
    """When it was last written, in nanoseconds."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def content_type(self) -> str:
        """What it is in S3; a folder does not say."""
        is_wav = self.key.lower().endswith(".wav")
        return CONTENT_TYPE if is_wav else "binary/octet-stream"
