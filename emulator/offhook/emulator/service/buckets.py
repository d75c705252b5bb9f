"""Audio by bucket and key: in folders, and in S3 where a function uses that."""

import re
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NO_ACCESS, NOT_PCM, Clip
from offhook.emulator.call.refused import Refused
from offhook.emulator.call.span import RATE
from offhook.emulator.clock import in_thread
from offhook.emulator.media import wav
from offhook.emulator.s3 import embedded
from offhook.emulator.s3.file import CONTENT_TYPE, File
from offhook.emulator.s3.opened import OpenedS3, port_of
from offhook.emulator.service.config import Desk
from offhook.emulator.service.config_file import ConfigError

MAX_WAV_BYTES = 50 * 1024 * 1024
"""Largest audio file (dg/play-audio)."""

PUT = "s3:PutObject"

_MADE = "ffmpeg -i OLD -ac 1 -ar 8000 -c:a pcm_s16le NEW.wav makes one"

KEPT = 256
"""So many wavs are read once, however often they are played."""

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Buckets:
    """What lies in `prompts/<key>` (of the default bucket) and `prompts/<bucket>/<key>`, and what
    was delivered to `recordings/<key>` and `recordings/<bucket>/<key>`. An object is what was
    written last.

    Once somebody has asked for it, the S3 has it all, and from then on it is the one place.
    """

    def __init__(
        self,
        prompts: Path,
        default: str,
        recordings: Path,
        s3: OpenedS3 | None = None,
        of_recordings: str = "",
    ) -> None:
        """`default` is the bucket that `prompts` stands for, `of_recordings` that of
        `recordings`."""
        self.folder = recordings
        """Where what is delivered goes."""
        self.written: list[Path] = []
        """Every recording so far, oldest first."""
        self.metadata: dict[Path, Mapping[str, str]] = {}
        """What S3 keeps beside a recording, as metadata of the object: a folder cannot."""
        self.s3 = s3
        self._prompts = prompts
        self._default = default
        self._of_recordings = of_recordings
        self._copies: TemporaryDirectory[str] | None = None
        if s3 is not None:
            s3.begin(self.files)

    def path(self, bucket: str, key: str) -> Path | None:
        """The file of an object, where there is one. Raises `OSError` where there cannot be."""
        places = self._delivered(bucket, key), inside(self._prompts, self._below(bucket, key))
        found = [place for place in places if place.is_file()]
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    def files(self) -> Iterator[File]:
        """Every object, those that were written last at the end."""
        found = [
            *_files(self._prompts, self._default),
            *(_files(self.folder, self._of_recordings) if self._of_recordings else ()),
            *(file for folder in _buckets(self._prompts) for file in _files(folder, folder.name)),
            *(file for folder in _buckets(self.folder) for file in _files(folder, folder.name)),
        ]
        for at, bucket, key, path in sorted(found, key=lambda each: each[0]):
            yield File(bucket, key, path, at, self.metadata.get(path, {}))

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would: `not_pcm` for a file
        that is none."""
        bucket, key = split_s3(place, PROMPTS_BUCKET)
        advice = ""
        try:
            if self.s3 is not None and self.s3.is_open:
                path, advice = await in_thread(self._fetched, self.s3, bucket, key)
            else:
                found = self.path(bucket, key)
                if found is None:
                    raise Refused(NO_ACCESS, self._not_there(bucket, key))
                path = found
            seconds = _seconds(path, f"s3://{bucket}/{key}", not_pcm)
        except OSError as error:
            raise Refused(NO_ACCESS, f"s3://{bucket}/{key} cannot be read: {error}") from None
        return Clip(key, round(seconds, 3), is_speech=False, path=path, advice=advice)

    async def check(self, bucket: str, key: str) -> None:
        """Raises `OSError` where an object of a bucket cannot be put, or may not be."""
        self._made(bucket, key)
        if self.s3 is not None and self.s3.is_open:
            await in_thread(self.s3.check, bucket, PUT)

    def write(
        self,
        bucket: str,
        key: str,
        tracks: Sequence[bytes],
        metadata: Mapping[str, str] | None = None,
    ) -> Path:
        """Deliver one track as mono, two as stereo. Raises `OSError`, also when S3 does not take
        it."""
        path = self._made(bucket, key)
        s3 = self.s3 if self.s3 is not None and self.s3.is_open else None
        if s3 is not None:
            s3.check(bucket, PUT)
        self.metadata[path] = metadata or {}
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(len(tracks))
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(tracks[0] if len(tracks) == 1 else _interleave(*tracks))
        self.written.append(path)
        if s3 is not None:
            s3.put(File(bucket, key, path, path.stat().st_mtime_ns, self.metadata[path]))
        return path

    def forget(self, but: int) -> None:
        """Delete recordings from the folder, the oldest first, but for so many, at least one."""
        for path in self.written[:-but]:
            path.unlink(missing_ok=True)
            self.metadata.pop(path, None)
        del self.written[:-but]

    def close(self) -> None:
        """Put away the S3, and what was copied from it."""
        if self.s3 is not None:
            self.s3.close()
        if self._copies is not None:
            self._copies.cleanup()

    def _below(self, bucket: str, key: str) -> str:
        return key if bucket == self._default else f"{bucket}/{key}"

    def _delivered(self, bucket: str, key: str) -> Path:
        below = key if bucket == self._of_recordings else f"{bucket}/{key}"
        return inside(self.folder, below)

    def _made(self, bucket: str, key: str) -> Path:
        path = self._delivered(bucket, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _not_there(self, bucket: str, key: str) -> str:
        below = self._below(bucket, key)
        said = (
            f"there is no file {self._prompts / below.lstrip('/')} for s3://{bucket}/{key}, and "
            "nothing was recorded there"
        )
        there = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
        if there is None or (self.s3 is not None and there == self.s3.endpoint):
            return said
        return f'{said}; what is in the S3 at {there} is read with s3 = {{ endpoint = "{there}" }}'

    def _fetched(self, s3: OpenedS3, bucket: str, key: str) -> tuple[Path, str]:
        """A copy of an object, and what is to be said of it."""
        s3.check(bucket, "s3:GetObject")
        # One byte more than is allowed is enough to see that it is too large.
        found = s3.get(bucket, key, MAX_WAV_BYTES + 1)
        if self._copies is None:
            self._copies = TemporaryDirectory(prefix="offhook-s3-", ignore_cleanup_errors=True)
        path = Path(self._copies.name) / sha256(f"{bucket}/{key}".encode()).hexdigest()
        new = path.with_name(str(uuid4()))  # somebody else may be reading the old one
        new.write_bytes(found.content)
        new.replace(path)
        if found.content_type == CONTENT_TYPE:
            return path, ""
        return path, (
            f"s3://{bucket}/{key} is {found.content_type or 'of no type'}: put audio with "
            f'ContentType="{CONTENT_TYPE}"'
        )


def inside(folder: Path, key: str) -> Path:
    """Where the object of a key is: a key may begin with a slash, as any. Raises `OSError` where it
    would be outside, or no file can have the name."""
    names = [name for name in key.split("/") if name]
    if ".." in names:
        raise PermissionError(f"{key} would be outside of the bucket")
    path = folder.joinpath(*names)
    try:
        path.exists()
    except ValueError as error:  # a zero in it, or half a character
        raise OSError(f"no file can be called {key!r}: {error}") from None
    return path


def _files(folder: Path, bucket: str) -> Iterator[tuple[int, str, str, Path]]:
    for path in folder.rglob("*"):
        with suppress(OSError):  # it went away in this moment
            if path.is_file():
                key = path.relative_to(folder).as_posix()
                yield path.stat().st_mtime_ns, bucket, key, path


def _buckets(folder: Path) -> Iterator[Path]:
    """The folders below that are called as a bucket may be."""
    with suppress(OSError):
        yield from (path for path in folder.iterdir() if _BUCKET.fullmatch(path.name))


def _seconds(path: Path, place: str, not_pcm: Refusal) -> float:
    there = path.stat()
    if there.st_size > MAX_WAV_BYTES:
        raise Refused(not_pcm, f"{place} is larger than 50 MB")
    try:
        return _read(path, there.st_mtime_ns, there.st_size)
    except ValueError as error:
        raise Refused(not_pcm, f"{place} is not a PCM wav: {error} ({_MADE})") from None


@lru_cache(KEPT)
def _read(path: Path, _written_ns: int, _size: int) -> float:
    """The seconds of a file that is as it was."""
    return wav.seconds(path)


def _interleave(left: bytes, right: bytes) -> bytes:
    stereo = bytearray(len(left) * 2)
    for offset, channel in ((0, left), (2, right)):
        stereo[offset::4] = channel[0::2]
        stereo[offset + 1 :: 4] = channel[1::2]
    return bytes(stereo)


def opened(desk: Desk, buckets: tuple[str, ...]) -> OpenedS3 | None:
    """Its S3, where it has one. Raises `ConfigError` for one that is not installed."""
    endpoint = desk.s3_endpoint
    if endpoint == "folders":
        return None
    if port_of(endpoint) is not None and not embedded.is_installed():
        raise ConfigError(
            'the embedded S3 is not installed: pip install "offhook[serve]", name another endpoint '
            "(--s3 http://...), or do without (--s3 folders)"
        )
    return OpenedS3(
        endpoint,
        region=desk.region,
        real_aws=desk.real_aws,
        checks_policy=desk.s3 is None or desk.s3.checks_policy,
        allows=desk,
        buckets=buckets,
        tables=desk.tables,
    )
