"""What has a phone number: rules, and the Voice Connector, or the group of them, that it is of."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from offhook.emulator.service.records import Association, PhoneNumber
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import (
    ServiceError,
    bad_request,
    conflict,
    not_found,
)

MOST = 50
"""Numbers of one request."""
Body: TypeAlias = dict[str, object]


def associate(
    service: Service,
    name: Literal["VoiceConnectorId", "VoiceConnectorGroupId"],
    its_id: str,
    numbers: Sequence[str],
    *,
    force: bool,
) -> Body:
    """Give numbers to a Voice Connector, or to a group; `force` takes them from another."""
    now = service.account.now()

    def give(_index: int, number_id: str) -> None:
        number = service.account.number(number_id)
        if number.product_type != "VoiceConnector":
            raise bad_request(
                f"{number.e164_phone_number} is of the product type {number.product_type}: it "
                "needs VoiceConnector (UpdatePhoneNumber changes it)"
            )
        before = number.association
        if before is not None and before.Value != its_id and not force:
            raise conflict(
                f"{number.e164_phone_number} is of {before.Value}: ForceAssociate takes it from it"
            )
        number.association = Association(Name=name, Value=its_id, AssociatedTimestamp=now)

    return several(service, numbers, give)


def disassociate(service: Service, its_id: str, numbers: Sequence[str]) -> Body:
    """Take numbers from a Voice Connector, or from a group."""

    def take(_index: int, number_id: str) -> None:
        number = service.account.number(number_id)
        if number.association is None or number.association.Value != its_id:
            raise not_found(f"{number.e164_phone_number} is not of {its_id}")
        number.association = None

    return several(service, numbers, take)


def used_by(service: Service, number: PhoneNumber) -> str:
    """What needs the number, and what to do with it; empty where nothing does."""
    if rules := service.account.rules_for(number.e164_phone_number):
        return f"is the trigger of the SIP rule {rules[0].sip_rule_id}: delete the rule"
    if number.association is not None:
        return f"is of the Voice Connector, or group, {number.association.Value}: disassociate it"
    return ""


def several(service: Service, ids: Sequence[str], do: Callable[[int, str], None]) -> Body:
    """Do something with each of some numbers; what cannot be done is listed."""
    if len(ids) > MOST:
        raise bad_request(f"{MOST} phone numbers at a time are allowed: these are {len(ids)}")
    errors: list[dict[str, str]] = []
    for index, its_id in enumerate(ids):
        try:
            do(index, its_id)
        except ServiceError as error:
            code = error.name.removesuffix("Exception")
            shown = its_id if its_id.strip() else "%20"
            errors.append(
                {"PhoneNumberId": shown, "ErrorCode": code, "ErrorMessage": error.message}
            )
    service.account.changed()
    return {"PhoneNumberErrors": errors}
