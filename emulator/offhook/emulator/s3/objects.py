"""Objects at an S3 endpoint, as the service is let into its buckets, through boto3."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from offhook.emulator.function.credentials import KEY
from offhook.emulator.s3.file import File

if TYPE_CHECKING:
    from types_boto3_s3.literals import BucketLocationConstraintType

SERVICE: Final = "voiceconnector.chime.amazonaws.com"
"""Who reads prompts and writes recordings (dg/play-audio, dg/record-audio)."""


class Forbidden(PermissionError):
    """The bucket's policy does not let the service in."""


@dataclass(frozen=True)
class Got:
    """What an object holds."""

    content: bytes
    content_type: str


class Objects:
    """Everything raises `OSError` where S3 says no, or nothing."""

    def __init__(self, endpoint: str, region: str, real_aws: bool | str, user_agent: str) -> None:
        """`real_aws`: whether the developer's credentials are used; a name is a profile's."""
        session = boto3.Session(
            aws_access_key_id=None if real_aws else KEY,
            aws_secret_access_key=None if real_aws else KEY,
            region_name=region,
            profile_name=real_aws if isinstance(real_aws, str) and real_aws else None,
        )
        self._region = region
        self._client = session.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "s3",
            endpoint_url=endpoint,
            config=Config(
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2},
                user_agent_extra=user_agent,
            ),  # the calls wait meanwhile
        )
        self.close = self._client.close

    def get(self, bucket: str, key: str, most_bytes: int) -> Got:
        """An object, or its beginning."""
        try:
            found = self._client.get_object(Bucket=bucket, Key=key)
            return Got(found["Body"].read(most_bytes), found.get("ContentType", ""))
        except (BotoCoreError, ClientError) as error:
            raise OSError(str(error)) from None

    def put(self, file: File) -> None:
        """Upload a file. Raises `OSError`."""
        try:
            self._client.put_object(
                Bucket=file.bucket,
                Key=file.key,
                Body=file.path.read_bytes(),
                ContentType=file.content_type,
                Metadata=file.metadata,
            )
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"s3://{file.bucket}/{file.key}: {error}") from None

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object of a bucket. Raises `OSError`."""
        try:
            self._client.delete_object(Bucket=bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"s3://{bucket}/{key}: {error}") from None

    def check(self, bucket: str, action: str) -> None:
        """Whether the bucket's policy allows the service an action. Raises `Forbidden`."""
        try:
            policy: object = json.loads(self._client.get_bucket_policy(Bucket=bucket)["Policy"])
        except (BotoCoreError, ClientError, ValueError) as error:
            raise Forbidden(f"the policy of the bucket {bucket} cannot be read: {error}") from None
        statements = _list(cast("dict[str, object]", policy).get("Statement"))
        if not any(_allows(statement, action) for statement in statements):
            raise Forbidden(f"the policy of the bucket {bucket} does not allow {SERVICE} {action}")

    def make(self, bucket: str) -> None:
        """Make a bucket that the service may use, unless it is there."""
        try:
            if self._is_there(bucket):
                return
            if self._region == "us-east-1":  # which cannot be named as a place
                self._client.create_bucket(Bucket=bucket)
            else:
                place = cast("BucketLocationConstraintType", self._region)
                self._client.create_bucket(
                    Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": place}
                )
            self._client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_policy(bucket)))
        except (BotoCoreError, ClientError) as error:
            raise OSError(f"s3://{bucket}: {error}") from None

    def _is_there(self, bucket: str) -> bool:
        try:
            self._client.head_bucket(Bucket=bucket)
        except ClientError:
            return False
        return True


def _policy(bucket: str) -> dict[str, object]:
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
