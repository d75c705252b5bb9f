"""The doctor may only look, needs what it says, and says what it may not see.

About `offhook.production.doctor.account`.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from offhook.emulator.service.records import Holdings
from offhook.production.doctor.account import (
    LOOKS,
    Account,
    NotSeen,
    permission,
    policy,
)
from offhook.production.doctor.examine import examine
from offhook.production.way_in import NoWayIn
from tests.production.doctor.conftest import renew
from tests.production.doctor.line import OURS, PROMPTS, RECORDINGS, Line
from tests.sampled import sampled

ASKED: dict[tuple[str, str], dict[str, str]] = {
    ("dynamodb", "DescribeTable"): {"TableName": "ledger"},
    ("dynamodb", "DescribeTimeToLive"): {"TableName": "ledger"},
    ("iam", "GetRolePolicy"): {"RoleName": "calls", "PolicyName": "logs"},
    ("iam", "ListAttachedRolePolicies"): {"RoleName": "calls"},
    ("iam", "ListRolePolicies"): {"RoleName": "calls"},
    ("logs", "DescribeLogGroups"): {},
    ("logs", "DescribeResourcePolicies"): {},
    ("logs", "FilterLogEvents"): {"logGroupName": "/aws/lambda/calls"},
    ("s3", "GetBucketEncryption"): {"Bucket": PROMPTS},
    ("s3", "GetBucketLocation"): {"Bucket": PROMPTS},
    ("s3", "GetBucketOwnershipControls"): {"Bucket": RECORDINGS},
    ("s3", "GetBucketPolicy"): {"Bucket": PROMPTS},
    ("s3", "GetObject"): {"Bucket": PROMPTS, "Key": "hello.wav"},
    ("s3", "ListObjectsV2"): {"Bucket": PROMPTS},
    ("sqs", "GetQueueUrl"): {"QueueName": "requests"},
}
"""Of the services whose permissions and signatures moto checks as AWS does."""
NO_AUTH = "moto.settings.INITIAL_NO_AUTH_ACTION_COUNT"

ON_THE_WAY = [
    (service, operation)
    for service, operations in LOOKS.items()
    for operation in operations
    if service not in ("cloudformation", "kms", "sts")
    and operation
    not in ("DescribeResourcePolicies", "GetPolicyVersion", "ListSipMediaApplications")
    and (service, operation) != ("iam", "GetPolicy")
]
"""What is asked of a line that rings: its policies are its roles' own, and its keys are S3's."""


def test_all_that_is_asked_is_to_be_shown_something() -> None:
    names = [name for names in LOOKS.values() for name in names]
    assert all(name.startswith(("Get", "List", "Describe", "Filter")) for name in names)


def test_what_would_write_cannot_be_asked(line: Line, account: Account) -> None:
    with pytest.raises(KeyError, match="read only"):
        account.ask("chime-sdk-voice", "DeleteSipRule", SipRuleId=line.rule.sip_rule_id)


def test_the_permissions_that_it_asks_for_are_enough(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = line("iam")
    iam.create_user(UserName="doctor")
    key = iam.create_access_key(UserName="doctor")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    line.encrypts(PROMPTS, "")
    monkeypatch.setattr(NO_AUTH, 0)
    account = Account()
    for (service, operation), said in ASKED.items():
        with pytest.raises(NotSeen) as refused:
            account.ask(service, operation, **said)
        assert refused.value.needs == permission(service, operation)
    monkeypatch.setattr(NO_AUTH, float("inf"))
    iam.put_user_policy(UserName="doctor", PolicyName="doctor", PolicyDocument=json.dumps(policy()))
    monkeypatch.setattr(NO_AUTH, 0)
    for (service, operation), said in ASKED.items():
        assert account.ask(service, operation, **said)


@pytest.fixture(scope="module")
def healthy(built: tuple[Line, Holdings]) -> None:
    """A line that nobody changes."""
    renew(*built)


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(("service", "operation"), sampled(ON_THE_WAY, 3))
def test_what_may_not_be_seen_is_said_with_the_permission(
    account: Account, service: str, operation: str
) -> None:
    needs = permission(service, operation)
    with denied(account, service, operation):
        found = examine(account, OURS)
    assert {one.needs for one in found if one.state == "unseen"} == {needs}
    assert [one for one in found if one.state == "wrong"] == []


@contextmanager
def denied(account: Account, service: str, operation: str) -> Generator[None]:
    """An operation is answered as AWS does where it is not allowed."""

    def refuse(**_call: object) -> object:
        error = {"Code": "AccessDeniedException", "Message": "User is not authorized"}
        return SimpleNamespace(status_code=403, raw=None), {"Error": error, "ResponseMetadata": {}}

    client = account.client(service, operation)
    events = client.meta.events
    name = f"before-call.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    events.register(name, refuse)
    try:
        yield
    finally:
        events.unregister(name, refuse)


def test_no_region(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(NoWayIn, match="write --region us-east-1"):
        Account()
    assert Account(region="us-east-1").region == "us-east-1"


@pytest.mark.parametrize("region", ["ap-south-1", "us-east-9"])
def test_a_region_that_has_no_telephones(line: Line, region: str) -> None:
    with pytest.raises(NoWayIn, match=f"PSTN Audio is not in {region}: write --region, and one"):
        Account(region=region)


def test_a_region_out_of_reach(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    with pytest.raises(NoWayIn, match=r"nobody answers at http://127\.0\.0\.1:9"):
        Account()


def test_no_such_profile(line: Line) -> None:
    with pytest.raises(NoWayIn, match="`aws configure list-profiles` says which"):
        Account("nobody")


def test_a_profile_s_own_region_and_key(
    line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile phone]\nregion = eu-west-1\n"
        "aws_access_key_id = phone\naws_secret_access_key = phone\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_REGION")
    account = Account("phone")
    assert account.region == "eu-west-1"
    assert account.environment["AWS_PROFILE"] == "phone"


def test_no_credentials(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NoWayIn, match="no credentials are found: write --profile"):
        Account()


def test_a_key_that_opens_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NO_AUTH, 0)
    with pytest.raises(NoWayIn, match="AWS does not take these credentials"):
        Account()
