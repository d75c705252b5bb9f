"""`Custom::PhoneNumber`: a number that the account has, or a new one. Its id is the number.

`PhoneNumber` names one that the account has: it is looked at, and never released. `Search` asks for
a new one, by country and, where one wants, area code, toll-free prefix or kind: `US`, `US 206`,
`US 833`, `GB Local`. Whoever asks for neither gets none. `!GetAtt` knows `E164PhoneNumber`.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from offhook.provisioning.requests import Failed, NotYet, Request, Thing
from offhook.provisioning.service import lines, numbers, orders, refused

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.type_defs import (
        PhoneNumberTypeDef,
        SearchAvailablePhoneNumbersRequestTypeDef,
    )

DIAL_IN: Final = "SipMediaApplicationDialIn"
"""The product type that a rule needs."""
THERE: Final = ("Assigned", "Unassigned")
COMING: Final = ("AcquireInProgress", "PortinInProgress")
GOING: Final = ("ReleaseInProgress", "DeleteInProgress")
"""In the deletion queue, for seven days."""

SEARCH: Final = re.compile(r"([A-Z]{2})( (8(00|33|44|55|66|77|88)|(\d{3})|Local|TollFree))?")


class PhoneNumbers:
    """The kind `Custom::PhoneNumber`."""

    identity = ("PhoneNumber", "Search")

    def things(self) -> Iterator[Thing]:
        return map(_thing, numbers())

    def ensure(self, request: Request, name: str) -> Thing:
        number, search = request.text("PhoneNumber"), request.text("Search")
        if bool(number) == bool(search):
            raise Failed(
                "give PhoneNumber, one that the account has, or Search, for a new one that is "
                "ordered, as in US 206: one of the two"
            )
        if search and request.old_resource_properties.get("Search") == search:
            number = request.physical_resource_id  # somebody may have given it another name since
        return _thing(usable(number)) if number else self._new(search, name)

    def remove(self, thing: Thing, request: Request) -> None:
        # What the account had before, and what somebody gave another name, is not ours.
        if thing.name.startswith(request.prefix) and thing.id != request.text("PhoneNumber"):
            _release(thing.id)

    def _new(self, search: str, name: str) -> Thing:
        ours = sorted(
            (number for number in numbers() if number.get("Name") == name),
            key=lambda number: number.get("E164PhoneNumber", ""),
        )
        there = [_thing(number) for number in ours if number.get("Status") in THERE]
        if there:
            # Two executions at one moment may have ordered one each: both keep the first.
            for more in there[1:]:
                _release(more.id)
            return there[0]
        for number in ours:
            said = f"{number.get('E164PhoneNumber')} is {number.get('Status')}"
            if number.get("Status") in COMING:
                raise NotYet(said)
            if number.get("Status") in GOING:
                raise Failed(
                    f"{said}: it was released by this stack. Take it out of the deletion queue "
                    "(RestorePhoneNumber) and name it as PhoneNumber, or ask for another Search"
                )
        ordered = _order(search, name)
        raise NotYet(f"{ordered} is ordered")


def usable(said: str) -> "PhoneNumberTypeDef":
    """A number that the account has and a rule can name. Raises `NotYet` and `Failed`."""
    number = next((one for one in numbers() if one.get("E164PhoneNumber") == said), None)
    if number is None:
        raise Failed(f"{said!r} is no phone number of this account. Order it, or name another")
    status, product = number.get("Status"), number.get("ProductType")
    if status in COMING:
        raise NotYet(f"{said} is {status}")
    if status not in THERE:
        raise Failed(f"{said} is {status}. Restore it (RestorePhoneNumber), or name another")
    if product != DIAL_IN:
        raise Failed(
            f"{said} is of the product type {product}, and a rule needs {DIAL_IN}: aws "
            f"chime-sdk-voice update-phone-number --phone-number-id {said} --product-type {DIAL_IN}"
        )
    return number


def _order(search: str, name: str) -> str:
    parts = SEARCH.fullmatch(search)
    if parts is None:
        raise Failed(
            f"Search {search!r} is none: write a country, and an area code, a toll-free prefix, "
            "Local or TollFree behind it, as in US 206"
        )
    failed: set[str] = set()
    for order in orders():
        if order.get("Status") == "Processing":
            # It may be ours, of an execution that died: an order does not show its name.
            raise NotYet(f"the order {order.get('PhoneNumberOrderId')} is under way")
        ordered = order.get("OrderedPhoneNumbers", [])
        failed |= {
            one.get("E164PhoneNumber", "") for one in ordered if one.get("Status") == "Failed"
        }
    asked: SearchAvailablePhoneNumbersRequestTypeDef = {"Country": parts[1], "MaxResults": 50}
    if parts[5]:
        asked["AreaCode"] = parts[5]
    elif parts[4]:
        asked |= {"TollFreePrefix": parts[3], "PhoneNumberType": "TollFree"}
    elif parts[3]:
        asked["PhoneNumberType"] = "Local" if parts[3] == "Local" else "TollFree"
    found = lines().search_available_phone_numbers(**asked)["E164PhoneNumbers"]
    free = next((number for number in found if number not in failed), "")
    if not free:
        raise Failed(f"no number is to be had for Search {search!r}. Ask for another area code")
    lines().create_phone_number_order(ProductType=DIAL_IN, E164PhoneNumbers=[free], Name=name)
    return free


def _thing(number: "PhoneNumberTypeDef") -> Thing:
    said = number.get("E164PhoneNumber", "")
    name, created = number.get("Name", ""), number.get("CreatedTimestamp")
    return Thing(said, name, created, {"E164PhoneNumber": said})


def _release(said: str) -> None:
    """Put it into the deletion queue, unless it goes already."""
    for number in [one for one in numbers() if one.get("E164PhoneNumber") == said]:
        if number.get("Status") in COMING:
            raise NotYet(f"{said} cannot be released before it is there")
        if number.get("Status") in THERE:
            with refused(f"{said} cannot be released"):
                lines().delete_phone_number(PhoneNumberId=number.get("PhoneNumberId", said))
