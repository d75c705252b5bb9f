"""A line is found from a number, from a stack, from an application; and lines that are made in
other ways are fine as well.

About `offhook.production.doctor.examine`.
"""

import json

import pytest

from offhook.emulator.service.records import Endpoint, Target
from offhook.production.doctor.account import Account
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import Finding, likeliest
from offhook.production.way_in import NoWayIn
from tests.production.doctor.line import (
    ACCOUNT,
    CALLS,
    OURS,
    PROMPTS,
    RECORDINGS,
    REGION,
    SERVICE,
    Line,
    wav,
)


def faults(found: list[Finding]) -> list[str]:
    """What is not fine."""
    return [one.fault or one.needs or one.says for one in found if one.state != "fine"]


def links(found: list[Finding]) -> list[str]:
    return [one.link for one in found]


@pytest.mark.thorough
def test_a_number_that_the_account_does_not_have(line: Line, account: Account) -> None:
    found = examine(account, "+15550100777")
    assert faults(found) == ["number-missing", "no-rule"]
    (order,), (command,) = (one.change for one in found)
    assert order == (
        "aws chime-sdk-voice create-phone-number-order --product-type SipMediaApplicationDialIn "
        "--e164-phone-numbers +15550100777"
    )
    assert f"SipMediaApplicationId={line.application},Priority=1,AwsRegion={REGION}" in command


def test_an_application_leads_to_its_rule_and_its_number(line: Line, account: Account) -> None:
    assert examine(account, line.application) == examine(account, OURS)


def test_an_application_that_no_rule_leads_to(line: Line, account: Account) -> None:
    line.server.service.account.holdings.rules.clear()
    found = examine(account, line.application)
    assert faults(found) == ["no-rule"]
    assert "function" in links(found)


def test_a_stack_leads_to_the_applications_of_its_functions(line: Line, account: Account) -> None:
    found = examine(account, "offhook-dev")
    assert faults(found) == []
    assert links(found) == ["stack", *links(examine(account, OURS))]


@pytest.mark.thorough
def test_a_stack_in_a_stack(line: Line, account: Account) -> None:
    line.recorded.stacks["all"] = [("AWS::CloudFormation::Stack", "offhook-dev")]
    found = examine(account, "all")
    assert faults(found) == []
    assert "function" in links(found)


def test_a_stack_whose_function_no_application_invokes(line: Line, account: Account) -> None:
    line.recorded.stacks["other"] = [("AWS::Lambda::Function", "other")]
    assert faults(examine(account, "other")) == ["no-application"]


def test_the_stack_that_calls_out_leads_to_the_line_s(line: Line, account: Account) -> None:
    line.recorded.stacks["calling-out"] = [("AWS::Lambda::Function", "trigger")]
    found = examine(account, "calling-out")
    assert "calls out with SIP media application" in found[0].says
    assert links(found) == links(examine(account, "offhook-dev"))


def test_a_stack_that_there_is_not(line: Line, account: Account) -> None:
    with pytest.raises(NoWayIn, match="there is no stack offhook-prod in us-east-1"):
        examine(account, "offhook-prod")


def test_a_stack_that_may_not_be_seen(line: Line, account: Account) -> None:
    line.recorded.denied.add("ListStackResources")
    with pytest.raises(NoWayIn, match="cloudformation:ListStackResources is not allowed"):
        examine(account, "offhook-dev")


@pytest.mark.thorough
def test_quotas_that_nobody_tells_are_the_defaults(line: Line, account: Account) -> None:
    line.recorded.quotas = []
    found = examine(account, OURS)
    assert faults(found) == []
    (quotas,) = (one for one in found if one.link == "quotas")
    assert "active calls: 10, by default" in quotas.says


