"""What policies allow, as IAM reads them; in doubt, that something is allowed."""

import json
from urllib.parse import quote

import pytest

from offhook.production.doctor.policies import (
    BY_A_SERVICE,
    SERVICE,
    Request,
    unconditional,
    why_not,
)

APPLICATION = "arn:aws:chime:us-east-1:123456789012:sma/1"
PLAY = Request(
    principal=SERVICE,
    action="s3:GetObject",
    resource="arn:aws:s3:::prompts/any",
    context={
        **BY_A_SERVICE,
        "aws:sourceaccount": "123456789012",
        "aws:sourcearn": APPLICATION,
        "aws:securetransport": "true",
    },
)
UNKNOWN = ", and not for a service, which has none"
ALLOWED: dict[str, object] = {
    "Effect": "Allow",
    "Principal": {"Service": [SERVICE, "lex.amazonaws.com"]},
    "Action": ["s3:Get*"],
    "Resource": "arn:aws:s3:::prompts/*",
}


def document(**more: object) -> dict[str, object]:
    """A policy with one statement."""
    return {"Version": "2012-10-17", "Statement": [{**ALLOWED, **more}]}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Action": "*"},
        {"Action": "S3:getobject"},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::prompts/*"]},
        {"NotAction": "s3:PutObject", "Action": None},
        {"NotResource": "arn:aws:s3:::other/*", "Resource": None},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceAccount": ["1", "123456789012"]}}},
        {"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:chime:*"}}},
        {"Condition": {"ArnNotLike": {"aws:SourceArn": "arn:aws:chime:eu-*"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}},
        {"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["call#*"]}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {"Condition": {"NumericGreaterThanEquals": {"s3:TlsVersion": 1.2}}},
        {"Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"Null": {"aws:SourceVpce": True}}},
        {"Condition": {"StringEquals": {"aws:PrincipalServiceName": SERVICE}}},
    ],
)
def test_it_allows(more: dict[str, object]) -> None:
    assert why_not([document(**more)], PLAY) == ""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Principal": {"Service": "lex.amazonaws.com"}}, f"no statement names {SERVICE}"),
        ({"Effect": "Deny"}, "a statement denies s3:GetObject"),
        ({"Action": "s3:PutObject"}, "no statement allows s3:GetObject"),
        ({"NotAction": "s3:GetObject", "Action": None}, "no statement allows s3:GetObject"),
        (
            {"Resource": "arn:aws:s3:::prompts"},
            "s3:GetObject is allowed on arn:aws:s3:::prompts, and not on arn:aws:s3:::prompts/any",
        ),
        (
            {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
            "it is allowed for aws:SourceAccount 999999999999, and not for 123456789012",
        ),
        (
            {"Condition": {"StringNotLike": {"aws:SourceArn": "arn:aws:chime:*"}}},
            f"it is allowed for aws:SourceArn arn:aws:chime:*, and not for {APPLICATION}",
        ),
        (
            {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
            f"it is allowed for aws:PrincipalOrgID o-1{UNKNOWN}",
        ),
        (
            {"Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": True}}},
            f"it is allowed for lambda:InvokedViaFunctionUrl true{UNKNOWN}",
        ),
    ],
)
def test_it_does_not_allow(more: dict[str, object], why: str) -> None:
    assert why_not([document(**more)], PLAY) == why


def test_without_a_policy_nobody_may_do_anything() -> None:
    assert why_not([], PLAY) == f"no statement names {SERVICE}"
    mine = Request(action="s3:GetObject", resource="*")
    assert why_not([{}], mine) == "no statement allows s3:GetObject"


def test_what_is_denied_is_not_allowed_by_another() -> None:
    denies = document(Effect="Deny", Sid="Closed", Principal="*")
    assert why_not([document(), denies], PLAY) == "a statement denies s3:GetObject (Closed)"


def test_who_is_not_named_may_be_meant_by_that() -> None:
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    all_others = {"Principal": None, "NotPrincipal": root}
    assert why_not([document(**all_others)], PLAY) == ""
    denies = document(Effect="Deny", **all_others)
    assert why_not([document(), denies], PLAY) == "a statement denies s3:GetObject"
    spared = document(Effect="Deny", Principal=None, NotPrincipal={"Service": SERVICE})
    assert why_not([document(), spared], PLAY) == ""


def test_what_is_denied_without_tls_is_allowed_with_it() -> None:
    closed = {"Bool": {"aws:SecureTransport": "false"}}
    denies = document(Effect="Deny", Principal="*", Action="s3:*", Condition=closed)
    assert why_not([document(), denies], PLAY) == ""
    unknown = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    denies = document(Effect="Deny", Principal="*", Action="s3:*", Condition=unknown)
    assert why_not([document(), denies], PLAY) == ""


@pytest.mark.parametrize(
    "condition",
    [
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringNotLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/admin"]}},
        {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
        {"Null": {"aws:SourceVpc": "true"}},
        {"BoolIfExists": {"aws:PrincipalIsAWSService": True}},
    ],
)
def test_what_is_denied_to_all_but_some_is_denied_to_a_service(
    condition: dict[str, object],
) -> None:
    denies = document(Effect="Deny", Sid="Closed", Principal="*", Condition=condition)
    assert why_not([document(), denies], PLAY) == "a statement denies s3:GetObject (Closed)"


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {
            "StringNotEquals": {"aws:SourceVpce": "vpce-1"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
        {"NumericLessThan": {"s3:TlsVersion": 1.2}},
        {"Bool": {"aws:SecureTransport": False}},
    ],
)
def test_what_is_denied_may_spare_a_service(condition: dict[str, object]) -> None:
    denies = document(Effect="Deny", Principal="*", Condition=condition)
    assert why_not([document(), denies], PLAY) == ""


def test_one_of_two_statements_is_enough() -> None:
    elsewhere = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
    assert why_not([document(Condition=elsewhere), document()], PLAY) == ""


def test_a_policy_may_be_text_also_as_in_a_url() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": ALLOWED})
    assert why_not([text], PLAY) == ""
    assert why_not([quote(text)], PLAY) == ""


def test_what_is_allowed_whoever_asks() -> None:
    account = {"StringEquals": {"AWS:SourceAccount": "123456789012"}}
    assert unconditional(document(Condition=account), PLAY, "aws:sourceaccount") == []
    by_url = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    assert unconditional(document(Condition=by_url), PLAY, "aws:sourceaccount") == []
    assert unconditional(document(), PLAY, "aws:sourceaccount") == [ALLOWED]
