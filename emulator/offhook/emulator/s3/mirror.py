"""Gives buckets the files of folders, and what changes there."""

import logging
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TypeAlias

from offhook.emulator.s3.file import File
from offhook.emulator.s3.objects import Objects

log = logging.getLogger("offhook.s3")

Files: TypeAlias = Callable[[], Iterable[File]]
"""Every file; of one object, the last."""


class Mirror:
    """Of those folders, in these buckets."""

    def __init__(self, objects: Objects, files: Files) -> None:
        self._objects = objects
        self._files = files
        self._seen: dict[tuple[str, str], File] = {}
        """By bucket and key."""
        self._made: set[str] = set()

    def refresh(self) -> None:
        """Upload what is new or has changed, delete what is gone; what cannot be, is logged."""
        before, now = self._seen, {(file.bucket, file.key): file for file in self._files()}
        self._seen = now
        for place, file in list(now.items()):
            old = before.get(place)
            if old is None or (old.path, old.at) != (file.path, file.at):
                with logged():
                    self.put(file)
        for bucket, key in before.keys() - now.keys():
            with logged():
                self._objects.delete(bucket, key)

    def put(self, file: File) -> None:
        """Upload a file. Raises `OSError`."""
        self._seen[file.bucket, file.key] = file
        self.make(file.bucket)
        self._objects.put(file)

    def make(self, bucket: str) -> None:
        """Make a bucket that was not there yet. Raises `OSError`."""
        if bucket not in self._made:
            self._objects.make(bucket)
            self._made.add(bucket)


@contextmanager
def logged() -> Generator[None]:
    """What S3 does not take, is no reason to stop."""
    try:
        yield
    except OSError as error:
        log.warning("the S3 is not as the folders are: %s", error)
