"""`Custom::SipRule`: which application answers a number. Its id is the rule's.

`TriggerValue` is the number, `SipMediaApplicationId` the application, of the stack's region, and
`SipMessageLogs: on` makes it log SIP messages, which have the numbers of callers. The service
cannot change a trigger: for another number another rule is made, and CloudFormation deletes the one
before when all else is done.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from offhook.provisioning.phone_numbers import usable
from offhook.provisioning.requests import Failed, NotYet, Request, Thing
from offhook.provisioning.service import (
    applications,
    code,
    failed,
    lines,
    refused,
    rules,
    stack_region,
)

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.type_defs import (
        SipRuleTargetApplicationTypeDef,
        SipRuleTypeDef,
    )

SETTLES_SECONDS = 300
"""How long the service may refuse a rule for a number that has just come."""


class SipRules:
    """The kind `Custom::SipRule`."""

    identity = ("TriggerValue",)

    def things(self) -> Iterator[Thing]:
        return map(_thing, rules())

    def ensure(self, request: Request, name: str) -> Thing:
        number, application = request.text("TriggerValue"), request.text("SipMediaApplicationId")
        if not application:
            raise Failed("SipMediaApplicationId is missing: name the application that answers")
        usable(number)
        is_logged = request.text("SipMessageLogs") == "on"
        if is_logged or request.old_resource_properties.get("SipMessageLogs") == "on":
            applications().put_sip_media_application_logging_configuration(
                SipMediaApplicationId=application,
                SipMediaApplicationLoggingConfiguration={
                    "EnableSipMediaApplicationMessageLogs": is_logged
                },
            )
        rule = _find(request, name)
        targets: list[SipRuleTargetApplicationTypeDef] = [
            {"SipMediaApplicationId": application, "Priority": 1, "AwsRegion": stack_region()}
        ]
        if rule is None:
            return _create(request, name, number, targets)
        if rule.get("Disabled") or rule.get("TargetApplications") != targets:
            lines().update_sip_rule(
                SipRuleId=rule.get("SipRuleId", ""),
                Name=name,
                Disabled=False,
                TargetApplications=targets,
            )
        return _thing(rule)

    def remove(self, thing: Thing, request: Request) -> None:  # noqa: ARG002 - of the kind
        with refused(f"the rule {thing.id} cannot be deleted"):
            lines().update_sip_rule(SipRuleId=thing.id, Name=thing.name, Disabled=True)
            lines().delete_sip_rule(SipRuleId=thing.id)


def _find(request: Request, name: str) -> "SipRuleTypeDef | None":
    """That of the number; by its id as well: somebody may have given it another name since."""
    its_id, number = request.physical_resource_id, request.text("TriggerValue")
    return next(
        (
            one
            for one in rules()
            if one.get("TriggerValue") == number
            and (one.get("Name") == name or one.get("SipRuleId") == its_id)
        ),
        None,
    )


def _create(
    request: Request,
    name: str,
    number: str,
    targets: "list[SipRuleTargetApplicationTypeDef]",
) -> Thing:
    from botocore.exceptions import ClientError

    try:
        made = lines().create_sip_rule(
            Name=name,
            TriggerType="ToPhoneNumber",
            TriggerValue=number,
            Disabled=False,
            TargetApplications=targets,
        )
    except ClientError as error:
        if code(error) == "BadRequest" and request.waited < SETTLES_SECONDS:
            raise NotYet(str(failed(error))) from None
        # Another execution may have made it at the same moment.
        rule = _find(request, name) if code(error) == "Conflict" else None
        if rule is None:
            raise
        return _thing(rule)
    return _thing(made["SipRule"])


def _thing(rule: "SipRuleTypeDef") -> Thing:
    return Thing(rule.get("SipRuleId", ""), rule.get("Name", ""), rule.get("CreatedTimestamp"))
