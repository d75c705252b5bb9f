"""The S3 of a desk: the embedded one, once somebody comes there, or that at an endpoint."""

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Final

from offhook.emulator.ports.loopback import Allows
from offhook.emulator.s3 import embedded
from offhook.emulator.s3.table import Table

if TYPE_CHECKING:
    from offhook.emulator.s3.file import File
    from offhook.emulator.s3.mirror import Files, Mirror
    from offhook.emulator.s3.objects import Got, Objects

EMBEDDED: Final = "embedded"
"""The endpoint of the embedded one, before it has any."""


def port_of(endpoint: str) -> int | None:
    """That of the embedded one, 0 for any; `None` where the endpoint is another."""
    name, _, port = endpoint.partition(":")
    return int(port or 0) if name == EMBEDDED else None


class OpenedS3:
    """What can be had there, until `close`. Everything raises `OSError` where S3 says no."""

    def __init__(
        self,
        endpoint: str,
        *,
        region: str,
        real_aws: bool | str,
        checks_policy: bool,
        allows: Allows,
        buckets: Sequence[str],
        tables: Mapping[str, Table],
    ) -> None:
        """`allows` says who may come to the embedded one, which has these `buckets`, and any other
        as soon as something is put there; and, as a DynamoDB, these `tables`."""
        port = port_of(endpoint)
        self._is_embedded = port is not None
        self.endpoint = endpoint if port is None else embedded.endpoint(port)
        """What clients take as `endpoint_url`."""
        self.is_open = not self._is_embedded
        """Whether objects are there rather than in folders alone."""
        self.allows = allows
        self._region = region
        self._real_aws = False if self._is_embedded else real_aws
        self._checks_policy = checks_policy
        self._buckets = buckets
        self._tables = tables
        self._client: Objects | None = None
        self._mirror: Mirror | None = None
        self._lock = RLock()

    def begin(self, files: "Files") -> None:
        """The embedded one gets these files when it opens, and what changes of them."""
        self._files = files
        if self._is_embedded:
            embedded.join(self)

    def open(self) -> None:
        """Somebody comes to the embedded one."""
        with self._lock:
            if self.is_open:
                return
            from offhook.emulator.s3.mirror import Mirror, logged

            self._mirror = Mirror(self._objects, self._files)
            for bucket in self._buckets:
                with logged():
                    self._mirror.make(bucket)
            self._mirror.refresh()
            if self._tables:
                from offhook.emulator.s3.tables import make_tables

                make_tables(self.endpoint, self._region, self._tables)
            self.is_open = True
            self._mirror.refresh()  # what was recorded meanwhile

    def make(self, bucket: str) -> None:
        """A bucket is there from now on, where that is the desk's to say."""
        if self._mirror is not None:
            with self._lock:
                self._mirror.make(bucket)

    def check(self, bucket: str, action: str) -> None:
        """Whether the bucket's policy allows the service an action. Raises `Forbidden`."""
        self.make(bucket)
        if self._checks_policy:
            self._objects.check(bucket, action)

    def get(self, bucket: str, key: str, most_bytes: int) -> "Got":
        """An object, or its beginning."""
        return self._objects.get(bucket, key, most_bytes)

    def put(self, file: "File") -> None:
        """Upload a file into its bucket. Raises `OSError`."""
        (self._mirror or self._objects).put(file)

    def refresh(self) -> None:
        """What has changed in the folders since goes to the embedded S3, once it is open."""
        if self._mirror is not None and self.is_open:
            self._mirror.refresh()

    def close(self) -> None:
        """Put away what was started for it."""
        if self._is_embedded:
            embedded.leave(self)
        if self._client is not None:
            self._client.close()

    @property
    def _objects(self) -> "Objects":
        with self._lock:
            if self._client is None:
                from offhook.emulator.s3.objects import Objects

                self._client = Objects(self.endpoint, self._region, self._real_aws, embedded.OURS)
            return self._client
