"""A line is found from a number, from a stack, from an application; and lines that are made in
other ways are fine as well.

About `offhook.production.doctor.examine`.
"""

import json
from typing import Any

import boto3
import pytest
from botocore.model import OperationModel

from offhook.emulator.service.records import Endpoint, Target
from offhook.production.doctor.account import NUMBER_REGIONS, Account
from offhook.production.doctor.examine import examine
from offhook.production.doctor.findings import Finding, likeliest
from offhook.production.way_in import NoWayIn
from offhook.provisioning import service
from tests.production.doctor.breaks import OPEN_KEY
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


@pytest.mark.thorough
def test_the_stack_that_calls_out_leads_to_the_line_s(line: Line, account: Account) -> None:
    line.recorded.stacks["calling-out"] = [("AWS::Lambda::Function", "trigger")]
    found = examine(account, "calling-out")
    assert "calls out with SIP media application" in found[0].says
    assert links(found) == links(examine(account, "offhook-dev"))


def test_a_stack_that_there_is_not(line: Line, account: Account) -> None:
    with pytest.raises(NoWayIn, match="there is no stack offhook-prod in us-east-1"):
        examine(account, "offhook-prod")


def test_a_stack_whose_creation_was_rolled_back(line: Line, account: Account) -> None:
    line.recorded.stacks["new"] = [
        ("AWS::Lambda::Function", "calls", "DELETE_COMPLETE"),
        ("AWS::DynamoDB::Table", "ledger", "DELETE_SKIPPED"),
        ("AWS::CloudFormation::Stack", "", "CREATE_FAILED"),
    ]
    found = examine(account, "new")
    assert faults(found) == ["stack-failed", "stack-gone"]
    assert found[1].change[1] == "aws cloudformation delete-stack --stack-name new"


@pytest.mark.parametrize(
    ("status", "goes_on"),
    [
        ("DELETE_FAILED", "aws cloudformation delete-stack --stack-name offhook-dev"),
        ("UPDATE_FAILED", "aws cloudformation continue-update-rollback --stack-name offhook-dev"),
        ("CREATE_FAILED", "sam build"),
    ],
)
def test_a_stack_that_is_stuck_is_followed_nevertheless(
    line: Line, account: Account, status: str, goes_on: str
) -> None:
    line.recorded.stacks["offhook-dev"] += [("AWS::S3::Bucket", "other", status)]
    found = examine(account, "offhook-dev")
    assert faults(found) == ["stack-failed"]
    assert f"R2 is {status}: As it was asked" in found[0].says
    assert found[0].change[0] == goes_on
    assert "function" in links(found)


def test_a_stack_that_is_being_changed(line: Line, account: Account) -> None:
    line.recorded.stacks["offhook-dev"] += [("AWS::S3::Bucket", "o", "UPDATE_IN_PROGRESS")]
    found = examine(account, "offhook-dev")
    assert faults(found) == []
    assert "R2 under way: ask again when that is done" in found[0].says


@pytest.mark.parametrize(
    "start", ["5551234", "tel:+15550100100", "my line", "workshop_dev", "sma/1"]
)
def test_what_is_no_line_is_not_asked_for(line: Line, account: Account, start: str) -> None:
    line.recorded.denied.add("ListStackResources")
    with pytest.raises(NoWayIn, match=r"is no number .* with a \+ and the country"):
        examine(account, start)


@pytest.mark.thorough
def test_a_number_as_people_write_it_and_an_arn(line: Line, account: Account) -> None:
    found = examine(account, OURS)
    assert examine(account, "+1 (555) 010-0100") == found
    assert examine(account, line.application_arn) == found


