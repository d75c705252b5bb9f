"""What no template may widen: each rule says what breaks it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, cast

from tests.deploy.shapes import Json, Resources
from tests.handler.calling.test_follow import MAY_TELL

Template = Mapping[str, Resources]
Rule = Callable[[Template], Iterator[str]]

APPLICATIONS: Final = "arn:${AWS::Partition}:chime:${AWS::Region}:${AWS::AccountId}:sma/*"
OUR_ACCOUNT: Final[Mapping[str, Json]] = {
    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
}
OUR_TOPIC: Final[Mapping[str, Json]] = {"ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}}
MAY_IF: Final[Mapping[str, Mapping[str, Json]]] = {
    "lambda.amazonaws.com": {},
    "scheduler.amazonaws.com": OUR_ACCOUNT,
    "sns.amazonaws.com": OUR_TOPIC,
    "voiceconnector.chime.amazonaws.com": {
        **OUR_ACCOUNT,
        "ArnLike": {"aws:SourceArn": {"Fn::Sub": APPLICATIONS}},
    },
}
"""Services that policies name, and under which condition."""

NAMELESS: Final = {
    *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    *("chime:CreatePhoneNumberOrder", "chime:CreateSipRule", "chime:DeletePhoneNumber"),
    *("chime:DeleteSipRule", "chime:ListPhoneNumberOrders", "chime:ListPhoneNumbers"),
    *("chime:ListSipRules", "chime:SearchAvailablePhoneNumbers", "chime:UpdateSipRule"),
}
"""What is about things that have no ARN, so that `*` is all that a policy can say."""

WHAT_IS_IN: Final = rf"\$\{{\w+\.Arn\}}/\*|{re.escape(APPLICATIONS)}"
"""What is in a bucket of ours, and the account's applications: all else is named."""

WORK: Final = {"chime", "dynamodb", "logs", "sqs", "xray"}
"""Services that functions use."""

ON_THE_SIDE: Final = {
    *("AccessControl", "CorsConfiguration", "ReplicationConfiguration", "WebsiteConfiguration"),
    *("ResourcePolicy", "KinesisStreamSpecification", "StreamSpecification"),
    *("Layers", "Subscription", "PackageType", "ImageUri"),
}
"""Properties of a bucket, a table, a function and a topic."""

FLEETING: Final = {"Deliveries", "Requests"}
"""Tables and queues whose content is worth nothing an hour later; all others stay."""

