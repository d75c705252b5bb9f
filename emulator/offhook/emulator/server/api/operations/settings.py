"""Settings of the whole account."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.phone_numbers import SETTINGS_REST
from offhook.emulator.service.records import stamp
from offhook.emulator.service.service import Service
from offhook.emulator.service.service_error import bad_request

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t


def get_global_settings(service: Service, _request: object) -> Body:
    """The bucket of call detail records."""
    bucket = service.account.holdings.cdr_bucket
    return {"VoiceConnector": {"CdrBucket": bucket} if bucket else {}}


def update_global_settings(
    service: Service, request: "t.UpdateGlobalSettingsRequestTypeDef"
) -> Body:
    """Set the bucket of call detail records; without one, there are none."""
    service.account.holdings.cdr_bucket = request["VoiceConnector"].get("CdrBucket")
    service.account.changed()
    return None


def get_phone_number_settings(service: Service, _request: object) -> Body:
    """The default calling name, and when it was said."""
    holdings = service.account.holdings
    name, said = holdings.calling_name, holdings.calling_name_timestamp
    return {
        **({"CallingName": name} if name else {}),
        **({"CallingNameUpdatedTimestamp": stamp(said)} if said else {}),
    }


def update_phone_number_settings(
    service: Service, request: "t.UpdatePhoneNumberSettingsRequestTypeDef"
) -> Body:
    """Set the default calling name, once in seven days."""
    holdings, now = service.account.holdings, service.account.now()
    said = holdings.calling_name_timestamp
    if said is not None and now < said + SETTINGS_REST:
        raise bad_request(
            f"The default calling name can be updated once in seven days: it was, at {stamp(said)}"
        )
    holdings.calling_name, holdings.calling_name_timestamp = request["CallingName"], now
    service.account.changed()
    return None
