"""Searching and ordering phone numbers."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.server.api.pages import page
from offhook.emulator.service.phone_numbers import (
    COUNTRIES,
    ORDER_TAKES,
    available,
    check_abroad,
    country_of,
    kind_of,
    number_id,
    show_order,
)
from offhook.emulator.service.records import PhoneNumber, PhoneNumberOrder
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request, not_found

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t

MOST_ORDERED = 50
"""Numbers of one order. Not documented."""


def search_available_phone_numbers(
    service: Service, request: "t.SearchAvailablePhoneNumbersRequestTypeDef"
) -> Body:
    """Numbers that nobody has: 555-0100 to 555-0199 of some area codes of the US."""
    area_code = request.get("AreaCode")
    if area_code is not None and not re.fullmatch(r"[2-9]\d\d", area_code, re.ASCII):
        raise bad_request(f"AreaCode {area_code!r} has not the form of one, as in 206")
    if "City" in request and "State" not in request and request.get("Country", "US") == "US":
        raise bad_request("City needs State beside it")
    found = available(
        area_code=area_code,
        city=request.get("City"),
        state=request.get("State"),
        toll_free=request.get("TollFreePrefix"),
        kind=request.get("PhoneNumberType", "Local"),
    )
    owned = service.account.holdings.numbers
    shown, token = page(
        (n for n in found if request.get("Country", "US") == "US" and n not in owned),
        str,
        request.get("NextToken"),
        request.get("MaxResults"),
    )
    return {"E164PhoneNumbers": shown, **({"NextToken": token} if token else {})}


def create_phone_number_order(
    service: Service, request: "t.CreatePhoneNumberOrderRequestTypeDef"
) -> Body:
    """Order numbers: they are ours when the order is through. Any number can be had but those
    that the account has already."""
    account, holdings = service.account, service.account.holdings
    asked = dict.fromkeys(n if n[0] == "+" else f"+{n}" for n in request["E164PhoneNumbers"])
    if not 1 <= len(asked) <= MOST_ORDERED:
        raise bad_request(f"E164PhoneNumbers: order 1 to {MOST_ORDERED} numbers")
    product = request["ProductType"]
    for number in asked:
        check_abroad(number, product)
    taken = {number.e164_phone_number for number in account.all_numbers()}
    refused = [number for number in asked if number in taken]
    ordered = [number for number in asked if number not in refused]
    allowed = service.gate.quotas.phone_numbers
    had = [number for number in holdings.numbers.values() if number.order_id is not None]
    if ordered:
        service.gate.count(
            *("ordered phone numbers", lambda: len(had), allowed, len(ordered)),
            lambda: _in_the_queue(had),
        )
    its_id, now = service.new_id(), account.now()
    for number in ordered:
        holdings.numbers[number] = PhoneNumber(
            e164_phone_number=number,
            product_type=product,
            type=kind_of(number),
            country=country_of(number),
            acquired_timestamp=now + ORDER_TAKES,
            order_id=its_id,
            name=request.get("Name"),
            created_timestamp=now,
            updated_timestamp=now,
        )
    order = PhoneNumberOrder(
        phone_number_order_id=its_id,
        product_type=product,
        ordered=ordered,
        refused=refused,
        created_timestamp=now,
        updated_timestamp=now,
    )
    holdings.orders[its_id] = order
    account.changed()
    return {"PhoneNumberOrder": show_order(account, order)}


def _in_the_queue(numbers: Sequence[PhoneNumber]) -> str:
    queued = [number_id(number) for number in numbers if number.deletion_timestamp is not None]
    return (
        f"they count in the deletion queue too, for 7 days: {', '.join(queued)}" if queued else ""
    )


def get_phone_number_order(
    service: Service, request: "t.GetPhoneNumberOrderRequestTypeDef"
) -> Body:
    """How far an order is."""
    order = service.account.holdings.orders.get(request["PhoneNumberOrderId"])
    if order is None:
        raise not_found(f"There is no phone number order {request['PhoneNumberOrderId']!r}")
    return {"PhoneNumberOrder": show_order(service.account, order)}


def list_phone_number_orders(
    service: Service, request: "t.ListPhoneNumberOrdersRequestTypeDef"
) -> Body:
    """All orders, oldest first."""
    shown, token = page(
        service.account.holdings.orders.values(),
        lambda order: f"{order.created_timestamp.isoformat()} {order.phone_number_order_id}",
        request.get("NextToken"),
        request.get("MaxResults"),
    )
    orders = [show_order(service.account, order) for order in shown]
    return {"PhoneNumberOrders": orders, **({"NextToken": token} if token else {})}


def list_supported_phone_number_countries(
    _exchange: Service, request: "t.ListSupportedPhoneNumberCountriesRequestTypeDef"
) -> Body:
    """A selection of the countries; numbers of a Voice Connector are of the US."""
    countries = ["US"] if request["ProductType"] == "VoiceConnector" else list(COUNTRIES)
    return {
        "PhoneNumberCountries": [
            {"CountryCode": country, "SupportedPhoneNumberTypes": ["Local", "TollFree"]}
            for country in countries
        ]
    }
