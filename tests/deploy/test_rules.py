"""No template is wider than the rules let it be, and each widening breaks one."""

import copy
from typing import cast

import pytest

from tests.deploy.rules import RULES, breaches
from tests.deploy.shapes import Json, Resources

LINE, CALLING_OUT = "template.yaml", "templates/calling-out.yaml"
PROVISIONING = "templates/provisioning.yaml"
NEW_PROJECT = "emulator/offhook/command/new_project/template.yaml"
TEMPLATES = (
    *(LINE, CALLING_OUT, PROVISIONING, NEW_PROJECT),
    *("templates/watching.yaml", "templates/watching-calling-out.yaml"),
)
DOCUMENT = "Properties.PolicyDocument.Statement"
MAY = "CallRole.Properties.Policies.0.PolicyDocument.Statement"
ASSUMES = "Properties.AssumeRolePolicyDocument.Statement.0"
GONE = None

PLANTED: dict[str, tuple[str, str, Json, str]] = {
    "a user": (LINE, "Back", {"Type": "AWS::IAM::User"}, "no_other_type"),
    "all actions": (LINE, f"{MAY}.0.Action", "logs:*", "no_wildcard"),
    "one more action of each": (LINE, f"{MAY}.2.Action.0", "dynamodb:Delete*", "no_wildcard"),
    "all logs": (LINE, f"{MAY}.0.Resource", "*", "no_wildcard"),
    "all but some": (LINE, f"{MAY}.0.NotAction", "iam:PassRole", "no_wildcard"),
    "all calls": (
        *(CALLING_OUT, "TriggerRole.Properties.Policies.1.PolicyDocument.Statement.0.Resource"),
        *("*", "no_wildcard"),
    ),
    "the world's prompts": (LINE, f"PromptsPolicy.{DOCUMENT}.0.Principal", "*", "nobody_else"),
    "others' applications": (LINE, f"RecordingsPolicy.{DOCUMENT}.0.Condition", GONE, "nobody_else"),
    "others' schedules": (CALLING_OUT, f"ScheduleRole.{ASSUMES}.Condition", GONE, "nobody_else"),
    "others' topics": (PROVISIONING, f"RequestsPolicy.{DOCUMENT}.0.Condition", GONE, "nobody_else"),
    "another account's role": (
        *(LINE, f"CallRole.{ASSUMES}.Principal"),
        *({"AWS": "arn:aws:iam::210987654321:root"}, "nobody_else"),
    ),
    "anybody invokes": (LINE, "ServiceMayInvoke.Properties.Principal", "*", "permission"),
    "any account": (LINE, "ServiceMayInvoke.Properties.SourceAccount", GONE, "permission"),
    "any account, in a new project": (
        *(NEW_PROJECT, "ServiceMayInvoke.Properties.SourceAccount"),
        *(GONE, "permission"),
    ),
    "any version": (
        *(LINE, "ServiceMayInvoke.Properties.FunctionName"),
        *({"Ref": "CallFunction"}, "permission"),
    ),
    "a managed policy": (
        *(LINE, "CallRole.Properties.ManagedPolicyArns"),
        *(["arn:aws:iam::aws:policy/AdministratorAccess"], "roles_are_ours"),
    ),
    "a policy of SAM": (
        *(PROVISIONING, "ProvisioningFunction.Properties.Policies"),
        *(["AmazonChimeSDK"], "roles_are_ours"),
    ),
    "an open URL": (
        *(CALLING_OUT, "TriggerFunction.Properties.FunctionUrlConfig.AuthType"),
        *("NONE", "roles_are_ours"),
    ),
    "an API in front": (
        *(CALLING_OUT, "TriggerFunction.Properties.Events.Requests.Type"),
        *("HttpApi", "roles_are_ours"),
    ),
    "all of the ledger": (
        *(LINE, f"{MAY}.1.Condition.ForAllValues:StringLike.dynamodb:LeadingKeys"),
        *(["*"], "a_call_tells_of_itself"),
    ),
    "the ledger without a condition": (LINE, f"{MAY}.1.Condition", GONE, "a_call_tells_of_itself"),
    "all executions": (
        *(LINE, "CallFunction.Properties.ReservedConcurrentExecutions"),
        *(GONE, "executions_are_kept"),
    ),
    "all executions of the trigger": (
        *(CALLING_OUT, "TriggerFunction.Properties.ReservedConcurrentExecutions"),
        *(900, "executions_are_kept"),
    ),
    "a public bucket": (
        *(LINE, "Recordings.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy"),
        *(False, "buckets_are_closed"),
    ),
    "a bucket in the clear": (
        *(LINE, "Prompts.Properties.BucketEncryption"),
        *(GONE, "buckets_are_closed"),
    ),
    "http": (LINE, f"PromptsPolicy.{DOCUMENT}.1", GONE, "buckets_are_closed"),
    "a denial of something else": (
        *(LINE, f"RecordingsPolicy.{DOCUMENT}.1.Action"),
        *("s3:GetObject", "buckets_are_closed"),
    ),
    "a bucket without a policy": (LINE, "RecordingsPolicy", GONE, "buckets_are_closed"),
    "a queue in the clear": (
        *(CALLING_OUT, "RequestQueue.Properties.SqsManagedSseEnabled"),
        *(False, "data_is_encrypted_and_stays"),
    ),
    "a ledger in the clear": (
        *(LINE, "Ledger.Properties.SSESpecification"),
        *(GONE, "data_is_encrypted_and_stays"),
    ),
    "a ledger that goes": (LINE, "Ledger.DeletionPolicy", "Delete", "data_is_encrypted_and_stays"),
    "a queue that goes": (
        *(CALLING_OUT, "RequestQueue.UpdateReplacePolicy"),
        *("Delete", "data_is_encrypted_and_stays"),
    ),
    "somebody's template": (
        *(LINE, "Watch.Properties.TemplateURL"),
        *("https://example.com/watching.yaml", "what_is_nested_is_ours"),
    ),
}
"""What somebody might write: in which template, where, what, and the rule that it breaks."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_breaks_a_rule(
    every_template: dict[str, dict[str, Resources]], name: str
) -> None:
    assert breaches(every_template[name]) == []


@pytest.mark.parametrize("widening", PLANTED)
def test_a_planted_widening_breaks_one(
    every_template: dict[str, dict[str, Resources]], widening: str
) -> None:
    name, where, value, rule = PLANTED[widening]
    template = copy.deepcopy(every_template[name])
    place: Json = cast("Json", template["Resources"])
    *way, last = where.split(".")
    for part in way:
        place = (
            place[int(part)] if isinstance(place, list) else cast("dict[str, Json]", place)[part]
        )
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [] if value is GONE else [value]
    elif value is GONE:
        del cast("dict[str, Json]", place)[last]
    else:
        cast("dict[str, Json]", place)[last] = value
    assert [said for said in breaches(template) if said.startswith(rule)]


def test_every_template_and_every_rule_is_tried(
    every_template: dict[str, dict[str, Resources]],
) -> None:
    assert set(TEMPLATES) == every_template.keys()
    tried = {rule for *_, rule in PLANTED.values()}
    assert [each for each in RULES if not any(each.__name__.startswith(t) for t in tried)] == []
