"""Prompts on their way to S3: read as the service reads them, and uploaded as it wants them."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from shlex import quote
from typing import Any, Final

from offhook.emulator.media import wav
from offhook.emulator.s3.file import CONTENT_TYPE
from offhook.emulator.service.buckets import MAX_WAV_BYTES
from offhook.handler.errors import OffhookError
from offhook.production.way_in import why

TELEPHONE_HZ: Final = 8000
"""What a telephone carries: more is only more to send."""


class CannotUpload(OffhookError):
    """The bucket is not there, or not for these credentials."""


@dataclass(frozen=True)
class Prompt:
    """One wav of the folder."""

    path: Path
    key: str
    """In the bucket: its path below the folder."""
    wrong: str = ""
    """Why the service would refuse it; empty where it would not."""
    advice: str = ""


def read(folder: Path) -> list[Prompt]:
    """Every wav below a folder, by its key, each read as the service reads it."""
    wavs = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() == ".wav")
    return [_read(path, path.relative_to(folder).as_posix()) for path in wavs if path.is_file()]


def _read(path: Path, key: str) -> Prompt:
    mended = f"ffmpeg -i {quote(str(path))} -ac 1 -ar {TELEPHONE_HZ} -c:a pcm_s16le mended.wav"
    try:
        size = path.stat().st_size
        if size > MAX_WAV_BYTES:
            return Prompt(path, key, f"it has {size / 1e6:.0f} MB; 50 are allowed ({mended})")
        sound = wav.sound(path)
    except (OSError, ValueError) as error:
        return Prompt(path, key, f"it is no PCM wav: {error} ({mended})")
    if sound.rate != TELEPHONE_HZ:
        said = f"it has {sound.rate} Hz; a telephone carries {TELEPHONE_HZ} ({mended})"
        return Prompt(path, key, advice=said)
    return Prompt(path, key)


def upload(s3: Any, bucket: str, prompts: list[Prompt]) -> Iterator[tuple[Prompt, bool]]:
    """Put each where it is not yet, as `audio/wav`: which, and whether it was there already.

    `s3` is boto3's client. Raises `CannotUpload`.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        for prompt in prompts:
            there = _is_there(s3, bucket, prompt)
            if not there:
                body = prompt.path.read_bytes()
                s3.put_object(Bucket=bucket, Key=prompt.key, Body=body, ContentType=CONTENT_TYPE)
            yield prompt, there
    except (ClientError, BotoCoreError, OSError) as error:
        raise CannotUpload(f"nothing more is put into {bucket}: {why(error)}") from None


def _is_there(s3: Any, bucket: str, prompt: Prompt) -> bool:
    from botocore.exceptions import ClientError

    try:
        found = s3.head_object(Bucket=bucket, Key=prompt.key)
    except ClientError:  # not there, or nobody may look: putting it says which
        return False
    digest = md5(prompt.path.read_bytes()).hexdigest()
    return (found["ETag"], found.get("ContentType")) == (f'"{digest}"', CONTENT_TYPE)


def bucket_of(cloudformation: Any, stack: str) -> str:
    """The bucket that a stack names in its output PromptsBucket. Raises `CannotUpload`."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except (ClientError, BotoCoreError) as error:
        raise CannotUpload(f"the stack {stack} cannot be read: {why(error)}") from None
    outputs = {
        str(each["OutputKey"]): str(each["OutputValue"]) for each in found.get("Outputs", [])
    }
    if "PromptsBucket" not in outputs:
        names = ", ".join(outputs) or "none"
        raise CannotUpload(
            f"the stack {stack} has no output PromptsBucket (it has {names}): say --bucket"
        )
    return outputs["PromptsBucket"]
