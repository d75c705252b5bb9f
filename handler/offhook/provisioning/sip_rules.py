"""`Custom::SipRule`: which application answers a number. Its id is the rule's.

`TriggerValue` is the number, `SipMediaApplicationId` the application, of the stack's region, and
`SipMessageLogs: on` makes it log SIP messages, which have the numbers of callers. The service
cannot change a trigger: for another number another rule is made, and the former deleted at the end.
"""

from typing import TYPE_CHECKING, Final

from offhook.provisioning.phone_numbers import usable
from offhook.provisioning.requests import Failed, Kind, Request, Thing
from offhook.provisioning.service import client, lines, listed, stack_region

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.type_defs import SipRuleTargetApplicationTypeDef


def things() -> list[Thing]:
    """All SIP rules of the account."""
    return [Thing(rule["SipRuleId"], rule) for rule in listed("list_sip_rules", "SipRules")]


def ensure(request: Request, name: str) -> str:
    """Send calls to the number to the application."""
    number, application = request.text("TriggerValue"), request.text("SipMediaApplicationId")
    if not application:
        raise Failed("SipMediaApplicationId is missing: name the application that answers")
    usable(number)
    _log_messages(request, application)
    targets: list[SipRuleTargetApplicationTypeDef] = [
        {"SipMediaApplicationId": application, "Priority": 1, "AwsRegion": stack_region()}
    ]
    rule = next((one for one in things() if one.said["TriggerValue"] == number), None)
    if rule is None:
        made = lines().create_sip_rule(
            Name=name,
            TriggerType="ToPhoneNumber",
            TriggerValue=number,
            Disabled=False,
            TargetApplications=targets,
        )
        return made["SipRule"].get("SipRuleId", "")
    # By its id as well: somebody may have given it another name since.
    if rule.name != name and rule.id != request.its_id:
        raise Failed(
            f"the rule {rule.id} ({rule.name}) has {number} already. Delete it (after it is "
            "disabled: UpdateSipRule), or give this stack another number"
        )
    if rule.said["Disabled"] or rule.said["TargetApplications"] != targets:
        lines().update_sip_rule(
            SipRuleId=rule.id, Name=name, Disabled=False, TargetApplications=targets
        )
    return rule.id


def remove(rule: Thing, _: Request) -> None:
    """Disable it, then delete it."""
    lines().update_sip_rule(SipRuleId=rule.id, Name=rule.name, Disabled=True)
    lines().delete_sip_rule(SipRuleId=rule.id)


KIND: Final = Kind(("TriggerValue",), things, ensure, remove)


def _log_messages(request: Request, application: str) -> None:
    said = (request.text("SipMessageLogs", former=former) for former in (False, True))
    is_on, was_on = (one in ("on", "true") for one in said)  # YAML's on, without quotes, is true
    if is_on or was_on:  # else as somebody has set it
        client(stack_region()).put_sip_media_application_logging_configuration(
            SipMediaApplicationId=application,
            SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": is_on},
        )
