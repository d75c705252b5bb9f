"""A number, the SIP rule that it triggers, the SIP media applications that this sends calls to."""

from collections.abc import Sequence
from shlex import quote

from offhook.emulator.service.regions import REGIONS
from offhook.production.doctor.account import Answer, parts
from offhook.production.doctor.link import Report

DIAL_IN = "SipMediaApplicationDialIn"
VOICE_CONNECTORS = {
    "VoiceConnectorId": "voice-connector --voice-connector-id",
    "VoiceConnectorGroupId": "voice-connector-group --voice-connector-group-id",
}
"""Whom else a number may be with, and how the command ends that takes it from there."""


def look_at_number(report: Report, number: str) -> None:
    """Whether it is ours, of the right kind, and neither on its way in nor out."""
    with report.link("number", number, report.account.number_region) as link:
        answer = link.ask("chime-sdk-voice", "GetPhoneNumber", PhoneNumberId=number)
        if answer is None:
            return
        if not answer:
            link.wrong(
                "number-missing",
                f"it is not a number of this account in {link.region}: order it, or another, or "
                "name the --region that has it",
                "aws chime-sdk-voice create-phone-number-order --product-type "
                f"{DIAL_IN} --e164-phone-numbers {number}",
            )
            return
        found: Answer = answer["PhoneNumber"]
        status = str(found.get("Status", ""))
        is_lost = status in ("AcquireFailed", "Cancelled", "PortinCancelRequested")
        if found.get("DeletionTimestamp") or status.startswith(("Delete", "Release")):
            link.wrong(
                "number-deleted",
                f"it is in the deletion queue ({status or 'deleted'}), until it is gone",
                f"aws chime-sdk-voice restore-phone-number --phone-number-id {number}",
            )
        elif status not in ("Assigned", "Unassigned"):
            link.wrong(
                "number-status",
                f"it is {status}: "
                + ("it will not come, order another" if is_lost else "calls come when it has come"),
                "aws chime-sdk-voice search-available-phone-numbers --country US"
                if is_lost
                else f"aws chime-sdk-voice get-phone-number --phone-number-id {number}",
            )
        associated = parts(found, "Associations")
        if found.get("ProductType") != DIAL_IN:
            link.wrong(
                "number-product",
                f"its product type is {found.get('ProductType')}, and a SIP rule takes numbers of "
                f"{DIAL_IN}",
                *(
                    f"aws chime-sdk-voice disassociate-phone-numbers-from-{VOICE_CONNECTORS[of]} "
                    f"{one['Value']} --e164-phone-numbers {number}"
                    for one in associated
                    if (of := str(one["Name"])) in VOICE_CONNECTORS
                ),
                f"aws chime-sdk-voice update-phone-number --phone-number-id {number} "
                f"--product-type {DIAL_IN}",
            )
        to = [f" to {one['Name']} {one['Value']}" for one in associated]
        link.fine(f"{DIAL_IN}, {status}{','.join(to)}")


def look_at_no_rule(report: Report, number: str) -> None:
    """A number has no rule: which could there be?"""
    account = report.account
    with report.link("rule", number, account.number_region) as link:
        known = link.each(
            "chime-sdk-voice",
            "ListSipMediaApplications",
            "SipMediaApplications",
            region=account.region,
        )
        ids = [str(one["SipMediaApplicationId"]) for one in known or ()]
        application = ids[0] if len(ids) == 1 else "ID"
        choice = f" (the applications are {', '.join(ids)})" if len(ids) > 1 else ""
        link.wrong(
            "no-rule",
            f"no SIP rule has it as its trigger, so nobody answers{choice}",
            f"aws chime-sdk-voice create-sip-rule --name {number[1:]} --trigger-type ToPhoneNumber "
            f"--trigger-value {number} --target-applications "
            f"SipMediaApplicationId={application},Priority=1,AwsRegion={account.region}",
        )


