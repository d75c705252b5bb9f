"""Phone numbers: how the API shows them, and which there are to be ordered."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

from offhook.emulator.service.account import Account
from offhook.emulator.service.records import PhoneNumber, PhoneNumberOrder, stamp
from offhook.emulator.service.service_error import bad_request

ORDER_TAKES = timedelta(seconds=1)
"""How long an order is under way. In the cloud, seconds to minutes."""

CALLING_NAME_TAKES = timedelta(hours=72)
"""How long a calling name is pending: as long as the model says that it can be."""
SETTINGS_REST = timedelta(days=7)
"""How long the default calling name cannot be changed again."""

TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
AREA_CODES: Mapping[str, tuple[str, ...]] = {
    "WA": ("206", "253", "425"),
    "NY": ("212", "646", "917"),
    "CA": ("310", "415", "619"),
    "TX": ("214", "512", "713"),
    "IL": ("312", "773"),
}
"""Where numbers can be searched for, by state."""
CITIES: Mapping[str, str] = {
    "Seattle": "206",
    "New York": "212",
    "San Francisco": "415",
    "Austin": "512",
    "Chicago": "312",
}
COUNTRIES: Mapping[str, str] = {
    "US": "1",
    "CA": "1",
    "GB": "44",
    "AU": "61",
    "DE": "49",
    "JP": "81",
}
"""With their calling codes: a selection. Numbers can be searched for in the US only."""


def show(account: Account, number: PhoneNumber) -> dict[str, object]:
    """A number as the API shows it."""
    wire: dict[str, object] = number.model_dump(
        mode="json",
        exclude_none=True,
        exclude={"acquired_timestamp", "association", "calling_name_timestamp"},
    )
    associations: list[dict[str, object]] = [
        {
            "Name": "SipRuleId",
            "Value": rule.sip_rule_id,
            "AssociatedTimestamp": stamp(rule.created_timestamp),
        }
        for rule in account.rules_for(number.e164_phone_number)
    ]
    if number.association is not None:
        associations.append(number.association.model_dump(mode="json"))
    if associations:
        wire["Associations"] = associations
    return wire | {
        "PhoneNumberId": number_id(number),
        "PhoneNumberArn": number_arn(account, number),
        "Status": status(account, number),
        "CallingNameStatus": _calling_name_status(account, number),
        "Capabilities": {
            "InboundCall": True,
            "OutboundCall": True,
            "InboundSMS": False,
            "OutboundSMS": False,
            "InboundMMS": False,
            "OutboundMMS": False,
        },
    }


def number_id(number: PhoneNumber) -> str:
    """The id of a number: the `+` is written as in the path of a request."""
    return number.e164_phone_number.replace("+", "%2B")


def number_arn(account: Account, number: PhoneNumber) -> str:
    """The ARN of a number."""
    return account.arn(f"phone-number/{number.e164_phone_number.lstrip('+')}")


def status(account: Account, number: PhoneNumber) -> str:
    """Where a number is in its life."""
    if number.deletion_timestamp is not None:
        return "ReleaseInProgress"
    if not account.is_ours(number):
        return "AcquireInProgress"
    is_assigned = number.association is not None or account.rules_for(number.e164_phone_number)
    return "Assigned" if is_assigned else "Unassigned"


def is_pending(account: Account, number: PhoneNumber) -> bool:
    """Whether its calling name is on its way."""
    asked = number.calling_name_timestamp
    return asked is not None and account.now() < asked + CALLING_NAME_TAKES


def _calling_name_status(account: Account, number: PhoneNumber) -> str:
    if is_pending(account, number):
        return "UpdateInProgress"
    return "UpdateSucceeded" if number.calling_name else "Unassigned"


def show_order(account: Account, order: PhoneNumberOrder) -> dict[str, object]:
    """An order as the API shows it: how far it is follows from the time."""
    is_done = order.created_timestamp + ORDER_TAKES <= account.now()
    said: dict[str, object] = order.model_dump(mode="json", exclude={"ordered", "refused"})
    each = [(number, "Acquired" if is_done else "Processing") for number in order.ordered]
    each += [(number, "Failed" if is_done else "Processing") for number in order.refused]
    return said | {
        "OrderType": "New",
        "Status": _order_status(order) if is_done else "Processing",
        "OrderedPhoneNumbers": [
            {"E164PhoneNumber": number, "Status": status} for number, status in each
        ],
    }


def _order_status(order: PhoneNumberOrder) -> str:
    if not order.refused:
        return "Successful"
    return "Partial" if order.ordered else "Failed"


def check_abroad(number: str, product_type: str) -> None:
    """Raises BadRequestException for a product type that is for numbers of the US."""
    if not number.startswith("+1") and product_type != "SipMediaApplicationDialIn":
        raise bad_request(
            f"{number} is not of the US: it needs the product type SipMediaApplicationDialIn"
        )


def kind_of(number: str) -> Literal["Local", "TollFree"]:
    """Whether a number is toll-free, or local."""
    return "TollFree" if number.startswith("+1") and number[2:5] in TOLL_FREE else "Local"


def country_of(number: str) -> str:
    """The country of a number, as far as this desk knows countries."""
    for country, code in COUNTRIES.items():
        if number.startswith(f"+{code}"):
            return country
    return "US"


def available(
    *, area_code: str | None, city: str | None, state: str | None, toll_free: str | None, kind: str
) -> Iterator[str]:
    """Numbers that can be ordered: 555-0100 to 555-0199, which nobody really has."""
    if kind == "TollFree" or toll_free:
        codes: tuple[str, ...] = (toll_free,) if toll_free else TOLL_FREE
    elif area_code:
        codes = (area_code,)
    elif city:
        codes = (CITIES[city],) if city in CITIES else ()
    elif state:
        codes = AREA_CODES.get(state, ())
    else:
        codes = tuple(code for row in AREA_CODES.values() for code in row)
    for code in codes:
        yield from (f"+1{code}5550{line}" for line in range(100, 200))
