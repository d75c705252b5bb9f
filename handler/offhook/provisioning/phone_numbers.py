"""`Custom::PhoneNumber`: a number that the account has, or a new one. Its id is the number.

`PhoneNumber` names one that the account has: it is looked at, and never released. `Search` asks for
a new one, by country and, where one wants, area code, toll-free prefix or kind: `US`, `US 206`,
`US 833`, `GB Local`. Whoever asks for neither gets none.
"""

import re
from typing import TYPE_CHECKING, Final

from offhook.provisioning.requests import Failed, Kind, NotYet, Request, Thing
from offhook.provisioning.service import lines, listed

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice.type_defs import SearchAvailablePhoneNumbersRequestTypeDef

DIAL_IN: Final = "SipMediaApplicationDialIn"
"""The product type that a rule needs."""
COMING: Final = ("AcquireInProgress", "PortinInProgress")
THERE: Final = ("Assigned", "Unassigned")
GOING: Final = ("ReleaseInProgress", "DeleteInProgress")
"""In the deletion queue, for seven days."""
THROUGH: Final = ("Successful", "Failed", "Partial", "Exception", "Cancelled")
"""Of orders: any other may still become a number, as one does that waits for documents."""
TOLL_FREE: Final = ("800", "833", "844", "855", "866", "877", "888")
SEARCH: Final = re.compile(r"([A-Z]{2})(?: (\d{3}|Local|TollFree))?")


def things() -> list[Thing]:
    """All numbers of the account, those that are on their way and those that go, too."""
    return [Thing(n["E164PhoneNumber"], n) for n in listed("list_phone_numbers", "PhoneNumbers")]


def ensure(request: Request, name: str) -> str:
    """Look at the number, or order one."""
    number, search, known = request.text("PhoneNumber"), request.text("Search"), things()
    if bool(number) == bool(search):
        raise Failed(
            "give PhoneNumber, one that the account has, or Search, for a new one that is ordered, "
            "as in US 206: one of the two"
        )
    if search and request.text("Search", former=True) == search:
        number = request.its_id  # somebody may have given it another name since
    # So may the one that has just been replaced, which the name of the next one tells.
    told = "".join(n.name for n in known if n.id == request.its_id and request.is_recent(n))
    number = number or next((n.id for n in known if told.endswith(f"{name[-10:]}-{n.id[1:]}")), "")
    if number:
        return usable(number)
    ours = [n for n in known if n.name.startswith(name) and n.said["Status"] != "AcquireFailed"]
    if not ours:
        was = f"-{request.name(KIND, former=True)[-10:]}-{request.its_id[1:]}"
        raise NotYet(f"{_order(search, name + was if request.its_id else name)} is ordered")
    # Two executions at one moment may have ordered one each: both keep the same.
    kept, *others = sorted(ours, key=lambda one: (one.said["Status"] in GOING, one.id))
    for other in others:
        _release(other)
    return usable(kept.id)


def remove(thing: Thing, request: Request) -> None:
    """Release it. What the account had before, and what somebody named anew, is not ours."""
    if thing.name.startswith(request.prefix) and thing.id != request.text("PhoneNumber"):
        _release(thing)


KIND: Final = Kind(("PhoneNumber", "Search"), things, ensure, remove)


def usable(said: str) -> str:
    """A number that the account has and a rule can name. Raises `NotYet` and `Failed`."""
    if (number := next((one.said for one in things() if one.id == said), None)) is None:
        raise Failed(f"{said!r} is no phone number of this account. Order it, or name another")
    status, product = number["Status"], number["ProductType"]
    if status in COMING:
        raise NotYet(f"{said} is {status}")
    if status not in THERE:
        raise Failed(
            f"{said} is {status}. Take it out of the deletion queue (RestorePhoneNumber) and name "
            "it as PhoneNumber, or ask for another"
        )
    if product != DIAL_IN:
        raise Failed(
            f"{said} is of the product type {product}, and a rule needs {DIAL_IN}: aws "
            f"chime-sdk-voice update-phone-number --phone-number-id {said} --product-type {DIAL_IN}"
        )
    return said


def _order(search: str, name: str) -> str:
    if (parts := SEARCH.fullmatch(search)) is None:
        raise Failed(
            f"Search {search!r} is none: write a country, and an area code, a toll-free prefix, "
            "Local or TollFree behind it, as in US 206"
        )
    failed: set[str] = set()
    for order in listed("list_phone_number_orders", "PhoneNumberOrders"):
        if order["Status"] not in THROUGH and order.get("OrderType") != "Porting":
            # It may be ours, of an execution that died: an order does not show its name.
            raise NotYet(f"the order {order['PhoneNumberOrderId']} is {order['Status']}")
        ordered = order.get("OrderedPhoneNumbers", [])
        failed |= {one["E164PhoneNumber"] for one in ordered if one["Status"] == "Failed"}
    asked: SearchAvailablePhoneNumbersRequestTypeDef = {"Country": parts[1], "MaxResults": 50}
    if parts[2] in TOLL_FREE:
        asked |= {"TollFreePrefix": parts[2], "PhoneNumberType": "TollFree"}
    elif parts[2] in ("Local", "TollFree"):
        asked["PhoneNumberType"] = "Local" if parts[2] == "Local" else "TollFree"
    elif parts[2]:
        asked["AreaCode"] = parts[2]
    found = lines().search_available_phone_numbers(**asked)["E164PhoneNumbers"]
    if not (free := next((number for number in found if number not in failed), "")):
        raise Failed(f"no number is to be had for Search {search!r}. Ask for another area code")
    lines().create_phone_number_order(ProductType=DIAL_IN, E164PhoneNumbers=[free], Name=name)
    return free


def _release(number: Thing) -> None:
    """Put it into the deletion queue, unless it goes already."""
    if number.said["Status"] in COMING:
        raise NotYet(f"{number.id} cannot be released before it is there")
    if number.said["Status"] not in GOING:
        lines().delete_phone_number(PhoneNumberId=number.said["PhoneNumberId"])
