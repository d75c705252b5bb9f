"""No template is wider than the rules let it be, and each widening breaks one."""

import copy
from typing import NamedTuple, cast

import pytest

from tests.deploy.rules import RULES, breaches
from tests.deploy.shapes import Json, Resources

LINE, CALLING_OUT = "template.yaml", "templates/calling-out.yaml"
PROVISIONING = "templates/provisioning.yaml"
NEW_PROJECT = "front-desk/template.yaml"
OURS = (
    *(LINE, CALLING_OUT, PROVISIONING),
    *("templates/watching.yaml", "templates/watching-calling-out.yaml"),
)
TEMPLATES = (*OURS, *(f"front-desk/{name}" for name in OURS))
DOCUMENT = "Properties.PolicyDocument.Statement"
MAY = "CallRole.Properties.Policies.0.PolicyDocument.Statement"
ASSUMES = "Properties.AssumeRolePolicyDocument.Statement.0"
GONE = None


class Planted(NamedTuple):
    """Something wider than it may be."""

    template: str
    where: str
    value: Json
    """`GONE`: it is taken away."""
    rule: str
    """How the name of the rule begins that it breaks."""


PLANTED: dict[str, Planted] = {
    "a user": Planted(LINE, "Back", {"Type": "AWS::IAM::User"}, "no_other_type"),
    "all actions": Planted(LINE, f"{MAY}.0.Action", "logs:*", "no_wildcard"),
    "one more action of each": Planted(
        LINE, f"{MAY}.2.Action.0", "dynamodb:Delete*", "no_wildcard"
    ),
    "all logs": Planted(LINE, f"{MAY}.0.Resource", "*", "no_wildcard"),
    "all logs, in a list": Planted(LINE, f"{MAY}.0.Resource", ["*"], "no_wildcard"),
    "all tables": Planted(
        LINE,
        f"{MAY}.2.Resource",
        {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*"},
        "no_wildcard",
    ),
    "a role that is made elsewhere": Planted(
        LINE,
        "CallFunction.Properties.Role",
        "arn:aws:iam::123456789012:role/Admin",
        "roles_are_ours",
    ),
    "a ledger that lets others in": Planted(
        LINE, "Ledger.Properties.ResourcePolicy", {"PolicyDocument": {}}, "nothing_on_the_side"
    ),
    "recordings that are copied": Planted(
        LINE, "Recordings.Properties.ReplicationConfiguration", {}, "nothing_on_the_side"
    ),
    "somebody's layer": Planted(
        LINE,
        "CallFunction.Properties.Layers",
        ["arn:aws:lambda:us-east-1:210987654321:layer:helpful:1"],
        "nothing_on_the_side",
    ),
    "a role to give away": Planted(LINE, f"{MAY}.0.Action.0", "iam:PassRole", "no_other_service"),
    "code to change": Planted(
        LINE, f"{MAY}.0.Action.0", "lambda:UpdateFunctionCode", "no_other_service"
    ),
    "all but some": Planted(LINE, f"{MAY}.0.NotAction", "iam:PassRole", "no_wildcard"),
    "all calls": Planted(
        CALLING_OUT,
        "TriggerRole.Properties.Policies.1.PolicyDocument.Statement.0.Resource",
        "*",
        "no_wildcard",
    ),
    "the world's prompts": Planted(
        LINE, f"PromptsPolicy.{DOCUMENT}.0.Principal", "*", "nobody_else"
    ),
    "others' applications": Planted(
        LINE, f"RecordingsPolicy.{DOCUMENT}.0.Condition", GONE, "nobody_else"
    ),
    "others' schedules": Planted(
        CALLING_OUT, f"ScheduleRole.{ASSUMES}.Condition", GONE, "nobody_else"
    ),
    "others' topics": Planted(
        PROVISIONING, f"RequestsPolicy.{DOCUMENT}.0.Condition", GONE, "nobody_else"
    ),
    "another account's role": Planted(
        LINE,
        f"CallRole.{ASSUMES}.Principal",
        {"AWS": "arn:aws:iam::210987654321:root"},
        "nobody_else",
    ),
    "anybody invokes": Planted(LINE, "ServiceMayInvoke.Properties.Principal", "*", "permission"),
    "any account": Planted(LINE, "ServiceMayInvoke.Properties.SourceAccount", GONE, "permission"),
    "any account, in a new project": Planted(
        NEW_PROJECT, "ServiceMayInvoke.Properties.SourceAccount", GONE, "permission"
    ),
    "any version": Planted(
        LINE, "ServiceMayInvoke.Properties.FunctionName", {"Ref": "CallFunction"}, "permission"
    ),
    "a managed policy": Planted(
        LINE,
        "CallRole.Properties.ManagedPolicyArns",
        ["arn:aws:iam::aws:policy/AdministratorAccess"],
        "roles_are_ours",
    ),
    "a policy of SAM": Planted(
        PROVISIONING,
        "ProvisioningFunction.Properties.Policies",
        ["AmazonChimeSDK"],
        "roles_are_ours",
    ),
    "an open URL": Planted(
        CALLING_OUT,
        "TriggerFunction.Properties.FunctionUrlConfig.AuthType",
        "NONE",
        "roles_are_ours",
    ),
    "an API in front": Planted(
        CALLING_OUT, "TriggerFunction.Properties.Events.Requests.Type", "HttpApi", "roles_are_ours"
    ),
    "all of the ledger": Planted(
        LINE,
        f"{MAY}.1.Condition.ForAllValues:StringLike.dynamodb:LeadingKeys",
        ["*"],
        "a_call_tells_of_itself",
    ),
    "the ledger without a condition": Planted(
        LINE, f"{MAY}.1.Condition", GONE, "a_call_tells_of_itself"
    ),
    "all executions": Planted(
        LINE, "CallFunction.Properties.ReservedConcurrentExecutions", GONE, "executions_are_kept"
    ),
    "all executions of the trigger": Planted(
        CALLING_OUT,
        "TriggerFunction.Properties.ReservedConcurrentExecutions",
        900,
        "executions_are_kept",
    ),
    "a public bucket": Planted(
        LINE,
        "Recordings.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy",
        False,
        "buckets_are_closed",
    ),
    "a bucket in the clear": Planted(
        LINE, "Prompts.Properties.BucketEncryption", GONE, "buckets_are_closed"
    ),
    "http": Planted(LINE, f"PromptsPolicy.{DOCUMENT}.1", GONE, "buckets_are_closed"),
    "a denial of something else": Planted(
        LINE, f"RecordingsPolicy.{DOCUMENT}.1.Action", "s3:GetObject", "buckets_are_closed"
    ),
    "a bucket without a policy": Planted(LINE, "RecordingsPolicy", GONE, "buckets_are_closed"),
    "a queue in the clear": Planted(
        CALLING_OUT,
        "RequestQueue.Properties.SqsManagedSseEnabled",
        False,
        "data_is_encrypted_and_stays",
    ),
    "a ledger in the clear": Planted(
        LINE, "Ledger.Properties.SSESpecification", GONE, "data_is_encrypted_and_stays"
    ),
    "a ledger that goes": Planted(
        LINE, "Ledger.DeletionPolicy", "Delete", "data_is_encrypted_and_stays"
    ),
    "a queue that goes": Planted(
        CALLING_OUT, "RequestQueue.UpdateReplacePolicy", "Delete", "data_is_encrypted_and_stays"
    ),
    "somebody's template": Planted(
        LINE,
        "Watch.Properties.TemplateURL",
        "https://example.com/watching.yaml",
        "what_is_nested_is_ours",
    ),
}
"""What somebody might write."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_breaks_a_rule(
    every_template: dict[str, dict[str, Resources]], name: str
) -> None:
    assert breaches(every_template[name]) == []


@pytest.mark.parametrize("widening", PLANTED)
def test_a_planted_widening_breaks_one(
    every_template: dict[str, dict[str, Resources]], widening: str
) -> None:
    planted = PLANTED[widening]
    template = copy.deepcopy(every_template[planted.template])
    plant(template["Resources"], planted)
    assert [said for said in breaches(template) if said.startswith(planted.rule)]


def plant(resources: Resources, planted: Planted) -> None:
    """Write it into the template."""
    place = cast("Json", resources)
    *way, last = planted.where.split(".")
    for part in way:
        place = (
            place[int(part)] if isinstance(place, list) else cast("dict[str, Json]", place)[part]
        )
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [] if planted.value is GONE else [planted.value]
    elif planted.value is GONE:
        del cast("dict[str, Json]", place)[last]
    else:
        cast("dict[str, Json]", place)[last] = planted.value


def test_every_template_and_every_rule_is_tried(
    every_template: dict[str, dict[str, Resources]],
) -> None:
    assert set(TEMPLATES) == every_template.keys()
    tried = {planted.rule for planted in PLANTED.values()}
    assert [each for each in RULES if not any(each.__name__.startswith(t) for t in tried)] == []
