"""The way of a call, from a number, a stack or an application to the last link."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from offhook.actions.fields import E164
from offhook.production.doctor.account import Account, Answer, NotSeen
from offhook.production.doctor.buckets import Kind, look_at_bucket
from offhook.production.doctor.calling_out import look_at_calling_out
from offhook.production.doctor.findings import Finding
from offhook.production.doctor.functions import (
    APPLICATION,
    LambdaName,
    look_at_function,
    variables,
)
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.message_log import look_at_message_log
from offhook.production.doctor.quotas import look_at_quotas
from offhook.production.doctor.routing import (
    look_at_application,
    look_at_no_rule,
    look_at_number,
    look_at_rule,
    ordered,
)
from offhook.production.doctor.tables import look_at_deliveries
from offhook.production.way_in import NoWayIn

GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
BUCKETS: Final[Mapping[Kind, str]] = {
    "prompts": "OFFHOOK_PROMPTS_BUCKET",
    "recordings": "OFFHOOK_RECORDINGS_BUCKET",
}
"""The variables of a function that name them."""


def examine(
    account: Account,
    start: str,
    *,
    symptom: str = "",
    buckets: Mapping[Kind, Sequence[str]] | None = None,
) -> list[Finding]:
    """What is found on the way that begins at a number, an application's id, or a stack's name.

    `buckets`: others than the function's variables name. Raises `NoWayIn`.
    """
    report = Report(account)
    listed = _rules(report)
    rules = listed or []
    if re.fullmatch(E164, start):
        numbers, wanted = [start], {}
        ours = [rule for rule in rules if rule["TriggerValue"] == start]
    else:
        wanted = _applications(report, start)
        ours = [rule for rule in rules if _leads_to(rule, wanted)]
        numbers = [str(r["TriggerValue"]) for r in ours if r["TriggerType"] == "ToPhoneNumber"]
    for number in dict.fromkeys(numbers):
        look_at_number(report, number)
        if listed is not None and not ours:
            look_at_no_rule(report, number)
    for rule in ours:
        look_at_rule(report, rule)
    if wanted and listed is not None and not ours:
        with report.link("rule", start) as link:
            link.wrong(
                "no-rule",
                "no SIP rule leads there, so nobody can call it",
                "aws chime-sdk-voice create-sip-rule --name line --trigger-type ToPhoneNumber "
                "--trigger-value +1... --target-applications SipMediaApplicationId="
                f"{next(iter(wanted))},Priority=1,AwsRegion={link.region}",
            )
    wanted |= {identity: region for rule in ours for identity, region in _targets(rule)}
    quotas: dict[str, Mapping[str, float]] = {}
    for identity, region in wanted.items():
        application = look_at_application(report, identity, region)
        if not application:
            continue
        function = look_at_function(report, application)
        for kind, bucket in _buckets(function, buckets or {}):
            look_at_bucket(report, kind, bucket, application)
        look_at_deliveries(report, function, region)
        look_at_message_log(report, identity, region)
        if region not in quotas:
            quotas[region] = look_at_quotas(report, region)
        look_at_calling_out(
            report,
            application,
            function,
            quotas[region],
            is_wanted=symptom == "cannot-call-out",
        )
    return report.findings


def _rules(report: Report) -> list[Answer] | None:
    with report.link("rule", "all") as link:
        return link.each("chime-sdk-voice", "ListSipRules", "SipRules")


def _leads_to(rule: Answer, applications: Mapping[str, str]) -> bool:
    return any(identity in applications for identity, _ in _targets(rule))


def _targets(rule: Answer) -> Iterator[tuple[str, str]]:
    for target in ordered(rule["TargetApplications"]):
        yield str(target["SipMediaApplicationId"]), str(target.get("AwsRegion"))


def _applications(report: Report, start: str) -> dict[str, str]:
    """The ids of applications, with their region: the one that is meant, or those of a stack."""
    region = report.account.region
    if GUID.fullmatch(start):
        return {start: region}
    made = dict(_resources(report.account, start))
    if not made:
        raise NoWayIn(
            f"there is no stack {start} in {region}, and it is no number (+15550100200) and no id "
            "of a SIP media application"
        )
    with report.link("stack", start) as link:
        known = link.each("chime-sdk-voice", "ListSipMediaApplications", "SipMediaApplications")
        found = {
            str(one["SipMediaApplicationId"]): region
            for one in known or ()
            for endpoint in one["Endpoints"]
            if made.get(LambdaName(str(endpoint["LambdaArn"])).name) == "AWS::Lambda::Function"
        }
        if known is not None and not found and (calling := _calling_with(link, made)):
            link.fine(f"it calls out with SIP media application {', '.join(calling)}")
            return dict.fromkeys(calling, region)
        if known is not None and not found:
            link.wrong(
                "no-application",
                f"no SIP media application in {region} invokes a function of the stack",
                "aws chime-sdk-voice create-sip-media-application --name line --aws-region "
                f"{region} --endpoints LambdaArn=$(aws cloudformation describe-stacks "
                f"--stack-name {start} --query "
                "'Stacks[0].Outputs[?OutputKey==`FunctionArn`].OutputValue' --output text)",
            )
        link.fine(f"{len(made)} resources, {len(found)} SIP media applications")
        return found


def _calling_with(link: Link, made: Mapping[str, str]) -> list[str]:
    """The applications that the functions of a stack start calls of."""
    configured = (
        link.ask("lambda", "GetFunctionConfiguration", FunctionName=name)
        for name, kind in made.items()
        if kind == "AWS::Lambda::Function"
    )
    named = [variables(one).get(APPLICATION, "") for one in configured if one]
    return [each for each in dict.fromkeys(named) if each]


def _resources(account: Account, stack: str) -> Iterator[tuple[str, str]]:
    """What a stack has made, and those in it: what each is called, and its type."""
    try:
        listed = account.each(
            "cloudformation", "ListStackResources", "StackResourceSummaries", StackName=stack
        )
    except NotSeen as error:
        raise NoWayIn(f"stack {stack}: {error}. Begin at the number instead") from None
    for one in listed:
        name, kind = str(one.get("PhysicalResourceId", "")), str(one["ResourceType"])
        yield name, kind
        if kind == "AWS::CloudFormation::Stack":
            yield from _resources(account, name)


def _buckets(function: Answer, buckets: Mapping[Kind, Sequence[str]]) -> Iterator[tuple[Kind, str]]:
    for kind, variable in BUCKETS.items():
        named = variables(function).get(variable, "")
        for bucket in dict.fromkeys((named, *buckets.get(kind, ()))):
            if bucket:
                yield kind, bucket
