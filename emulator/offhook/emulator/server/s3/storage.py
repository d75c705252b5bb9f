"""Prompts that are fetched from S3, and recordings that are delivered there."""

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from offhook.actions.fields import PROMPTS_BUCKET, split_s3
from offhook.actions.refusals import Refusal
from offhook.emulator.call.audio import NO_ACCESS, NOT_PCM, Clip
from offhook.emulator.call.refused import Refused
from offhook.emulator.clock import in_thread
from offhook.emulator.server.s3.embedded import SERVICE
from offhook.emulator.service.folders import inside
from offhook.emulator.service.prompts import MAX_WAV_BYTES, Prompts
from offhook.emulator.service.recordings import Recordings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class Forbidden(PermissionError):
    """The bucket's policy does not let the service in."""


class Buckets:
    """S3, as the service is let into it."""

    def __init__(self, client: "S3Client", *, checks_policy: bool) -> None:
        self.client = client
        self._checks_policy = checks_policy

    def check(self, bucket: str, action: str) -> None:
        """Whether the bucket's policy allows the service an action. Raises `Forbidden`."""
        if not self._checks_policy:
            return
        try:
            policy: object = json.loads(self.client.get_bucket_policy(Bucket=bucket)["Policy"])
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Forbidden(f"the policy of the bucket {bucket} cannot be read: {error}") from None
        statements = _list(cast("dict[str, object]", policy).get("Statement"))
        if not any(_allows(statement, action) for statement in statements):
            raise Forbidden(f"the policy of the bucket {bucket} does not allow {SERVICE} {action}")


class S3Prompts(Prompts):
    """Audio in S3, copied into a folder when it is played."""

    def __init__(self, buckets: Buckets, folder: Path) -> None:
        super().__init__(folder, bucket="")
        self._buckets = buckets

    async def fetch(self, place: str, not_pcm: Refusal = NOT_PCM) -> Clip:
        """The wav of an audio source. Raises `Refused` as the service would."""
        return await in_thread(self._fetched, place, not_pcm)

    def _fetched(self, place: str, not_pcm: Refusal) -> Clip:
        bucket, key = split_s3(place, PROMPTS_BUCKET)
        try:
            file = inside(self.folder, f"{bucket}/{key}")
            self._buckets.check(bucket, "s3:GetObject")
            found = self._buckets.client.get_object(Bucket=bucket, Key=key)
            # One byte more than is allowed is enough to see that it is too large.
            content = found["Body"].read(MAX_WAV_BYTES + 1)
            file.parent.mkdir(parents=True, exist_ok=True)
            new = file.with_name(f".{uuid.uuid4()}")  # somebody else may be reading the old one
            new.write_bytes(content)
            new.replace(file)
        except (BotoCoreError, ClientError, OSError) as error:
            raise Refused(NO_ACCESS, f"s3://{bucket}/{key}: {error}") from None
        return self.clip(place, not_pcm)


class S3Recordings(Recordings):
    """Recordings that go to S3; the folder keeps a copy."""

    def __init__(self, buckets: Buckets, folder: Path) -> None:
        super().__init__(folder)
        self._buckets = buckets

    def write(
        self,
        bucket: str,
        key: str,
        tracks: Sequence[bytes],
        metadata: Mapping[str, str] | None = None,
    ) -> Path:
        """Write, and deliver. Raises `OSError`, also when S3 does not take it."""
        path = super().write(bucket, key, tracks, metadata)
        self._buckets.check(bucket, "s3:PutObject")
        try:
            self._buckets.client.put_object(
                Bucket=bucket,
                Key=key,
                Body=path.read_bytes(),
                ContentType="audio/wav",
                Metadata=metadata or {},
            )
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"s3://{bucket}/{key}: {error}") from None
        return path


def _allows(statement: object, action: str) -> bool:
    if not isinstance(statement, dict):
        return False
    said = cast("dict[str, object]", statement)
    principal = said.get("Principal")
    services: object = SERVICE if principal == "*" else None
    if isinstance(principal, dict):
        services = cast("dict[str, object]", principal).get("Service")
    actions = _list(said.get("Action"))
    is_meant = SERVICE in _list(services) and any(a in (action, "s3:*", "*") for a in actions)
    return is_meant and said.get("Effect") == "Allow"


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]
