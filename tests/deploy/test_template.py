"""Nothing is wider than it needs to be: who wants more has to say so here."""

import json
from collections.abc import Iterator
from typing import cast

from tests.deploy.shapes import Json, Resources

OURS = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}

ALLOWED = {
    ("role CallRole", "logs:CreateLogStream", '{"Fn::GetAtt": ["CallLogs", "Arn"]}'),
    ("role CallRole", "logs:PutLogEvents", '{"Fn::GetAtt": ["CallLogs", "Arn"]}'),
    ("voiceconnector.chime.amazonaws.com", "s3:GetObject", '{"Fn::Sub": "${Prompts.Arn}/*"}'),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObject", '{"Fn::Sub": "${Recordings.Arn}/*"}'),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObjectAcl", '{"Fn::Sub": "${Recordings.Arn}/*"}'),
}
"""Who may do what to what. Adding a line is a decision."""


def test_only_what_is_listed_here_is_allowed(resources: Resources) -> None:
    allowed = {
        (who, action, json.dumps(statement["Resource"]))
        for who, statement in statements(resources)
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
    }
    assert allowed == ALLOWED


def test_the_service_reaches_the_buckets_for_our_own_applications_only(
    resources: Resources,
) -> None:
    for who, statement in statements(resources):
        if who.startswith("voiceconnector"):
            condition = cast("dict[str, Json]", statement["Condition"])
            assert condition["StringEquals"] == OURS["StringEquals"]
            assert "aws:SourceArn" in cast("dict[str, Json]", condition["ArnLike"])


def test_the_service_invokes_the_alias_and_for_our_account_only(resources: Resources) -> None:
    permissions = [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Lambda::Permission"
    ]
    assert permissions == [
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": "CallFunction.Alias"},
            "Principal": "voiceconnector.chime.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
        }
    ]


def test_no_bucket_is_public_or_in_the_clear(resources: Resources) -> None:
    buckets = {
        name: cast("dict[str, Json]", resource["Properties"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::S3::Bucket"
    }
    assert sorted(buckets) == ["Prompts", "Recordings"]
    for properties in buckets.values():
        blocked = cast("dict[str, Json]", properties["PublicAccessBlockConfiguration"])
        assert len(blocked) == 4
        assert all(blocked.values())
        assert "BucketEncryption" in properties
    denied = [s for _, s in statements(resources) if s["Effect"] == "Deny"]
    assert [s["Condition"] for s in denied] == [{"Bool": {"aws:SecureTransport": "false"}}] * 2


def test_a_slow_reply_counts_until_the_service_drops_the_call(resources: Resources) -> None:
    function = cast("dict[str, Json]", resources["CallFunction"]["Properties"])
    assert function["Timeout"] == 20
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert function["AutoPublishAlias"] == "live"
    assert function["Handler"] == "flows.app.lambda_handler"


def statements(resources: Resources) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every policy statement, and who it is about."""
    for name, resource in resources.items():
        properties = cast("dict[str, Json]", resource["Properties"])
        if resource["Type"] == "AWS::IAM::Role":
            assert "ManagedPolicyArns" not in properties
            for policy in cast("list[dict[str, Json]]", properties["Policies"]):
                for statement in of(policy["PolicyDocument"]):
                    yield f"role {name}", statement
        elif resource["Type"] == "AWS::S3::BucketPolicy":
            for statement in of(properties["PolicyDocument"]):
                principal = statement["Principal"]
                who = principal["Service"] if isinstance(principal, dict) else principal
                yield str(who), statement
        else:
            assert "Policies" not in properties, f"{name} has policies that nobody looks at"


def of(document: Json) -> list[dict[str, Json]]:
    """The statements of a policy document."""
    return cast("list[dict[str, Json]]", cast("dict[str, Json]", document)["Statement"])


def as_list(value: Json) -> list[str]:
    """One action or several."""
    return [value] if isinstance(value, str) else cast("list[str]", value)
