"""The S3 of a desk, opened: the service reads from it and writes to it from now on."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from offhook.emulator.config import S3, Desk
from offhook.emulator.s3.embedded import EmbeddedS3, fill
from offhook.emulator.s3.storage import Buckets, S3Prompts, S3Recordings
from offhook.emulator.surroundings import Surroundings


def open_s3(desk: Desk, s3: S3, surroundings: Surroundings) -> tuple[str, Callable[[], None]]:
    """The endpoint, and what closes it. Raises `ConfigError` where the embedded one is missing."""
    import boto3
    from botocore.config import Config

    embedded = EmbeddedS3() if s3.endpoint == "embedded" else None
    endpoint = embedded.endpoint if embedded is not None else s3.endpoint
    desk_key = "desk" if embedded is not None else None
    client = boto3.client(  # pyright: ignore[reportUnknownMemberType] - an overload per service
        "s3",
        endpoint_url=endpoint,
        region_name=desk.region,
        aws_access_key_id=desk_key,
        aws_secret_access_key=desk_key,
        config=Config(
            connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2}
        ),  # the calls wait meanwhile
    )
    if embedded is not None:
        fill(client, surroundings.prompts.bucket, desk.prompts)
        fill(client, desk.recordings_bucket, None)
    copies = TemporaryDirectory(prefix="offhook-s3-", ignore_cleanup_errors=True)
    buckets = Buckets(client, checks_policy=s3.checks_policy)
    surroundings.prompts = S3Prompts(buckets, Path(copies.name))
    surroundings.recordings = S3Recordings(buckets, desk.recordings)

    def close() -> None:
        client.close()
        copies.cleanup()
        if embedded is not None:
            embedded.stop()

    return endpoint, close
