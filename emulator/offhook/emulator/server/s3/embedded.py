"""An S3 of our own on a port of this machine: moto's, in a thread, filled from the prompts."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from offhook.emulator.service.config import ConfigError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.literals import BucketLocationConstraintType

log = logging.getLogger("offhook.s3")

SERVICE = "voiceconnector.chime.amazonaws.com"
"""Who reads prompts and writes recordings (dg/play-audio, dg/record-audio)."""


class EmbeddedS3:
    """Listens until `stop`."""

    def __init__(self) -> None:
        """Raises `ConfigError` where moto is not installed."""
        try:
            from moto.server import ThreadedMotoServer
        except ModuleNotFoundError as error:
            raise ConfigError(
                f'the embedded S3 needs {error.name}: pip install "offhook[serve]", name another '
                "endpoint (--s3 http://...), or do without (--s3 folders)"
            ) from None
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"

    def stop(self) -> None:
        """End it; what it holds is gone. It belongs to the process, so it is emptied."""
        from moto.dynamodb.models import dynamodb_backends
        from moto.s3.models import s3_backends

        self._server.stop()
        for s3 in s3_backends.values():
            for backend in s3.values():
                backend.reset()
        for dynamodb in dynamodb_backends.values():
            for tables in dynamodb.values():
                tables.reset()


def is_installed() -> bool:
    """Whether there is what the embedded S3 needs."""
    return all(find_spec(name) for name in ("flask", "flask_cors", "moto"))


class Mirror:
    """Gives a bucket the files of a folder, and what changes there."""

    def __init__(self, client: "S3Client", bucket: str, folder: Path) -> None:
        self._client = client
        self._bucket = bucket
        self._folder = folder
        self._seen: dict[str, int] = {}
        """When each file was last written, by key."""

    def refresh(self) -> None:
        """Upload what is new or has changed, delete what is gone; what cannot be, is logged."""
        before, self._seen = self._seen, dict(self._look())
        try:
            for key in [key for key, at in self._seen.items() if before.get(key) != at]:
                body = (self._folder / key).read_bytes()
                self._client.put_object(Bucket=self._bucket, Key=key, Body=body)
            for key in before.keys() - self._seen.keys():
                self._client.delete_object(Bucket=self._bucket, Key=key)
        except (OSError, BotoCoreError, ClientError) as error:
            log.warning("the bucket %s is not as %s is: %s", self._bucket, self._folder, error)

    def _look(self) -> Iterator[tuple[str, int]]:
        for path in self._folder.rglob("*"):
            with suppress(OSError):  # it went away in this moment
                if path.is_file():
                    yield path.relative_to(self._folder).as_posix(), path.stat().st_mtime_ns


def make_bucket(client: "S3Client", bucket: str, region: str) -> None:
    """Make a bucket that the service may use."""
    if region == "us-east-1":  # which cannot be named as a place
        client.create_bucket(Bucket=bucket)
    else:
        place = cast("BucketLocationConstraintType", region)
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": place})
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy(bucket)))


def policy(bucket: str) -> dict[str, object]:
    """The policy that AWS documents for such a bucket."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }
