"""Success stories of Voice Connectors."""

from typing import cast

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient
from types_boto3_chime_sdk_voice import type_defs as t

from offhook.emulator.call.resources import Resource
from offhook.emulator.server.listening import Server
from tests.emulator.server.operations.phone_numbers import OFFICE, assigned, office

ITS_ID = "ab1cdefghij2klmno3pqr4"
WHERE = ("voice-connectors", ITS_ID)
ARN = f"arn:aws:chime:us-east-1:123456789012:vc/{ITS_ID}"
THERE = {
    "VoiceConnectorId": ITS_ID,
    "Name": "office",
    "AwsRegion": "us-east-1",
    "RequireEncryption": True,
    "OutboundHostName": f"{ITS_ID}.voiceconnector.chime.aws",
    "VoiceConnectorArn": ARN,
}
ROUTE: t.OriginationRouteTypeDef = {
    "Host": "pbx.example.com",
    "Port": 5061,
    "Protocol": "TCP",
    "Priority": 1,
    "Weight": 1,
}
TERMINATION: t.TerminationOutputTypeDef = {
    "CpsLimit": 1,
    "CallingRegions": ["US"],
    "CidrAllowedList": ["198.51.100.0/27"],
}
STREAMING: t.StreamingConfigurationOutputTypeDef = {"DataRetentionInHours": 24, "Disabled": False}
EMERGENCY: t.EmergencyCallingConfigurationOutputTypeDef = {
    "DNIS": [{"EmergencyPhoneNumber": "+15550100911", "CallingCountry": "US"}]
}


def _there(server: Server, *below: tuple[str, object]) -> None:
    """One, with what is below it."""
    server.service.resources.put(WHERE, THERE)
    for path, said in below:
        server.service.resources.put((*WHERE, *path.split("/")), cast("Resource", said))


def _kept(server: Server, path: str) -> object:
    return server.service.resources.get((*WHERE, *path.split("/")))


def create_voice_connector(server: Server, voice: ChimeSDKVoiceClient) -> None:
    made = voice.create_voice_connector(
        Name="office", RequireEncryption=True, Tags=[{"Key": "team", "Value": "desk"}]
    )["VoiceConnector"]
    its_id = made.get("VoiceConnectorId", "")
    assert made.get("OutboundHostName") == f"{its_id}.voiceconnector.chime.aws"
    assert (len(its_id), made.get("AwsRegion")) == (22, "us-east-1")
    assert server.service.account.holdings.tags[made.get("VoiceConnectorArn", "")]


def get_voice_connector(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    found = voice.get_voice_connector(VoiceConnectorId=ITS_ID)["VoiceConnector"]
    assert found.get("VoiceConnectorArn") == ARN


def list_voice_connectors(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    (found,) = voice.list_voice_connectors(MaxResults=1)["VoiceConnectors"]
    assert found.get("Name") == "office"


def update_voice_connector(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    updated = voice.update_voice_connector(
        VoiceConnectorId=ITS_ID, Name="shop", RequireEncryption=False
    )["VoiceConnector"]
    assert (updated.get("Name"), updated.get("RequireEncryption")) == ("shop", False)
    assert "UpdatedTimestamp" in updated


def delete_voice_connector(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("termination", TERMINATION))
    server.service.account.holdings.tags[ARN] = {"team": "desk"}
    voice.delete_voice_connector(VoiceConnectorId=ITS_ID)
    assert server.service.account.holdings.kept == {}
    assert server.service.account.holdings.tags == {}


def put_voice_connector_origination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    asked: t.OriginationTypeDef = {"Routes": [ROUTE], "Disabled": False}
    put = voice.put_voice_connector_origination(VoiceConnectorId=ITS_ID, Origination=asked)
    assert put["Origination"] == _kept(server, "origination") == asked


def get_voice_connector_origination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("origination", {"Routes": [ROUTE]}))
    found = voice.get_voice_connector_origination(VoiceConnectorId=ITS_ID)["Origination"]
    assert found.get("Routes") == [ROUTE]


def delete_voice_connector_origination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("origination", {"Routes": [ROUTE]}))
    voice.delete_voice_connector_origination(VoiceConnectorId=ITS_ID)
    assert _kept(server, "origination") is None


def put_voice_connector_termination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    put = voice.put_voice_connector_termination(VoiceConnectorId=ITS_ID, Termination=TERMINATION)
    assert put["Termination"] == _kept(server, "termination") == TERMINATION


def get_voice_connector_termination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("termination", TERMINATION))
    found = voice.get_voice_connector_termination(VoiceConnectorId=ITS_ID)["Termination"]
    assert found == TERMINATION


def delete_voice_connector_termination(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("termination", TERMINATION), ("termination/credentials", {"Usernames": ["a"]}))
    voice.delete_voice_connector_termination(VoiceConnectorId=ITS_ID)
    assert _kept(server, "termination/credentials") is None


def put_voice_connector_termination_credentials(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("termination", TERMINATION), ("termination/credentials", {"Usernames": ["a"]}))
    voice.put_voice_connector_termination_credentials(
        VoiceConnectorId=ITS_ID, Credentials=[{"Username": "pbx", "Password": "not kept"}]
    )
    assert _kept(server, "termination/credentials") == {"Usernames": ["a", "pbx"]}


