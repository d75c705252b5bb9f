"""Nothing is wider than it needs to be: who wants more has to say so here."""

import json
import re
from collections.abc import Iterator
from typing import cast

from offhook.emulator.function.lambda_runtime import MEMORY_MB, TIMEOUT_SECONDS
from tests.deploy.shapes import Json, Resources
from tests.handler.calling.test_follow import MAY_TELL

APPLICATIONS = "arn:${AWS::Partition}:chime:${AWS::Region}:${AWS::AccountId}:sma/*"
APPLICATION = APPLICATIONS.replace("*", "${Id}")
OURS = {
    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    "ArnLike": {"aws:SourceArn": {"Fn::Sub": APPLICATIONS}},
}

ALLOWED = {
    ("lambda.amazonaws.com", "sts:AssumeRole", "CallRole"),
    ("lambda.amazonaws.com", "sts:AssumeRole", "TriggerRole"),
    ("lambda.amazonaws.com", "sts:AssumeRole", "ProvisioningRole"),
    ("scheduler.amazonaws.com", "sts:AssumeRole", "ScheduleRole"),
    ("sns.amazonaws.com", "sqs:SendMessage", "Requests.Arn"),
    *(
        ("role CallRole", f"dynamodb:{does}Item", "Deliveries.Arn")
        for does in ("Delete", "Get", "Put", "Update")
    ),
    ("role CallRole", "dynamodb:GetItem", "Ledger.Arn"),
    ("role CallRole", "dynamodb:UpdateItem", "Ledger.Arn"),
    ("role CallRole", "logs:CreateLogStream", "CallLogs.Arn"),
    ("role CallRole", "logs:PutLogEvents", "CallLogs.Arn"),
    ("role CallRole", "xray:PutTelemetryRecords", "*, if IsTraced"),
    ("role CallRole", "xray:PutTraceSegments", "*, if IsTraced"),
    *(
        ("role ProvisioningRole", f"chime:{does}", "*")
        for does in (
            *("CreateSipRule", "DeletePhoneNumber", "DeleteSipRule", "ListPhoneNumbers"),
            *("ListSipRules", "UpdateSipRule"),
        )
    ),
    *(
        ("role ProvisioningRole", f"chime:{does}", "*, if Orders")
        for does in (
            *("CreatePhoneNumberOrder", "ListPhoneNumberOrders", "SearchAvailablePhoneNumbers"),
        )
    ),
    (
        "role ProvisioningRole",
        "chime:PutSipMediaApplicationLoggingConfiguration",
        APPLICATIONS,
    ),
    ("role ProvisioningRole", "logs:CreateLogStream", "ProvisioningLogs.Arn"),
    ("role ProvisioningRole", "logs:PutLogEvents", "ProvisioningLogs.Arn"),
    ("role ProvisioningRole", "sqs:DeleteMessage", "Requests.Arn"),
    ("role ProvisioningRole", "sqs:GetQueueAttributes", "Requests.Arn"),
    ("role ProvisioningRole", "sqs:ReceiveMessage", "Requests.Arn"),
    ("role ScheduleRole", "sqs:SendMessage", "RequestQueue.Arn"),
    ("role TriggerRole", "chime:CreateSipMediaApplicationCall", APPLICATION),
    ("role TriggerRole", "chime:UpdateSipMediaApplicationCall", APPLICATION),
    ("role TriggerRole", "dynamodb:ConditionCheckItem", "the line's LedgerArn"),
    ("role TriggerRole", "dynamodb:GetItem", "the line's LedgerArn"),
    ("role TriggerRole", "dynamodb:UpdateItem", "the line's LedgerArn"),
    ("role TriggerRole", "logs:CreateLogStream", "TriggerLogs.Arn"),
    ("role TriggerRole", "logs:PutLogEvents", "TriggerLogs.Arn"),
    ("role TriggerRole", "sqs:ChangeMessageVisibility", "RequestQueue.Arn"),
    ("role TriggerRole", "sqs:DeleteMessage", "RequestQueue.Arn"),
    ("role TriggerRole", "sqs:GetQueueAttributes", "RequestQueue.Arn"),
    ("role TriggerRole", "sqs:GetQueueUrl", "RequestQueue.Arn"),
    ("role TriggerRole", "sqs:ReceiveMessage", "RequestQueue.Arn"),
    ("role TriggerRole", "sqs:SendMessage", "DeadLetters.Arn"),
    ("role TriggerRole", "xray:PutTelemetryRecords", "*, if IsTraced"),
    ("role TriggerRole", "xray:PutTraceSegments", "*, if IsTraced"),
    ("voiceconnector.chime.amazonaws.com", "s3:GetObject", "${Prompts.Arn}/*"),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObject", "${Recordings.Arn}/*"),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObjectAcl", "${Recordings.Arn}/*"),
}
"""Who may do what to what. Adding a line is a decision."""

LOOKED_AT = {
    *("AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::S3::BucketPolicy"),
    "AWS::SQS::QueuePolicy",
}
"""Resources that give access, all of which the tests below read."""

URL_FOR_WHOM_IAM_LETS = {"AuthType": "AWS_IAM"}

GIVES_NO_ACCESS = {
    "AWS::Chime::SipMediaApplication",
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::Serverless::Application",
    "AWS::Serverless::Function",
    "Custom::PhoneNumber",
    "Custom::SipRule",
}


def test_nothing_gives_access_but_what_is_looked_at_here(resources: Resources) -> None:
    assert {str(resource["Type"]) for resource in resources.values()} <= LOOKED_AT | GIVES_NO_ACCESS
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = cast("dict[str, Json]", resource["Properties"])
            assert "Policies" not in properties, name
            assert properties.get("FunctionUrlConfig", URL_FOR_WHOM_IAM_LETS) == (
                URL_FOR_WHOM_IAM_LETS
            )
            # A queue is read with the function's role; other sources get a permission of SAM's.
            events = cast("dict[str, dict[str, Json]]", properties.get("Events", {}))
            assert {str(event["Type"]) for event in events.values()} <= {"SQS"}, name


def test_only_what_is_listed_here_is_allowed(resources: Resources) -> None:
    allowed = {
        (who, action, spelt(statement["Resource"]))
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
            assert statement["Condition"] == OURS


def test_a_call_writes_what_it_tells_of_itself_and_no_other_item(resources: Resources) -> None:
    (ledger,) = [
        statement
        for who, statement in statements(resources)
        if (who, statement["Resource"]) == ("role CallRole", "Ledger.Arn")
    ]
    # Which these are is played: tests/handler/calling/test_follow.py.
    assert ledger["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": MAY_TELL}}


def test_executions_are_kept_for_a_function_where_somebody_says_so(
    resources: Resources, parameters: Resources
) -> None:
    for name in ("Call", "Trigger"):
        properties = cast("dict[str, Json]", resources[f"{name}Function"]["Properties"])
        kept = {"Ref": f"{name}Concurrency"}
        assert properties["ReservedConcurrentExecutions"] == {
            "Fn::If": [f"Has{name}Concurrency", kept, {"Ref": "AWS::NoValue"}]
        }
        assert parameters[f"{name}Concurrency"]["Default"] == ""
        allowed = re.compile(str(parameters[f"{name}Concurrency"]["AllowedPattern"]))
        assert [said for said in ("", "1", "50") if not allowed.search(said)] == []
        assert [said for said in ("0", "-1", "many") if allowed.search(said)] == []


def test_an_id_of_no_application_reaches_none_and_none_reaches_all(parameters: Resources) -> None:
    allowed = re.compile(str(parameters["SipMediaApplicationId"]["AllowedPattern"]))
    assert allowed.search("")  # .../sma/ is the ARN of nothing
    assert allowed.search("feb4c2b9-94d4-4d1b-8e9e-6a7b8c9d0e1f")
    assert not allowed.search("*")
    assert not allowed.search("feb4c2b9-????")


def test_schedules_take_on_their_role_for_our_account_only(resources: Resources) -> None:
    (statement,) = [s for who, s in statements(resources) if who == "scheduler.amazonaws.com"]
    assert statement["Condition"] == {"StringEquals": OURS["StringEquals"]}


def test_queues_and_ledger_are_encrypted_and_the_ledger_stays(resources: Resources) -> None:
    for name in ("RequestQueue", "DeadLetters"):
        assert (
            cast("dict[str, Json]", resources[name]["Properties"])["SqsManagedSseEnabled"] is True
        )
    ledger = cast("dict[str, Json]", resources["Ledger"]["Properties"])
    assert ledger["SSESpecification"] == {"SSEEnabled": True}
    assert ledger["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": {"Fn::If": ["IsProd", True, False]}
    }
    assert resources["Ledger"]["DeletionPolicy"] == "Retain"
    assert resources["Ledger"]["UpdateReplacePolicy"] == "Retain"


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
    assert function["Timeout"] == TIMEOUT_SECONDS == 20
    assert function["MemorySize"] == MEMORY_MB
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert function["AutoPublishAlias"] == "live"
    assert function["Handler"] == "flows.app.lambda_handler"


def test_alarm_and_dashboard_look_where_the_function_counts(resources: Resources) -> None:
    function = cast(
        "dict[str, dict[str, dict[str, Json]]]", resources["CallFunction"]["Properties"]
    )
    variables = function["Environment"]["Variables"]
    alarm = cast("dict[str, Json]", resources["FailingFlowsAlarm"]["Properties"])
    assert alarm["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    service = cast("dict[str, str]", variables["POWERTOOLS_SERVICE_NAME"])
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    dashboard = cast("dict[str, dict[str, str]]", resources["Dashboard"]["Properties"])
    body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
    ours = [
        metric
        for widget in body["widgets"]
        for metric in widget["properties"].get("metrics", ())
        if metric[0] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    ]
    assert ours
    assert all(metric[2:] == ["service", service["Fn::Sub"]] for metric in ours)


def statements(resources: Resources) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every policy statement, and who it is about."""
    for name, resource in resources.items():
        properties = cast("dict[str, Json]", resource.get("Properties", {}))
        if resource["Type"] == "AWS::IAM::Role":
            assert "ManagedPolicyArns" not in properties
            for statement in of(properties["AssumeRolePolicyDocument"]):
                yield service_in(statement), {**statement, "Resource": name}
            for condition, policy in policies(properties["Policies"]):
                for statement in of(policy["PolicyDocument"]):
                    target = f"{spelt(statement['Resource'])}{condition}"
                    yield f"role {name}", {**statement, "Resource": target}
        elif resource["Type"] in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
            for statement in of(properties["PolicyDocument"]):
                yield service_in(statement), {**statement, "Resource": spelt(statement["Resource"])}


def policies(listed: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """The policies of a role, and the condition that each is under."""
    for policy in cast("list[dict[str, Json]]", listed):
        if "Fn::If" in policy:
            condition, there, otherwise = cast(
                "tuple[str, dict[str, Json], Json]", policy["Fn::If"]
            )
            assert otherwise == {"Ref": "AWS::NoValue"}
            yield f", if {condition}", there
        else:
            yield "", policy


def service_in(statement: dict[str, Json]) -> str:
    """Whom a statement is about: a service, or all that it says."""
    principal = statement["Principal"]
    if isinstance(principal, dict) and principal.keys() == {"Service"}:
        return str(principal["Service"])
    return str(principal)


def of(document: Json) -> list[dict[str, Json]]:
    """The statements of a policy document."""
    return cast("list[dict[str, Json]]", cast("dict[str, Json]", document)["Statement"])


def spelt(target: Json) -> str:
    """What a statement is about, in one line."""
    match target:
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), _]}:
            return text
        case {"Fn::ImportValue": {"Fn::Sub": str(text)}}:
            return text.replace("${Line}-", "the line's ")
        case _:
            return target if isinstance(target, str) else json.dumps(target)


def as_list(value: Json) -> list[str]:
    """One action or several."""
    return [value] if isinstance(value, str) else cast("list[str]", value)
