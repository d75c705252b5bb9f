"""What the service itself says of the calls of an application, and whether it can say it."""

import re
from typing import Final

from offhook.production.doctor.account import part
from offhook.production.doctor.link import Link, Report
from offhook.production.doctor.metrics import last_words
from offhook.production.doctor.policies import Request, denying, why_not
from offhook.production.log_texts import SAID

DELIVERY: Final = "delivery.logs.amazonaws.com"
"""Who writes the logs of AWS's services into a group."""


def look_at_message_log(report: Report, identity: str, region: str) -> None:
    """Whether it is on, can be written, and what it complains of."""
    group = f"/aws/ChimeSipMediaApplicationSipMessages/{identity}"
    with report.link("message log", group, region) as link:
        found = link.ask(
            "chime-sdk-voice",
            "GetSipMediaApplicationLoggingConfiguration",
            SipMediaApplicationId=identity,
        )
        if found is None:
            return
        if not part(found, "SipMediaApplicationLoggingConfiguration").get(
            "EnableSipMediaApplicationMessageLogs"
        ):
            link.wrong(
                "message-log-off",
                "it is off: why the service drops a call is said nowhere else",
                "aws chime-sdk-voice put-sip-media-application-logging-configuration "
                f"--sip-media-application-id {identity} "
                "--sip-media-application-logging-configuration "
                "EnableSipMediaApplicationMessageLogs=true",
            )
            return
        link.fine("on")
        groups = link.each("logs", "DescribeLogGroups", "logGroups", logGroupNamePrefix=group)
        if groups is None:
            return
        its = next((one for one in groups if one["logGroupName"] == group), None)
        if its is None or not its.get("storedBytes"):
            _may_be_written(link, group, is_there=its is not None)
        if its is not None:
            _complaints(link, group)


def _may_be_written(link: Link, group: str, *, is_there: bool) -> None:
    """A group that is not there yet is made by the first call, where that is allowed."""
    found = link.each("logs", "DescribeResourcePolicies", "resourcePolicies")
    if found is None:
        return
    where = f"arn:{link.account.partition}:logs:{link.region}:{link.account.id}:log-group:"
    request = Request(
        principal=DELIVERY,
        action="logs:PutLogEvents",
        resource=f"{where}{group}:log-stream:any",
        context={"aws:sourceaccount": link.account.id},
    )
    documents = [one.get("policyDocument") for one in found]
    if why := why_not(documents, request):
        statement = (
            '{"Effect":"Allow","Principal":{"Service":"' + DELIVERY + '"},'
            '"Action":["logs:CreateLogStream","logs:PutLogEvents"],'
            f'"Resource":"{where}/aws/ChimeSipMediaApplicationSipMessages/*"}}'
        )
        make = f"aws logs create-log-group --log-group-name {group}"
        put = "aws logs put-resource-policy --policy-name offhook-message-logs --policy-document "
        put += f"""'{{"Version":"2012-10-17","Statement":[{statement}]}}'"""
        changes = [put] if is_there else [make, put]
        if any(denying(document, request) for document in documents):
            changes = ["aws logs describe-resource-policies"]
        link.wrong(
            "message-log-destination",
            f"nothing was written there yet, and CloudWatch may not: {why}",
            *changes,
        )
    if not is_there:
        link.fine("no call was logged yet")


def _complaints(link: Link, group: str) -> None:
    texts = re.compile("|".join(map(re.escape, SAID)))
    pattern = " ".join(f'?"{text}"' for text in SAID)
    lines = last_words(link, group, pattern, texts)
    for text, (fault, means) in SAID.items():
        if times := sum(text in line for line in lines):
            link.wrong(
                fault,
                f"{times} times in the last 24 hours: “{text}” ({means})",
                f"""aws logs tail {group} --since 1d --filter-pattern '"{text}"'""",
            )
