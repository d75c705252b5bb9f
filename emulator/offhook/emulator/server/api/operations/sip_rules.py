"""SIP rules: which applications answer a number, or the host of a Voice Connector."""

import re
from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.records import HOST, SipRule, Target
from offhook.emulator.service.regions import check_region
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from types_boto3_chime_sdk_voice import type_defs as t


def create_sip_rule(service: Service, request: "t.CreateSipRuleRequestTypeDef") -> Body:
    """Send calls to a number, or to a Voice Connector's host, to applications, by priority. A
    trigger has one enabled rule at most."""
    account = service.account
    disabled = request.get("Disabled", False)
    targets = _targets(service, request.get("TargetApplications", ()))
    trigger = _trigger(service, request["TriggerType"], request["TriggerValue"])
    _check_free(service, request["Name"], request["TriggerType"], trigger, disabled=disabled)
    its_id, now = service.new_id(), account.now()
    rule = SipRule(
        sip_rule_id=its_id,
        name=request["Name"],
        disabled=disabled,
        trigger_type=request["TriggerType"],
        trigger_value=trigger,
        target_applications=targets,
        created_timestamp=now,
        updated_timestamp=now,
    )
    account.holdings.rules[its_id] = rule
    account.changed()
    return {"SipRule": rule.to_wire()}


def get_sip_rule(service: Service, request: "t.GetSipRuleRequestTypeDef") -> Body:
    """Show one rule, by id."""
    return {"SipRule": service.account.rule(request["SipRuleId"]).to_wire()}


def list_sip_rules(service: Service, request: "t.ListSipRulesRequestTypeDef") -> Body:
    """All rules, or those of one application, oldest first."""
    wanted = request.get("SipMediaApplicationId")
    if wanted is not None:
        service.account.application(wanted)
    shown, token = page(
        (
            rule
            for rule in service.account.holdings.rules.values()
            if wanted in (None, *(one.SipMediaApplicationId for one in rule.target_applications))
        ),
        lambda rule: f"{rule.created_timestamp.isoformat()} {rule.sip_rule_id}",
        request.get("NextToken"),
        request.get("MaxResults"),
    )
    return {"SipRules": [r.to_wire() for r in shown], **({"NextToken": token} if token else {})}


def update_sip_rule(service: Service, request: "t.UpdateSipRuleRequestTypeDef") -> Body:
    """Another name, other targets; enabled or not."""
    rule = service.account.rule(request["SipRuleId"])
    targets = rule.target_applications
    if "TargetApplications" in request:
        targets = _targets(service, request["TargetApplications"])
    disabled = request.get("Disabled", rule.disabled)
    _check_free(
        service, request["Name"], rule.trigger_type, rule.trigger_value, rule, disabled=disabled
    )
    rule.name, rule.disabled, rule.target_applications = request["Name"], disabled, targets
    rule.updated_timestamp = service.account.now()
    service.account.changed()
    return {"SipRule": rule.to_wire()}


def delete_sip_rule(service: Service, request: "t.DeleteSipRuleRequestTypeDef") -> Body:
    """Delete a rule that is disabled."""
    rule = service.account.rule(request["SipRuleId"])
    if not rule.disabled:
        raise conflict(
            f"SIP rule {rule.sip_rule_id} is enabled: disable it first (UpdateSipRule with "
            "Disabled true)"
        )
    del service.account.holdings.rules[rule.sip_rule_id]
    service.account.changed()
    return None


def _targets(
    service: Service, asked: "Sequence[t.SipRuleTargetApplicationTypeDef]"
) -> list[Target]:
    targets: list[Target] = []
    for one in asked:
        its_id = one.get("SipMediaApplicationId", "")
        application = service.account.application(its_id, bad_request)
        region = one.get("AwsRegion", application.aws_region)
        check_region(region)
        if region != application.aws_region:
            raise bad_request(f"TargetApplications: {its_id} is in {application.aws_region}")
        targets.append(
            Target(SipMediaApplicationId=its_id, Priority=one.get("Priority", 1), AwsRegion=region)
        )
    for what, found in (
        ("SipMediaApplicationId", [target.SipMediaApplicationId for target in targets]),
        ("Priority", [target.Priority for target in targets]),
    ):
        if len(set(found)) < len(found):
            raise bad_request(f"TargetApplications: every {what} may be there once: {found}")
    return targets


def _trigger(service: Service, kind: str, value: str) -> str:
    if kind == "RequestUriHostname":
        if not re.fullmatch(HOST, value):
            raise bad_request(
                f"TriggerValue {value!r} is no outbound host name of a Voice Connector: it looks "
                "like abcdef1abcdef2abcdef3a.voiceconnector.chime.aws"
            )
        made = service.voice_connectors.hosts
        if made and value not in made:
            raise bad_request(
                f"TriggerValue {value!r} is the host of no Voice Connector that there is: "
                f"there are {', '.join(made)}"
            )
        return value
    number = value if value.startswith("+") else f"+{value}"
    owned = service.account.holdings.numbers.get(number)
    if owned is None or number not in service.account.numbers:
        raise bad_request(f"TriggerValue {value!r} is not a phone number of this account")
    if owned.product_type != "SipMediaApplicationDialIn":
        raise bad_request(
            f"{number} is of the product type {owned.product_type}: a rule needs "
            "SipMediaApplicationDialIn (UpdatePhoneNumber changes it)"
        )
    return number


def _check_free(
    service: Service,
    name: str,
    kind: str,
    value: str,
    except_for: SipRule | None = None,
    *,
    disabled: bool,
) -> None:
    for other in service.account.holdings.rules.values():
        if other is except_for:
            continue
        if other.name == name:
            raise conflict(f"There is a SIP rule named {name!r} already: {other.sip_rule_id}")
        if (
            not disabled
            and not other.disabled
            and (other.trigger_type, other.trigger_value)
            == (
                kind,
                value,
            )
        ):
            raise conflict(
                f"The SIP rule {other.sip_rule_id} has the trigger {value} already: disable it, "
                "or update its targets"
            )
