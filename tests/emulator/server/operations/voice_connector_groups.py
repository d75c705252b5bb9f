"""Success stories of groups of Voice Connectors."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from tests.emulator.server.operations.phone_numbers import OFFICE, assigned, office
from tests.emulator.server.operations.voice_connectors import ITS_ID, THERE, WHERE

GROUP = "0f2a9d61-3c4b-4e7a-8d15-6b7c8d9e0f11"
PATH = ("voice-connector-groups", GROUP)


def _there(server: Server) -> None:
    """A Voice Connector, and a group that has none yet."""
    server.service.resources.put(WHERE, THERE)
    said: dict[str, object] = {"VoiceConnectorGroupId": GROUP, "Name": "all"}
    server.service.resources.put(PATH, {**said, "VoiceConnectorItems": []})


def create_voice_connector_group(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    made = voice.create_voice_connector_group(
        Name="both", VoiceConnectorItems=[{"VoiceConnectorId": ITS_ID, "Priority": 1}]
    )["VoiceConnectorGroup"]
    its_id = made.get("VoiceConnectorGroupId", "")
    assert made.get("VoiceConnectorGroupArn", "").endswith(f":vcg/{its_id}")


def get_voice_connector_group(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    found = voice.get_voice_connector_group(VoiceConnectorGroupId=GROUP)["VoiceConnectorGroup"]
    assert found.get("Name") == "all"


def list_voice_connector_groups(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    (found,) = voice.list_voice_connector_groups()["VoiceConnectorGroups"]
    assert found.get("VoiceConnectorGroupId") == GROUP


def update_voice_connector_group(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    items = [{"VoiceConnectorId": ITS_ID, "Priority": 2}]
    updated = voice.update_voice_connector_group(
        VoiceConnectorGroupId=GROUP,
        Name="some",
        VoiceConnectorItems=[{"VoiceConnectorId": ITS_ID, "Priority": 2}],
    )["VoiceConnectorGroup"]
    assert (updated.get("Name"), updated.get("VoiceConnectorItems")) == ("some", items)


def delete_voice_connector_group(server: Server, voice: ChimeSDKVoiceClient) -> None:
    _there(server)
    voice.delete_voice_connector_group(VoiceConnectorGroupId=GROUP)
    assert server.service.resources.get(PATH) is None


def associate_phone_numbers_with_voice_connector_group(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    office(server)
    voice.associate_phone_numbers_with_voice_connector_group(
        VoiceConnectorGroupId=GROUP, E164PhoneNumbers=[OFFICE]
    )
    assert server.service.account.numbers_of(GROUP) == [OFFICE]


def disassociate_phone_numbers_from_voice_connector_group(
    server: Server, voice: ChimeSDKVoiceClient
) -> None:
    _there(server)
    assigned(server, "VoiceConnectorGroupId", GROUP)
    voice.disassociate_phone_numbers_from_voice_connector_group(
        VoiceConnectorGroupId=GROUP, E164PhoneNumbers=[OFFICE]
    )
    assert server.service.account.numbers_of(GROUP) == []