def test_the_plain_function_is_as_good_as_an_alias(line: Line, account: Account) -> None:
    line.server.service.account.holdings.applications[line.application].endpoints = [
        Endpoint(LambdaArn=CALLS)
    ]
    assert faults(examine(account, OURS)) == ["permission"]
    line("lambda").add_permission(
        FunctionName="calls",
        StatementId="plain",
        Principal=SERVICE,
        Action="lambda:InvokeFunction",
        SourceAccount=ACCOUNT,
    )
    line.permission_is_on("plain", CALLS)
    assert faults(examine(account, OURS)) == []


@pytest.mark.thorough
def test_a_permission_may_name_the_application(line: Line, account: Account) -> None:
    line("lambda").remove_permission(FunctionName="calls", StatementId="phone", Qualifier="live")
    line.permits(SourceArn=line.application_arn)
    assert faults(examine(account, OURS)) == []


@pytest.mark.thorough
def test_a_key_of_ours_that_lets_the_service_in(line: Line, account: Account) -> None:
    for bucket, action in ((PROMPTS, "kms:Decrypt"), (RECORDINGS, "kms:GenerateDataKey")):
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": SERVICE},
                    "Action": action,
                    "Resource": "*",
                }
            ],
        }
        key = line("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
        line.encrypts(bucket, key)
    assert faults(examine(account, OURS)) == []


@pytest.mark.thorough
def test_a_role_with_policies_of_the_account(line: Line, account: Account) -> None:
    iam = line("iam")
    document = iam.get_role_policy(RoleName="trigger", PolicyName="calls")["PolicyDocument"]
    made = iam.create_policy(PolicyName="starts", PolicyDocument=json.dumps(document))
    iam.delete_role_policy(RoleName="trigger", PolicyName="calls")
    assert faults(examine(account, OURS)) == ["trigger-role"]
    iam.attach_role_policy(RoleName="trigger", PolicyArn=made["Policy"]["Arn"])
    assert faults(examine(account, OURS)) == []


@pytest.mark.thorough
def test_a_log_that_no_call_has_written_yet(line: Line, account: Account) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/Chime*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    line("logs").delete_log_group(logGroupName=line.message_log)
    line("logs").put_resource_policy(policyName="chime", policyDocument=json.dumps(document))
    assert faults(examine(account, OURS)) == []


@pytest.mark.thorough
def test_a_bucket_that_no_variable_names(line: Line, account: Account) -> None:
    line("s3").create_bucket(Bucket="old-prompts")
    found = examine(account, OURS, buckets={"prompts": ["old-prompts", PROMPTS]})
    assert faults(found) == ["prompts-policy"]


@pytest.mark.thorough
def test_a_line_that_nobody_calls_out_with(line: Line, account: Account) -> None:
    line("lambda").delete_function(FunctionName="trigger")
    assert faults(examine(account, OURS)) == []
    found = examine(account, OURS, symptom="cannot-call-out")
    assert faults(found) == ["no-trigger"]
    assert likeliest(found, "cannot-call-out")[0].fault == "no-trigger"


def test_the_second_target_of_a_rule_is_followed_too(line: Line, account: Account) -> None:
    gone = "11111111-2222-3333-4444-555555555555"
    first = Target(SipMediaApplicationId=line.application, Priority=1, AwsRegion=REGION)
    second = Target(SipMediaApplicationId=gone, Priority=2, AwsRegion="us-west-2")
    line.rule.target_applications = [second, first]
    found = examine(account, OURS)
    assert faults(found) == ["application-missing"]
    assert found[-1].change[0].endswith(" --region us-west-2")


def test_the_likeliest_is_the_first(line: Line, account: Account) -> None:
    line.counts("AWS/Lambda", "Throttles", 7, {"FunctionName": "calls"})
    line.rule.disabled = True
    line("s3").put_object(Bucket=PROMPTS, Key="b.wav", Body=wav(), ContentType="audio/mpeg")
    found = examine(account, OURS)
    busy = [one.fault for one in likeliest(found, "always-busy")]
    assert busy == ["rule-disabled", "function-throttles"]
    assert [one.fault for one in likeliest(found, "silence")] == ["prompt-type"]
    assert likeliest(found, "recordings-missing") == []
