"""An S3 of our own on a port of this machine: moto's, in a thread, filled from the prompts."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from offhook.emulator.loopback import Allows, Nobody
from offhook.emulator.server.doors import WsgiDoor
from offhook.emulator.service.config import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from moto.backends import SERVICE_NAMES
    from types_boto3_s3 import S3Client
    from types_boto3_s3.literals import BucketLocationConstraintType

log = logging.getLogger("offhook.s3")

MOST_BYTES: Final = 512 * 1024 * 1024
"""Of an object: a call recorded in stereo for four hours."""
IDLE_SECONDS: Final = 30
"""How long a connection may say nothing."""

SERVICE = "voiceconnector.chime.amazonaws.com"
"""Who reads prompts and writes recordings (dg/play-audio, dg/record-audio)."""


class EmbeddedS3:
    """Listens until `stop`."""

    def __init__(self, allows: Callable[[], Allows] = Nobody) -> None:
        """`allows` says who else may come in. Raises `ConfigError` where moto is not installed."""
        try:
            from flask import Flask
            from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
                DomainDispatcherApplication,
                MotoRequestHandler,
                create_backend_app,
            )
            from werkzeug.serving import make_server
        except ModuleNotFoundError as error:
            raise ConfigError(
                f'the embedded S3 needs {error.name}: pip install "offhook[serve]", name another '
                "endpoint (--s3 http://...), or do without (--s3 folders)"
            ) from None

        class Requests(MotoRequestHandler):
            timeout = IDLE_SECONDS

        def backend(service: "SERVICE_NAMES") -> Flask:
            """moto's own API is closed: it wipes everything, and asks for no signature."""
            return Flask("closed") if service == "moto_api" else create_backend_app(service)

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        moto = _one_by_one(DomainDispatcherApplication(backend))
        door = WsgiDoor(moto, allows, most_bytes=MOST_BYTES)
        self._server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=Requests)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End it; what it holds is gone. It belongs to the process, so it is emptied."""
        from moto.dynamodb.models import dynamodb_backends
        from moto.s3.models import s3_backends

        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for s3 in s3_backends.values():
            for backend in s3.values():
                backend.reset()
        for dynamodb in dynamodb_backends.values():
            for tables in dynamodb.values():
                tables.reset()


def _one_by_one(moto: "WSGIApplication") -> "WSGIApplication":
    """A condition and its write are one step in DynamoDB; between moto's, other threads may run."""
    lock = Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not str(environ.get("HTTP_X_AMZ_TARGET")).startswith("DynamoDB"):
            return moto(environ, start_response)
        with lock:
            return list(moto(environ, start_response))

    return answer


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
