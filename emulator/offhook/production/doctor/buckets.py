"""The buckets: prompts that the service plays, recordings that it stores."""

import io
import json
from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Final, Literal, cast

from offhook.emulator.media import wav
from offhook.production.doctor.account import Answer, part, parts
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.policies import (
    BY_A_SERVICE,
    SERVICE,
    Request,
    Statement,
    denying,
    statements,
    why_not,
)

Kind = Literal["prompts", "recordings"]

ACTIONS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "prompts": ("s3:GetObject",),
    "recordings": ("s3:PutObject", "s3:PutObjectAcl"),
}
KEY_ACTIONS: Final[Mapping[Kind, str]] = {
    "prompts": "kms:Decrypt",
    "recordings": "kms:GenerateDataKey",
}
CONTENT_TYPE: Final = "audio/wav"
MOST_BYTES: Final = 50_000_000
"""Of a prompt (dg/play-audio)."""
HEAD_BYTES: Final = 65_536
"""What is read of a prompt: its header, with what an editor put before the data."""
MOST_PROMPTS: Final = 100
"""How many prompts are looked into."""


def look_at_bucket(report: Report, kind: Kind, bucket: str, application: Answer) -> None:
    """Whether the service may play from it, or store in it."""
    arn = str(application.get("SipMediaApplicationArn", ""))
    region = str(application.get("AwsRegion", ""))
    with report.link(kind, bucket, region) as link:
        where = link.ask("s3", "GetBucketLocation", Bucket=bucket)
        if where is not None and not where:
            link.wrong(
                f"{kind}-missing",
                "there is no such bucket",
                f"aws s3 mb s3://{bucket}",
            )
            return
        if where is not None:
            said = str(where.get("LocationConstraint") or "us-east-1")
            there = "eu-west-1" if said == "EU" else said
            if there != region:
                link.wrong(
                    f"{kind}-region",
                    f"it is in {there}, and the application in {region}: AWS does not say that "
                    "this works, and audio comes late",
                    f"aws s3 mb s3://{bucket}-{region} --region {region}",
                )
            link.region = there  # so is its key
        _policy(link, kind, bucket, arn)
        key = _encryption(link, kind, bucket, arn)
        if kind == "recordings":
            _ownership(link, bucket)
            return
        for other in _prompts(link, bucket) - {key}:
            _may_use(link, kind, bucket, other, arn)


def _policy(link: Link, kind: Kind, bucket: str, application: str) -> None:
    found = link.ask("s3", "GetBucketPolicy", Bucket=bucket)
    if found is None:
        return
    account = link.account
    resource = f"arn:{account.partition}:s3:::{bucket}/any"
    context = {
        **BY_A_SERVICE,
        "aws:sourceaccount": account.id,
        "aws:sourcearn": application,
        "aws:securetransport": "true",
    }
    requests = [
        Request(principal=SERVICE, action=action, resource=resource, context=context)
        for action in ACTIONS[kind]
    ]
    for request in requests:
        why = why_not([found["Policy"]], request) if found else "it has no policy"
        if why:
            does = "play from" if kind == "prompts" else "store in"
            link.wrong(
                f"{kind}-policy",
                f"the service may not {does} it: {why}",
                f"aws s3api put-bucket-policy --bucket {bucket} --policy "
                f"{quote(_mended(found, kind, bucket, link, requests))}",
            )
            return
    link.fine("the service may use it")


def _mended(found: Answer, kind: Kind, bucket: str, link: Link, requests: Sequence[Request]) -> str:
    """The policy that there is, with what it lacks (whoever puts one replaces the other), and
    denying the service nothing."""
    account = link.account
    document = cast("dict[str, object]", json.loads(found["Policy"]) if found else {})
    ours = {
        "Sid": f"TheService{kind.title()}",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": list(ACTIONS[kind]),
        "Resource": f"arn:{account.partition}:s3:::{bucket}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": account.id}},
    }
    denied = [one for request in requests for one in denying(document, request)]
    said = [_sparing(one) if one in denied else one for one in statements(document)]
    if any(why_not([{"Statement": said}], request) for request in requests):
        said = [*(one for one in said if one.get("Sid") != ours["Sid"]), ours]
    whole = {"Version": "2012-10-17", **document, "Statement": said}
    return json.dumps(whole, separators=(",", ":"))


def _sparing(statement: Statement) -> Statement:
    """What denies, but not to the service."""
    condition = cast("dict[str, dict[str, object]]", statement.get("Condition") or {})
    others = {**condition.get("StringNotEquals", {}), "aws:PrincipalServiceName": SERVICE}
    return {**statement, "Condition": {**condition, "StringNotEquals": others}}