def look_at_no_way_in(report: Report, identity: str, region: str) -> None:
    """An application has no rule."""
    with report.link("rule", identity, report.account.number_region) as link:
        link.wrong(
            "no-rule",
            "no SIP rule leads there, so nobody can call it",
            "aws chime-sdk-voice create-sip-rule --name line --trigger-type ToPhoneNumber "
            "--trigger-value +1... --target-applications "
            f"SipMediaApplicationId={identity},Priority=1,AwsRegion={region}",
        )


def look_at_rule(report: Report, rule: Answer) -> None:
    """Whether it is enabled, and sends calls somewhere."""
    account = report.account
    what = f"{rule['Name']} ({rule['SipRuleId']})"
    with report.link("rule", what, account.number_region) as link:
        update = (
            f"aws chime-sdk-voice update-sip-rule --sip-rule-id {rule['SipRuleId']} "
            f"--name {quote(str(rule['Name']))}"
        )
        targets = ordered(rule)
        leads_to = _targets(targets, account.region)
        if rule.get("Disabled"):
            link.wrong(
                "rule-disabled",
                "it is disabled: callers hear busy",
                f"{update} --no-disabled {leads_to}",
            )
        priorities = [target.get("Priority") for target in targets]
        if len(set(priorities)) < len(priorities):
            link.wrong(
                "rule-targets",
                f"two targets have the same priority ({', '.join(map(str, priorities))}): which of "
                "them is first is not said",
                f"{update} {leads_to}",
            )
        for target in targets:
            if target.get("AwsRegion", account.region) not in REGIONS:
                link.wrong(
                    "rule-region",
                    f"the service is not in {target.get('AwsRegion')}, the region of "
                    f"{target['SipMediaApplicationId']}; it is in {', '.join(REGIONS)}",
                    f"{update} {leads_to}",
                )
        link.fine(f"enabled, {rule['TriggerType']} {rule['TriggerValue']}")
        link.fine(", then ".join(f"{t['SipMediaApplicationId']}" for t in targets))


def ordered(rule: Answer) -> list[Answer]:
    """The targets of a rule as calls try them."""
    return sorted(
        parts(rule, "TargetApplications"), key=lambda target: int(target.get("Priority", 1))
    )


def look_at_application(report: Report, identity: str, region: str) -> Answer:
    """The application; empty where there is none that can be followed."""
    with report.link("application", identity, region) as link:
        answer = link.ask(
            "chime-sdk-voice", "GetSipMediaApplication", SipMediaApplicationId=identity
        )
        if answer is None:
            return {}
        if not answer:
            known = link.each("chime-sdk-voice", "ListSipMediaApplications", "SipMediaApplications")
            ids = ", ".join(str(one["SipMediaApplicationId"]) for one in known or ())
            link.wrong(
                "application-missing",
                f"there is no such application in {region}; there are: {ids or 'none'}. Is it in "
                "another --region?",
                "aws chime-sdk-voice list-sip-media-applications",
            )
            return {}
        found: Answer = answer["SipMediaApplication"]
        update = (
            f"aws chime-sdk-voice update-sip-media-application --sip-media-application-id "
            f"{identity} --endpoints LambdaArn="
        )
        arn = str(found["Endpoints"][0]["LambdaArn"])
        if arn.split(":")[3] != region:
            link.wrong(
                "function-region",
                f"its function is in {arn.split(':')[3]}, and the application in {region}: they "
                "have to be in the same",
                f"{update}{':'.join([*arn.split(':')[:3], region, *arn.split(':')[4:]])}",
            )
            return {}
        link.fine(f"invokes {arn}")
        return found


def _targets(targets: Sequence[Answer], region: str) -> str:
    """Each application once, one after another, in regions that there are: `region`, where that
    leaves none."""
    there = {
        str(target["SipMediaApplicationId"]): str(target.get("AwsRegion", region))
        for target in targets
        if target.get("AwsRegion", region) in REGIONS
    } or {str(targets[0]["SipMediaApplicationId"]): region}
    said = [
        f"SipMediaApplicationId={identity},Priority={place},AwsRegion={where}"
        for place, (identity, where) in enumerate(there.items(), 1)
    ]
    return f"--target-applications {' '.join(said)}"
