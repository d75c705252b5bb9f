"""Success stories of the operations on the account's phone numbers."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from offhook.emulator.service.records import Association, PhoneNumber
from tests.emulator.server.conftest import OURS

OFFICE = "+15550100190"


def ours(server: Server) -> PhoneNumber:
    """The one that there is."""
    return server.service.account.number(OURS)


def office(server: Server) -> PhoneNumber:
    """Another, that a Voice Connector can have."""
    now = datetime.now(UTC)
    record = PhoneNumber(
        e164_phone_number=OFFICE,
        product_type="VoiceConnector",
        created_timestamp=now,
        updated_timestamp=now,
    )
    server.service.account.holdings.numbers[OFFICE] = record
    return record


def assigned(
    server: Server, name: Literal["VoiceConnectorId", "VoiceConnectorGroupId"], its_id: str
) -> None:
    """It is of a Voice Connector, or of a group."""
    now = datetime.now(UTC)
    office(server).association = Association(Name=name, Value=its_id, AssociatedTimestamp=now)


def get_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    number = voice.get_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    assert (number.get("E164PhoneNumber"), number.get("Status")) == (OURS, "Assigned")


def list_phone_numbers(server: Server, voice: ChimeSDKVoiceClient) -> None:
    (number,) = voice.list_phone_numbers()["PhoneNumbers"]
    assert number.get("E164PhoneNumber") == OURS


def update_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    number = voice.update_phone_number(PhoneNumberId=OURS, Name="Front desk")["PhoneNumber"]
    assert number.get("Name") == ours(server).name == "Front desk"


def delete_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    server.service.account.holdings.rules.clear()  # one would keep it
    voice.delete_phone_number(PhoneNumberId=OURS)
    assert ours(server).deletion_timestamp is not None


def restore_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    ours(server).deletion_timestamp = datetime.now(UTC) + timedelta(days=1)
    number = voice.restore_phone_number(PhoneNumberId=OURS)["PhoneNumber"]
    assert number.get("Status") == "Assigned"
    assert ours(server).deletion_timestamp is None


def batch_delete_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    server.service.account.holdings.rules.clear()  # one would keep it
    assert voice.batch_delete_phone_number(PhoneNumberIds=[OURS])["PhoneNumberErrors"] == []
    assert ours(server).deletion_timestamp is not None


def batch_update_phone_number(server: Server, voice: ChimeSDKVoiceClient) -> None:
    (error,) = voice.batch_update_phone_number(
        UpdatePhoneNumberRequestItems=[
            {"PhoneNumberId": OURS, "Name": "Front desk"},
            {"PhoneNumberId": "+15550109999", "Name": "Nobody"},
        ]
    )["PhoneNumberErrors"]
    assert (error.get("PhoneNumberId"), error.get("ErrorCode")) == ("+15550109999", "NotFound")
    assert ours(server).name == "Front desk"