@pytest.mark.thorough
def test_numbers_and_rules_are_looked_for_where_they_are_provisioned(line: Line) -> None:
    """Whichever region the stack is in: its function asks for them there, too."""
    assert NUMBER_REGIONS == service.NUMBER_REGIONS
    line.rule.disabled = True
    asked: list[tuple[str, str]] = []
    account = Account(region="eu-central-1")
    client = account.client("chime-sdk-voice", "ListSipRules", account.number_region)

    def is_asked(model: OperationModel, **_: object) -> None:
        asked.append((model.name, client.meta.region_name))

    client.meta.events.register("before-call.chime-sdk-voice", is_asked)
    found = examine(account, OURS)
    assert {("ListSipRules", "us-east-1"), ("GetPhoneNumber", "us-east-1")} <= {*asked}
    (wrong,) = (one for one in found if one.state == "wrong")
    assert wrong.change[0].endswith(" --region us-east-1")
    line.server.service.account.holdings.rules.clear()
    (wrong,) = (one for one in examine(account, OURS) if one.state == "wrong")
    assert wrong.change[0].endswith(",AwsRegion=eu-central-1 --region us-east-1")


@pytest.mark.thorough
def test_a_command_in_a_command_is_for_the_other_region_as_well(line: Line) -> None:
    line.deploys("calls", Timeout=3)
    (wrong,) = (one for one in examine(Account(region="us-west-2"), OURS) if one.state == "wrong")
    assert [one.count("--region us-east-1") for one in wrong.change] == [1, 1, 2]


@pytest.mark.thorough
def test_a_bucket_elsewhere_has_its_key_there(line: Line, account: Account) -> None:
    line("s3").create_bucket(
        Bucket="line.far", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    line.put_policy("line.far", "s3:GetObject")
    session: Any = boto3.Session(region_name="us-west-2")
    key = session.client("kms", endpoint_url=line.moto).create_key(Policy=OPEN_KEY)
    line.encrypts("line.far", key["KeyMetadata"]["Arn"])
    line.sets("calls", OFFHOOK_PROMPTS_BUCKET="line.far")
    assert faults(examine(account, OURS)) == ["prompts-region"]


@pytest.mark.thorough
def test_a_number_of_a_voice_connector_is_taken_from_there_first(
    line: Line, account: Account
) -> None:
    line.server.service.account.holdings.rules.clear()
    line.number.product_type = "VoiceConnector"
    voice = line("chime-sdk-voice")
    made = voice.create_voice_connector(Name="trunk", RequireEncryption=True)
    its_id = made["VoiceConnector"]["VoiceConnectorId"]
    voice.associate_phone_numbers_with_voice_connector(
        VoiceConnectorId=its_id, E164PhoneNumbers=[OURS]
    )
    found = examine(account, OURS)
    assert faults(found) == ["number-product", "no-rule"]
    take, put = found[0].change
    assert take == (
        "aws chime-sdk-voice disassociate-phone-numbers-from-voice-connector --voice-connector-id "
        f"{its_id} --e164-phone-numbers {OURS}"
    )
    assert put.endswith("--product-type SipMediaApplicationDialIn")


@pytest.mark.thorough
def test_a_number_that_never_came(line: Line, account: Account) -> None:
    events = account.client("chime-sdk-voice", "GetPhoneNumber").meta.events

    def fails(parsed: dict[str, dict[str, object]], **_: object) -> None:
        parsed["PhoneNumber"]["Status"] = "AcquireFailed"

    name = "after-call.chime-sdk-voice.GetPhoneNumber"
    events.register(name, fails)
    try:
        found = examine(account, OURS)
    finally:
        events.unregister(name, fails)
    assert faults(found) == ["number-status"]
    assert "it will not come, order another" in found[0].says


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


@pytest.mark.thorough
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
def test_what_a_role_is_denied_is_not_allowed_beside_it(line: Line, account: Account) -> None:
    denial = {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": denial})
    line("iam").put_role_policy(RoleName="calls", PolicyName="closed", PolicyDocument=document)
    found = examine(account, OURS)
    assert faults(found) == ["function-log"]
    (wrong,) = (one for one in found if one.state == "wrong")
    assert "a statement denies logs:CreateLogStream" in wrong.says
    assert wrong.change == (
        "aws iam list-role-policies --role-name calls",
        "aws iam list-attached-role-policies --role-name calls",
    )


@pytest.mark.thorough
def test_a_log_that_no_call_has_written_yet(line: Line, account: Account) -> None:
    line("logs").delete_log_group(logGroupName=line.message_log)
    line.lets_deliver("Allow")
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