GIVES_ACCESS: Final = {
    *("AWS::IAM::Role", "AWS::Lambda::Permission", "AWS::S3::BucketPolicy"),
    "AWS::SQS::QueuePolicy",
}
"""All of which the rules read."""
GIVES_NONE: Final = {
    *("AWS::Chime::SipMediaApplication", "AWS::CloudFormation::Stack", "AWS::CloudWatch::Alarm"),
    *("AWS::CloudWatch::Dashboard", "AWS::DynamoDB::Table", "AWS::Logs::LogGroup"),
    *("AWS::S3::Bucket", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SQS::Queue"),
    *("AWS::Serverless::Application", "AWS::Serverless::Function"),
    *("Custom::PhoneNumber", "Custom::SipRule"),
}


def no_other_type(template: Template) -> Iterator[str]:
    """Whoever adds a type says whether it gives access."""
    for name, resource in template["Resources"].items():
        if resource["Type"] not in GIVES_ACCESS | GIVES_NONE:
            yield f"{name} is of the type {resource['Type']}, which no rule knows"


def no_wildcard(template: Template) -> Iterator[str]:
    """Actions are named, and what they are about, where it has a name."""
    for who, statement in statements(template["Resources"]):
        if statement["Effect"] == "Deny":
            continue
        if odd := statement.keys() & {"NotAction", "NotPrincipal", "NotResource"}:
            yield f"{who} may all but what is named: {odd}"
            continue
        for action in as_list(statement["Action"]):
            if "*" in action or "?" in action:
                yield f"{who} may {action}"
            for target in as_list(statement["Targets"]):
                is_all = target == "*" and action in NAMELESS
                if "*" in target and not (is_all or re.fullmatch(WHAT_IS_IN, target)):
                    yield f"{who} may {action} with {target}"


def no_other_service(template: Template) -> Iterator[str]:
    """A role is for its function's work alone: it gives nobody rights, and changes no code."""
    for who, statement in statements(template["Resources"]):
        for action in as_list(statement["Action"]):
            if who.startswith("role ") and action.partition(":")[0] not in WORK:
                yield f"{who} may {action}"


def nobody_else(template: Template) -> Iterator[str]:
    """Services are named, and act for this account."""
    for who, statement in statements(template["Resources"]):
        if statement["Effect"] == "Deny" or who.startswith("role "):
            continue
        if who not in MAY_IF:
            yield f"{who} may {statement['Action']}"
        elif statement.get("Condition", {}) != MAY_IF[who]:
            yield f"{who} may {statement['Action']} for others too"


def permission_is_the_services(template: Template) -> Iterator[str]:
    """The service invokes the alias, for this account."""
    for name, properties in of_type(template, "AWS::Lambda::Permission"):
        if properties != {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": "CallFunction.Alias"},
            "Principal": "voiceconnector.chime.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
        }:
            yield f"{name} lets others invoke, or another function"


def roles_are_ours(template: Template) -> Iterator[str]:
    """No role has policies that stand elsewhere, and no function a role that SAM makes."""
    for name, properties in of_type(template, "AWS::IAM::Role"):
        if "ManagedPolicyArns" in properties:
            yield f"{name} has managed policies"
    for name, properties in of_type(template, "AWS::Serverless::Function"):
        role = re.fullmatch(r"(\w+)\.Arn", spelt(properties.get("Role", "")))
        found = template["Resources"].get(role[1], {}) if role else {}
        if "Policies" in properties or found.get("Type") != "AWS::IAM::Role":
            yield f"{name} has not a role of ours alone"
        if properties.get("FunctionUrlConfig", {"AuthType": "AWS_IAM"}) != {"AuthType": "AWS_IAM"}:
            yield f"{name} has a URL for whom IAM does not know"
        # A queue is read with the function's role; other sources get a permission of SAM's.
        events = cast("dict[str, dict[str, Json]]", properties.get("Events", {}))
        if any(event["Type"] != "SQS" for event in events.values()):
            yield f"{name} is invoked by more than a queue"


def nothing_on_the_side(template: Template) -> Iterator[str]:
    """No data goes elsewhere, and no code comes from there, by a property."""
    for name, resource in template["Resources"].items():
        properties = cast("dict[str, Json]", resource.get("Properties", {}))
        for odd in properties.keys() & ON_THE_SIDE:
            yield f"{name} has {odd}"


def a_call_tells_of_itself(template: Template) -> Iterator[str]:
    """And writes no other item of the ledger. (tests/handler/calling/test_follow.py plays it.)"""
    wanted = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": MAY_TELL}}
    for who, statement in statements(template["Resources"]):
        about = (who, statement["Resource"])
        if about == ("role CallRole", "Ledger.Arn") and statement.get("Condition") != wanted:
            yield "calls may write whatever is in the ledger"


def executions_are_kept(template: Template) -> Iterator[str]:
    """As many as the parameter says, where there is one."""
    for name, properties in of_type(template, "AWS::Serverless::Function"):
        parameter = name.replace("Function", "Concurrency")
        kept = ["Has" + parameter, {"Ref": parameter}, {"Ref": "AWS::NoValue"}]
        said = properties.get("ReservedConcurrentExecutions")
        if parameter in template.get("Parameters", {}) and said != {"Fn::If": kept}:
            yield f"{name} does not keep the executions that {parameter} says"


def buckets_are_closed(template: Template) -> Iterator[str]:
    """To the public, and to whom does not encrypt."""
    policies = json.dumps([said for _, said in of_type(template, "AWS::S3::BucketPolicy")])
    for name, properties in of_type(template, "AWS::S3::Bucket"):
        blocked = cast("dict[str, Json]", properties.get("PublicAccessBlockConfiguration", {}))
        if len(blocked) != 4 or not all(blocked.values()):
            yield f"{name} may be public"
        if "BucketEncryption" not in properties:
            yield f"{name} is not encrypted"
        if f'"Bucket": {{"Ref": "{name}"}}' not in policies:
            yield f"{name} has no policy"
    for who, statement in statements(template["Resources"]):
        if statement["Effect"] == "Deny":
            encrypted = {"Bool": {"aws:SecureTransport": "false"}}
            if (statement["Action"], statement["Condition"]) != ("s3:*", encrypted):
                yield f"{who} is not denied what is not encrypted"
    if policies.count('"Deny"') != len(list(of_type(template, "AWS::S3::BucketPolicy"))):
        yield "a bucket takes what is not encrypted"


def data_is_encrypted_and_stays(template: Template) -> Iterator[str]:
    """In queues and tables; and buckets, tables and queues outlive the stack."""
    for name, properties in of_type(template, "AWS::SQS::Queue"):
        if properties.get("SqsManagedSseEnabled") is not True:
            yield f"{name} is not encrypted"
    for name, properties in of_type(template, "AWS::DynamoDB::Table"):
        if properties.get("SSESpecification") != {"SSEEnabled": True}:
            yield f"{name} is not encrypted"
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"):
        for name, _ in of_type(template, kind):
            said = template["Resources"][name]
            kept = (said.get("DeletionPolicy"), said.get("UpdateReplacePolicy"))
            if name not in FLEETING and kept != ("Retain", "Retain"):
                yield f"{name} goes with its stack"


def what_is_nested_is_ours(template: Template) -> Iterator[str]:
    """Templates in this repository."""
    for kind in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
        for name, properties in of_type(template, kind):
            where = str(properties.get("TemplateURL") or properties.get("Location"))
            if ":" in where or where.startswith("/"):
                yield f"{name} is made of {where}"


RULES: Final[Sequence[Rule]] = (
    *(no_other_type, no_wildcard, no_other_service, nobody_else, permission_is_the_services),
    *(roles_are_ours, nothing_on_the_side, a_call_tells_of_itself, executions_are_kept),
    *(buckets_are_closed, data_is_encrypted_and_stays, what_is_nested_is_ours),
)


def breaches(template: Template) -> list[str]:
    """What breaks a rule."""
    return [f"{rule.__name__}: {said}" for rule in RULES for said in rule(template)]


def of_type(template: Template, kind: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The resources of a type, and what is said of them."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, cast("dict[str, Json]", resource.get("Properties", {}))


def statements(resources: Resources) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every policy statement, and who it is about."""
    for name, resource in resources.items():
        properties = cast("dict[str, Json]", resource.get("Properties", {}))
        if resource["Type"] == "AWS::IAM::Role":
            for statement in of(properties["AssumeRolePolicyDocument"]):
                yield service_in(statement), {**statement, "Resource": name, "Targets": name}
            for condition, policy in policies(properties["Policies"]):
                for statement in of(policy["PolicyDocument"]):
                    target = f"{spelt(statement['Resource'])}{condition}"
                    yield f"role {name}", {**statement, "Resource": target, **targets(statement)}
        elif resource["Type"] in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
            for statement in of(properties["PolicyDocument"]):
                target = spelt(statement["Resource"])
                yield service_in(statement), {**statement, "Resource": target, **targets(statement)}


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


def targets(statement: Mapping[str, Json]) -> dict[str, Json]:
    """What a statement is about, one by one."""
    said = statement["Resource"]
    return {"Targets": [spelt(one) for one in (said if isinstance(said, list) else [said])]}


def as_list(value: Json) -> list[str]:
    """One action or several."""
    return [value] if isinstance(value, str) else cast("list[str]", value)
