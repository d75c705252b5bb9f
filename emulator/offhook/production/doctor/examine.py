"""The way of a call, from a number, a stack or an application to the last link."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from offhook.actions.fields import E164
from offhook.emulator.service.regions import REGIONS
from offhook.production.doctor.account import Account, Answer
from offhook.production.doctor.buckets import Kind, look_at_bucket
from offhook.production.doctor.calling_out import look_at_calling_out
from offhook.production.doctor.findings import Finding
from offhook.production.doctor.functions import look_at_function, variables
from offhook.production.doctor.link import Report
from offhook.production.doctor.message_log import look_at_message_log
from offhook.production.doctor.quotas import look_at_quotas
from offhook.production.doctor.routing import (
    look_at_application,
    look_at_no_rule,
    look_at_no_way_in,
    look_at_number,
    look_at_rule,
    ordered,
)
from offhook.production.doctor.stacks import applications
from offhook.production.doctor.tables import look_at_deliveries

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
    """What is found on the way that begins at a number, an application's id, or a stack's name. An
    ARN is as good as what it names.

    `buckets`: others than the function's variables name. Raises `NoWayIn`.
    """
    report = Report(account)
    listed = _rules(report)
    rules = listed or []
    if start.startswith("+"):
        start = re.sub(r"[\s().-]", "", start)
    if re.fullmatch(E164, start):
        numbers, wanted = [start], {}
        ours = [rule for rule in rules if rule["TriggerValue"] == start]
    else:
        wanted = applications(report, start)
        ours = [rule for rule in rules if _leads_to(rule, wanted)]
        numbers = [str(r["TriggerValue"]) for r in ours if r["TriggerType"] == "ToPhoneNumber"]
    for number in dict.fromkeys(numbers):
        look_at_number(report, number)
        if listed is not None and not ours:
            look_at_no_rule(report, number)
    for rule in ours:
        look_at_rule(report, rule)
    has_no_rule = bool(wanted) and listed is not None and not ours
    wanted |= {
        identity: region
        for rule in ours
        for identity, region in _targets(rule, account.region)
        if region in REGIONS
    }
    quotas: dict[str, Mapping[str, float]] = {}
    for identity, region in wanted.items():
        application = look_at_application(report, identity, region)
        if not application:
            continue
        if has_no_rule:
            look_at_no_way_in(report, identity, region)
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
    with report.link("rule", "all", report.account.number_region) as link:
        return link.each("chime-sdk-voice", "ListSipRules", "SipRules")


def _leads_to(rule: Answer, applications: Mapping[str, str]) -> bool:
    return any(identity in applications for identity, _ in _targets(rule, ""))


def _targets(rule: Answer, region: str) -> Iterator[tuple[str, str]]:
    """The id and the region of each application that a rule leads to; `region` is the account's."""
    for target in ordered(rule):
        yield str(target["SipMediaApplicationId"]), str(target.get("AwsRegion", region))


def _buckets(function: Answer, buckets: Mapping[Kind, Sequence[str]]) -> Iterator[tuple[Kind, str]]:
    for kind, variable in BUCKETS.items():
        named = variables(function).get(variable, "")
        for bucket in dict.fromkeys((named, *buckets.get(kind, ()))):
            if bucket:
                yield kind, bucket
