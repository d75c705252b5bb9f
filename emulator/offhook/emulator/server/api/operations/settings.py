"""Settings of the whole account."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.service import Service

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
    """The default calling name."""
    name = service.account.holdings.calling_name
    return {"CallingName": name} if name else {}


def update_phone_number_settings(
    service: Service, request: "t.UpdatePhoneNumberSettingsRequestTypeDef"
) -> Body:
    """Set the default calling name."""
    service.account.holdings.calling_name = request["CallingName"]
    service.account.changed()
    return None
