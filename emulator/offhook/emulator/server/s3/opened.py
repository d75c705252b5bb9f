"""The S3 of a desk, opened: the service reads from it and writes to it from now on."""

from pathlib import Path
from tempfile import TemporaryDirectory

from offhook.actions.fields import PROMPTS_BUCKET
from offhook.emulator.function.credentials import KEY
from offhook.emulator.function.provided import provide, withdraw
from offhook.emulator.server.s3.embedded import EmbeddedS3, Mirror, make_bucket
from offhook.emulator.server.s3.storage import Buckets, S3Prompts, S3Recordings
from offhook.emulator.service.config import S3, Desk


class OpenedS3:
    """The embedded one, or that at an endpoint, until `close`."""

    def __init__(self, desk: Desk, s3: S3) -> None:
        """Raises `ConfigError` where the embedded one is not installed."""
        import boto3
        from botocore.config import Config

        self._embedded = EmbeddedS3(lambda: desk) if s3.endpoint == "embedded" else None
        self.endpoint = self._embedded.endpoint if self._embedded is not None else s3.endpoint
        """What clients take as `endpoint_url`."""
        embeds = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB")  # moto answers as both
        self._variables = embeds if self._embedded is not None else embeds[:1]
        for variable in self._variables:
            provide(variable, self.endpoint)  # functions and their AWS SDK find it there
        real = desk.real_aws if self._embedded is None else False
        session = boto3.Session(
            aws_access_key_id=None if real else KEY,
            aws_secret_access_key=None if real else KEY,
            region_name=desk.region,
            profile_name=real if isinstance(real, str) and real else None,
        )
        self._client = session.client(  # pyright: ignore[reportUnknownMemberType] - an overload each
            "s3",
            endpoint_url=self.endpoint,
            config=Config(
                connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2}
            ),  # the calls wait meanwhile
        )
        self._mirror: Mirror | None = None
        if self._embedded is not None:
            prompts_bucket = provide(PROMPTS_BUCKET, desk.prompts_bucket)
            for bucket in {prompts_bucket, desk.recordings_bucket}:
                make_bucket(self._client, bucket, desk.region)
            self._mirror = Mirror(self._client, prompts_bucket, desk.prompts)
            self.refresh()
        self._copies = TemporaryDirectory(prefix="offhook-s3-", ignore_cleanup_errors=True)
        buckets = Buckets(self._client, checks_policy=s3.checks_policy)
        self.prompts = S3Prompts(buckets, Path(self._copies.name))
        self.recordings = S3Recordings(buckets, desk.recordings)

    def refresh(self) -> None:
        """What has changed in the prompts folder since goes to the embedded S3."""
        if self._mirror is not None:
            self._mirror.refresh()

    def close(self) -> None:
        """Put everything away."""
        for variable in self._variables:
            withdraw(variable)
        self._client.close()
        self._copies.cleanup()
        if self._embedded is not None:
            self._embedded.stop()
