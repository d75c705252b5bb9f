"""Nothing is wider than it needs to be: who wants more has to say so here."""

import json
import re
from typing import cast

from offhook.emulator.function.lambda_runtime import MEMORY_MB, TIMEOUT_SECONDS
from tests.deploy.rules import APPLICATIONS, as_list, spelt, statements
from tests.deploy.shapes import Json, Resources

APPLICATION = APPLICATIONS.replace("*", "${Id}")

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
    ("role TriggerRole", "dynamodb:Query", "${Ledger}/index/batch"),
    ("role TriggerRole", "sqs:SendMessage", "DeadLetters.Arn"),
    ("role TriggerRole", "sqs:SendMessage", "RequestQueue.Arn"),
    ("role TriggerRole", "xray:PutTelemetryRecords", "*, if IsTraced"),
    ("role TriggerRole", "xray:PutTraceSegments", "*, if IsTraced"),
    ("voiceconnector.chime.amazonaws.com", "s3:GetObject", "${Prompts.Arn}/*"),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObject", "${Recordings.Arn}/*"),
    ("voiceconnector.chime.amazonaws.com", "s3:PutObjectAcl", "${Recordings.Arn}/*"),
}
"""Who may do what to what. Adding a line is a decision."""


def test_only_what_is_listed_here_is_allowed(resources: Resources) -> None:
    allowed = {
        (who, action, spelt(statement["Resource"]))
        for who, statement in statements(resources)
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
    }
    assert allowed == ALLOWED


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