def _encryption(link: Link, kind: Kind, bucket: str, application: str) -> str:
    """The key of KMS that a bucket encrypts with, where that is one of the account's own."""
    found = link.ask("s3", "GetBucketEncryption", Bucket=bucket)
    if found is None:
        return ""
    rules = parts(found, "ServerSideEncryptionConfiguration", "Rules")
    by_default = part(next(iter(rules), None), "ApplyServerSideEncryptionByDefault")
    key = str(by_default.get("KMSMasterKeyID") or "")
    if not str(by_default.get("SSEAlgorithm", "")).startswith("aws:kms"):
        link.fine(f"encrypted ({by_default.get('SSEAlgorithm', 'AES256')})")
    elif not key or key.endswith("alias/aws/s3"):
        link.wrong(
            f"{kind}-key",
            "it is encrypted with AWS's own key of KMS, whose policy lets no other service in: use "
            "AES256, or a key of yours",
            *_plain(kind, bucket),
        )
    else:
        return _may_use(link, kind, bucket, key, application)
    return ""


def _plain(kind: Kind, bucket: str) -> Sequence[str]:
    """What encrypts a bucket with S3's own keys, and what is in it to be played."""
    put = (
        f"aws s3api put-bucket-encryption --bucket {bucket} --server-side-encryption-configuration "
        """'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'"""
    )
    if kind == "recordings":
        return [put]
    return [put, f"aws s3 cp s3://{bucket}/ s3://{bucket}/ --recursive --sse AES256"]


def _may_use(link: Link, kind: Kind, bucket: str, key: str, application: str) -> str:
    """Whether the service may use a key of KMS. Its ARN."""
    about = link.ask("kms", "DescribeKey", KeyId=key)
    if about is None:
        return key
    meta = part(about, "KeyMetadata")  # an alias has no policy
    its_id, arn = str(meta.get("KeyId", key)), str(meta.get("Arn", key))
    state = str(meta.get("KeyState") or "Enabled")
    if state != "Enabled":
        link.wrong(
            f"{kind}-key", f"its key {key} is {state}: nobody can use it", *_plain(kind, bucket)
        )
        return arn
    policy = link.ask("kms", "GetKeyPolicy", KeyId=its_id, PolicyName="default")
    if policy is None:
        return arn
    account, action = link.account.id, KEY_ACTIONS[kind]
    context = {**BY_A_SERVICE, "aws:sourceaccount": account, "aws:sourcearn": application}
    request = Request(principal=SERVICE, action=action, resource="*", context=context)
    if why := why_not([policy["Policy"]], request) if policy else "there is no such key":
        link.wrong(
            f"{kind}-key",
            f"the service may not use its key {key}: {why}. Allow it {action}, or use AES256",
            *_plain(kind, bucket),
        )
    link.fine("encrypted with a key that the service may use")
    return arn


def _ownership(link: Link, bucket: str) -> None:
    found = link.ask("s3", "GetBucketOwnershipControls", Bucket=bucket)
    rules = parts(found, "OwnershipControls", "Rules")
    if any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules):
        link.wrong(
            "recordings-ownership",
            "it takes no ACLs (BucketOwnerEnforced), and the service puts recordings with one",
            f"aws s3api put-bucket-ownership-controls --bucket {bucket} "
            "--ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerPreferred}]'",
        )


def _prompts(link: Link, bucket: str) -> set[str]:
    """Whether they can be played. The keys of KMS that they are encrypted with."""
    listed = link.ask("s3", "ListObjectsV2", Bucket=bucket, MaxKeys=1000)
    sizes = {str(one["Key"]): int(one["Size"]) for one in parts(listed, "Contents")}
    wavs = [key for key in sizes if key.lower().endswith(".wav")]
    untyped: list[str] = []
    locked: set[str] = set()
    for key in wavs[:MOST_PROMPTS]:
        size, there = sizes[key], quote(f"s3://{bucket}/{key}")
        part_of_it = {"Range": f"bytes=0-{HEAD_BYTES - 1}"} if size else {}
        found = link.ask("s3", "GetObject", Bucket=bucket, Key=key, **part_of_it)
        if not found:
            continue
        head = cast("bytes", found["Body"].read())
        locked |= {str(found["SSEKMSKeyId"])} if found.get("SSEKMSKeyId") else set()
        if found.get("ContentType") != CONTENT_TYPE:
            untyped.append(f"{key} ({found.get('ContentType')})")
        if size > MOST_BYTES:
            link.wrong("prompt-size", f"{key} has {size / 1e6:.0f} MB; 50 are allowed")
        try:
            wav.sound_in(io.BytesIO(head), size)
        except ValueError as error:
            link.wrong(
                "prompt-wav",
                f"{key} is no PCM wav: {error}",
                f"aws s3 cp {there} wrong.wav",
                "ffmpeg -i wrong.wav -ac 1 -ar 8000 -c:a pcm_s16le mended.wav",
                f"aws s3 cp mended.wav {there} --content-type {CONTENT_TYPE}",
            )
    if untyped:
        link.wrong(
            "prompt-type",
            f"not {CONTENT_TYPE}: {', '.join(untyped)}",
            f"aws s3 cp s3://{bucket}/ s3://{bucket}/ --recursive --exclude '*' "
            "--include '*.[wW][aA][vV]' --metadata-directive REPLACE "
            f"--content-type {CONTENT_TYPE}",
        )
    some = f"{MOST_PROMPTS} of " if len(wavs) > MOST_PROMPTS else ""
    link.fine(f"{some}{len(wavs)} prompts")
    return locked
