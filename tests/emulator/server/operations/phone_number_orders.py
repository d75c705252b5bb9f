"""Success stories of searching and ordering phone numbers."""

from datetime import UTC, datetime

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from offhook.emulator.service.records import PhoneNumberOrder
from tests.emulator.server.conftest import OURS

WANTED = "+12065550123"


def ordered(server: Server) -> str:
    """The id of an order that is through."""
    long_ago = datetime(2020, 3, 1, tzinfo=UTC)
    order = PhoneNumberOrder(
        phone_number_order_id="f1a1d1c4-6c3e-4f63-9c0b-3a2f0c1e7d5a",
        product_type="SipMediaApplicationDialIn",
        ordered=[WANTED],
        refused=[OURS],
        created_timestamp=long_ago,
        updated_timestamp=long_ago,
    )
    server.service.account.holdings.orders[order.phone_number_order_id] = order
    return order.phone_number_order_id


def search_available_phone_numbers(server: Server, voice: ChimeSDKVoiceClient) -> None:
    found = voice.search_available_phone_numbers(AreaCode="206", MaxResults=3)["E164PhoneNumbers"]
    assert len(found) == 3
    assert all(number.startswith("+1206555") for number in found)


def create_phone_number_order(server: Server, voice: ChimeSDKVoiceClient) -> None:
    order = voice.create_phone_number_order(
        ProductType="SipMediaApplicationDialIn", E164PhoneNumbers=[WANTED]
    )["PhoneNumberOrder"]
    assert order.get("Status") == "Processing"
    assert WANTED in server.service.account.holdings.numbers


def get_phone_number_order(server: Server, voice: ChimeSDKVoiceClient) -> None:
    order = voice.get_phone_number_order(PhoneNumberOrderId=ordered(server))["PhoneNumberOrder"]
    assert order.get("Status") == "Partial"
    assert order.get("OrderedPhoneNumbers") == [
        {"E164PhoneNumber": WANTED, "Status": "Acquired"},
        {"E164PhoneNumber": OURS, "Status": "Failed"},
    ]


def list_phone_number_orders(server: Server, voice: ChimeSDKVoiceClient) -> None:
    its_id = ordered(server)
    (order,) = voice.list_phone_number_orders()["PhoneNumberOrders"]
    assert order.get("PhoneNumberOrderId") == its_id


def list_supported_phone_number_countries(server: Server, voice: ChimeSDKVoiceClient) -> None:
    countries = voice.list_supported_phone_number_countries(
        ProductType="SipMediaApplicationDialIn"
    )["PhoneNumberCountries"]
    assert {"US", "DE"} <= {country.get("CountryCode") for country in countries}
