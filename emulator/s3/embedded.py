"""An S3 of our own on a port of this machine: moto's, in a thread, filled from the prompts."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from offhook.emulator.config import ConfigError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

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
                f'the embedded S3 needs {error.name}: pip install "offhook[s3]", or name another '
                "endpoint (--s3 http://...)"
            ) from None
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"

    def stop(self) -> None:
        """End it; what it holds is gone. It belongs to the process, so it is emptied first."""
        urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()
        self._server.stop()


def fill(client: "S3Client", bucket: str, folder: Path | None) -> None:
    """Make a bucket that the service may use, of the files of a folder."""
    client.create_bucket(Bucket=bucket)
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy(bucket)))
    if folder is None:
        return
    for path in (found for found in sorted(folder.rglob("*")) if found.is_file()):
        key = path.relative_to(folder).as_posix()
        client.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


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
