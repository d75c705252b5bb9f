"""Settings of the whole account."""

from typing import TYPE_CHECKING

from offhook.emulator.server.api.operations import Body
from offhook.emulator.service.exchange import Exchange

if TYPE_CHECKING:
    from types_boto3_chime_sdk_voice import type_defs as t


def get_global_settings(exchange: Exchange, _request: object) -> Body:
    """The bucket of call detail records."""
    bucket = exchange.account.holdings.cdr_bucket
    return {"VoiceConnector": {"CdrBucket": bucket} if bucket else {}}


def update_global_settings(
    exchange: Exchange, request: "t.UpdateGlobalSettingsRequestTypeDef"
) -> Body:
    """Set the bucket of call detail records; without one, there are none."""
    exchange.account.holdings.cdr_bucket = request["VoiceConnector"].get("CdrBucket")
    exchange.account.changed()
    return None


def get_phone_number_settings(exchange: Exchange, _request: object) -> Body:
    """The default calling name."""
    name = exchange.account.holdings.calling_name
    return {"CallingName": name} if name else {}


def update_phone_number_settings(
    exchange: Exchange, request: "t.UpdatePhoneNumberSettingsRequestTypeDef"
) -> Body:
    """Set the default calling name."""
    exchange.account.holdings.calling_name = request["CallingName"]
    exchange.account.changed()
    return None
