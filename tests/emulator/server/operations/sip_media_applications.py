"""Success stories of the operations on SIP media applications."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from tests.emulator.server.conftest import application

ARN = "arn:aws:lambda:us-east-1:123456789012:function:orders"


def create_sip_media_application(server: Server, voice: ChimeSDKVoiceClient) -> None:
    made = voice.create_sip_media_application(
        AwsRegion="us-east-1", Name="orders", Endpoints=[{"LambdaArn": ARN}]
    )["SipMediaApplication"]
    kept = server.service.account.application(made.get("SipMediaApplicationId", ""))
    assert (kept.name, kept.lambda_arn) == ("orders", ARN)


def get_sip_media_application(server: Server, voice: ChimeSDKVoiceClient) -> None:
    its_id = application(server)
    found = voice.get_sip_media_application(SipMediaApplicationId=its_id)["SipMediaApplication"]
    assert found.get("SipMediaApplicationId") == its_id


def list_sip_media_applications(server: Server, voice: ChimeSDKVoiceClient) -> None:
    (only,) = voice.list_sip_media_applications()["SipMediaApplications"]
    assert only.get("SipMediaApplicationId") == application(server)


def update_sip_media_application(server: Server, voice: ChimeSDKVoiceClient) -> None:
    its_id = application(server)
    updated = voice.update_sip_media_application(
        SipMediaApplicationId=its_id, Name="returns", Endpoints=[{"LambdaArn": ARN}]
    )["SipMediaApplication"]
    assert (updated.get("Name"), updated.get("Endpoints")) == ("returns", [{"LambdaArn": ARN}])
    kept = server.service.account.application(its_id)
    assert (kept.name, kept.lambda_arn) == ("returns", ARN)


def delete_sip_media_application(server: Server, voice: ChimeSDKVoiceClient) -> None:
    holdings = server.service.account.holdings
    holdings.rules.clear()  # one would keep it
    voice.delete_sip_media_application(SipMediaApplicationId=application(server))
    assert not holdings.applications


def put_sip_media_application_logging_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    its_id = application(server)
    voice.put_sip_media_application_logging_configuration(
        SipMediaApplicationId=its_id,
        SipMediaApplicationLoggingConfiguration={"EnableSipMediaApplicationMessageLogs": True},
    )
    assert server.service.account.holdings.message_logs[its_id]


def get_sip_media_application_logging_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    its_id = application(server)
    for is_on in (False, True):
        server.service.account.holdings.message_logs[its_id] = is_on
        found = voice.get_sip_media_application_logging_configuration(SipMediaApplicationId=its_id)
        assert found["SipMediaApplicationLoggingConfiguration"] == {
            "EnableSipMediaApplicationMessageLogs": is_on
        }
