"""The account's phone numbers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.account import QUEUE
from offhook.emulator.service.phone_numbers import number_id, show, status
from offhook.emulator.service.records import PhoneNumber
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import ServiceError, bad_request, conflict

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t


def get_phone_number(service: Service, request: "t.GetPhoneNumberRequestTypeDef") -> Body:
    """One number, by its id: the number in E.164."""
    number = service.account.number(request["PhoneNumberId"])
    return {"PhoneNumber": show(service.account, number)}


def list_phone_numbers(service: Service, request: "t.ListPhoneNumbersRequestTypeDef") -> Body:
    """The numbers, those in the deletion queue too, filtered."""
    account = service.account
    if ("FilterName" in request) != ("FilterValue" in request):
        raise bad_request("FilterName and FilterValue go together")

    def is_wanted(number: PhoneNumber) -> bool:
        rules = [rule.sip_rule_id for rule in account.rules_for(number.e164_phone_number)]
        return (
            request.get("Status") in (None, status(account, number))
            and request.get("ProductType") in (None, number.product_type)
            and (
                "FilterName" not in request
                or (request["FilterName"] == "SipRuleId" and request.get("FilterValue") in rules)
            )
        )

    shown, token = page(
        filter(is_wanted, account.all_numbers()),
        lambda number: number.e164_phone_number,
        request.get("NextToken"),
        request.get("MaxResults"),
    )
    wires = [show(account, number) for number in shown]
    return {"PhoneNumbers": wires, **({"NextToken": token} if token else {})}


def update_phone_number(service: Service, request: "t.UpdatePhoneNumberRequestTypeDef") -> Body:
    """Another product type, calling name or name."""
    number = service.account.number(request["PhoneNumberId"])
    _update(service, number, request)
    service.account.changed()
    return {"PhoneNumber": show(service.account, number)}


def delete_phone_number(service: Service, request: "t.DeletePhoneNumberRequestTypeDef") -> Body:
    """Put a number that no rule has into the deletion queue, for seven days."""
    _delete(service, request["PhoneNumberId"])
    service.account.changed()
    return None


def restore_phone_number(service: Service, request: "t.RestorePhoneNumberRequestTypeDef") -> Body:
    """Take a number out of the deletion queue."""
    number = service.account.number(request["PhoneNumberId"])
    if number.deletion_timestamp is None:
        raise bad_request(f"{number.e164_phone_number} is not in the deletion queue")
    number.deletion_timestamp = None
    number.updated_timestamp = service.account.now()
    service.account.changed()
    return {"PhoneNumber": show(service.account, number)}


def batch_delete_phone_number(
    service: Service, request: "t.BatchDeletePhoneNumberRequestTypeDef"
) -> Body:
    """Delete several; what cannot be deleted is listed."""
    return _each(
        service, request["PhoneNumberIds"], lambda _index, its_id: _delete(service, its_id)
    )


def batch_update_phone_number(
    service: Service, request: "t.BatchUpdatePhoneNumberRequestTypeDef"
) -> Body:
    """Update several; what cannot be updated is listed."""
    items = request["UpdatePhoneNumberRequestItems"]

    def update(index: int, its_id: str) -> None:
        _update(service, service.account.number(its_id), items[index])

    return _each(service, [item["PhoneNumberId"] for item in items], update)


def _each(service: Service, ids: Sequence[str], do: Callable[[int, str], None]) -> Body:
    if len(ids) > 50:
        raise bad_request(f"50 phone numbers at a time are allowed: these are {len(ids)}")
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


def _update(
    service: Service, number: PhoneNumber, asked: "t.UpdatePhoneNumberRequestItemTypeDef"
) -> None:
    product = asked.get("ProductType", number.product_type)
    rules = service.account.rules_for(number.e164_phone_number)
    if product != number.product_type and rules:
        raise conflict(
            f"{number.e164_phone_number} is the trigger of the SIP rule {rules[0].sip_rule_id}: "
            "delete the rule before its product type changes"
        )
    number.product_type = product
    number.calling_name = asked.get("CallingName", number.calling_name)
    number.name = asked.get("Name", number.name)
    number.updated_timestamp = service.account.now()


def _delete(service: Service, its_id: str) -> None:
    number = service.account.number(its_id)
    rules = service.account.rules_for(number.e164_phone_number)
    if rules:
        raise bad_request(
            f"{number_id(number)} is the trigger of the SIP rule {rules[0].sip_rule_id}: delete "
            "the rule first"
        )
    if number.deletion_timestamp is not None:
        raise bad_request(f"{number.e164_phone_number} is in the deletion queue already")
    number.deletion_timestamp = service.account.now() + QUEUE
