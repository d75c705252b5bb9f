"""The account's phone numbers."""

from typing import TYPE_CHECKING, Final

from offhook.emulator.server.api.assigning import several, used_by
from offhook.emulator.server.api.operations import Body
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.account import QUEUE
from offhook.emulator.service.phone_numbers import (
    check_abroad,
    is_pending,
    number_id,
    show,
    status,
)
from offhook.emulator.service.records import PhoneNumber
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, conflict

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t

DETAILS: Final = ("ProductType", "CallingName", "Name")
"""Of a number, one of which is updated at a time."""


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
        names = {
            ("SipRuleId", rule.sip_rule_id) for rule in account.rules_for(number.e164_phone_number)
        }
        if number.association is not None:
            names.add((number.association.Name, number.association.Value))
        return (
            request.get("Status") in (None, status(account, number))
            and request.get("ProductType") in (None, number.product_type)
            and (
                "FilterName" not in request
                or (request["FilterName"], request.get("FilterValue")) in names
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
    """Another product type, calling name or name: one of them at a time. A calling name is pending
    for 72 hours, and cannot be changed meanwhile."""
    number = service.account.number(request["PhoneNumberId"])
    _update(service, number, request)
    service.account.changed()
    return {"PhoneNumber": show(service.account, number)}


def delete_phone_number(service: Service, request: "t.DeletePhoneNumberRequestTypeDef") -> Body:
    """Put a number that no rule and no Voice Connector has into the deletion queue, for seven
    days."""
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
    return several(
        service, request["PhoneNumberIds"], lambda _index, its_id: _delete(service, its_id)
    )


def batch_update_phone_number(
    service: Service, request: "t.BatchUpdatePhoneNumberRequestTypeDef"
) -> Body:
    """Update several, one detail of each; what cannot be updated is listed."""
    items = request["UpdatePhoneNumberRequestItems"]
    ids = [item["PhoneNumberId"].replace("%2B", "+") for item in items]
    if twice := sorted({its_id for its_id in ids if ids.count(its_id) > 1}):
        raise bad_request(f"UpdatePhoneNumberRequestItems: twice there: {', '.join(twice)}")

    def update(index: int, its_id: str) -> None:
        _update(service, service.account.number(its_id), items[index])

    return several(service, [item["PhoneNumberId"] for item in items], update)


def _update(
    service: Service, number: PhoneNumber, asked: "t.UpdatePhoneNumberRequestItemTypeDef"
) -> None:
    e164, details = number.e164_phone_number, [each for each in DETAILS if each in asked]
    if len(details) > 1:
        raise bad_request(
            f"{e164}: one detail can be updated at a time, and these are {', '.join(details)}: "
            "send a request for each"
        )
    product = asked.get("ProductType", number.product_type)
    if product != number.product_type:
        if used := used_by(service, number):
            raise conflict(f"{e164} {used} before its product type changes")
        check_abroad(e164, product)
    number.product_type = product
    if "CallingName" in asked:
        if is_pending(service.account, number):
            raise conflict(
                f"The calling name of {e164} is pending, which can take 72 hours from "
                f"{number.calling_name_timestamp}: it must be through before the next update"
            )
        number.calling_name = asked["CallingName"]
        number.calling_name_timestamp = service.account.now()
    number.name = asked.get("Name", number.name)
    number.updated_timestamp = service.account.now()


def _delete(service: Service, its_id: str) -> None:
    number = service.account.number(its_id)
    if used := used_by(service, number):
        raise bad_request(f"{number_id(number)} {used} first")
    if number.deletion_timestamp is not None:
        raise bad_request(f"{number.e164_phone_number} is in the deletion queue already")
    number.deletion_timestamp = service.account.now() + QUEUE