def list_voice_connector_termination_credentials(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server, ("termination", TERMINATION), ("termination/credentials", {"Usernames": ["a"]}))
    listed = voice.list_voice_connector_termination_credentials(VoiceConnectorId=ITS_ID)
    assert listed["Usernames"] == ["a"]


def delete_voice_connector_termination_credentials(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    names = {"Usernames": ["a", "pbx"]}
    _there(server, ("termination", TERMINATION), ("termination/credentials", names))
    voice.delete_voice_connector_termination_credentials(VoiceConnectorId=ITS_ID, Usernames=["a"])
    assert _kept(server, "termination/credentials") == {"Usernames": ["pbx"]}


def get_voice_connector_termination_health(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    health = voice.get_voice_connector_termination_health(VoiceConnectorId=ITS_ID)
    assert health["TerminationHealth"] == {}


def put_voice_connector_streaming_configuration(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    put = voice.put_voice_connector_streaming_configuration(
        VoiceConnectorId=ITS_ID, StreamingConfiguration=STREAMING
    )
    assert put["StreamingConfiguration"] == _kept(server, "streaming-configuration") == STREAMING


def get_voice_connector_streaming_configuration(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server, ("streaming-configuration", STREAMING))
    found = voice.get_voice_connector_streaming_configuration(VoiceConnectorId=ITS_ID)
    assert found["StreamingConfiguration"] == STREAMING


def delete_voice_connector_streaming_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server, ("streaming-configuration", STREAMING))
    voice.delete_voice_connector_streaming_configuration(VoiceConnectorId=ITS_ID)
    assert _kept(server, "streaming-configuration") is None


def put_voice_connector_logging_configuration(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    asked = {"EnableSIPLogs": True}
    put = voice.put_voice_connector_logging_configuration(
        VoiceConnectorId=ITS_ID, LoggingConfiguration={"EnableSIPLogs": True}
    )
    assert put["LoggingConfiguration"] == _kept(server, "logging-configuration") == asked


def get_voice_connector_logging_configuration(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    found = voice.get_voice_connector_logging_configuration(VoiceConnectorId=ITS_ID)
    off = {"EnableSIPLogs": False, "EnableMediaMetricLogs": False}
    assert found["LoggingConfiguration"] == off


def put_voice_connector_emergency_calling_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    put = voice.put_voice_connector_emergency_calling_configuration(
        VoiceConnectorId=ITS_ID, EmergencyCallingConfiguration=EMERGENCY
    )
    assert put["EmergencyCallingConfiguration"] == EMERGENCY


def get_voice_connector_emergency_calling_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server, ("emergency-calling-configuration", EMERGENCY))
    found = voice.get_voice_connector_emergency_calling_configuration(VoiceConnectorId=ITS_ID)
    assert found["EmergencyCallingConfiguration"] == EMERGENCY


def delete_voice_connector_emergency_calling_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server, ("emergency-calling-configuration", EMERGENCY))
    voice.delete_voice_connector_emergency_calling_configuration(VoiceConnectorId=ITS_ID)
    assert _kept(server, "emergency-calling-configuration") is None


def put_voice_connector_external_systems_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    put = voice.put_voice_connector_external_systems_configuration(
        VoiceConnectorId=ITS_ID, ContactCenterSystemTypes=["GENESYS_ENGAGE_ON_PREMISES"]
    )["ExternalSystemsConfiguration"]
    assert put.get("ContactCenterSystemTypes") == ["GENESYS_ENGAGE_ON_PREMISES"]


def get_voice_connector_external_systems_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    systems: dict[str, object] = {"SessionBorderControllerTypes": ["RIBBON_SBC"]}
    _there(server, ("external-systems-configuration", systems))
    found = voice.get_voice_connector_external_systems_configuration(VoiceConnectorId=ITS_ID)
    assert found["ExternalSystemsConfiguration"] == systems


def delete_voice_connector_external_systems_configuration(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    systems: dict[str, object] = {"SessionBorderControllerTypes": ["RIBBON_SBC"]}
    _there(server, ("external-systems-configuration", systems))
    voice.delete_voice_connector_external_systems_configuration(VoiceConnectorId=ITS_ID)
    assert _kept(server, "external-systems-configuration") is None


def list_available_voice_connector_regions(server: Server, voice: ChimeSDKVoiceClient) -> None:
    regions = voice.list_available_voice_connector_regions()["VoiceConnectorRegions"]
    assert "eu-central-1" in regions


def associate_phone_numbers_with_voice_connector(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    office(server)
    answer = voice.associate_phone_numbers_with_voice_connector(
        VoiceConnectorId=ITS_ID, E164PhoneNumbers=[OFFICE, "+15550109999"]
    )
    (error,) = answer["PhoneNumberErrors"]
    assert (error.get("PhoneNumberId"), error.get("ErrorCode")) == ("+15550109999", "NotFound")
    assert server.service.account.numbers_of(ITS_ID) == [OFFICE]


def disassociate_phone_numbers_from_voice_connector(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    assigned(server, "VoiceConnectorId", ITS_ID)
    voice.disassociate_phone_numbers_from_voice_connector(
        VoiceConnectorId=ITS_ID, E164PhoneNumbers=[OFFICE]
    )
    assert server.service.account.numbers_of(ITS_ID) == []
