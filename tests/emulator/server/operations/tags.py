"""Success stories of tags."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from tests.emulator.server.conftest import application


def tags(server: Server) -> tuple[str, dict[str, str]]:
    """The ARN of the application, and its tags as they are kept: one to begin with."""
    account = server.service.account
    arn = account.application(application(server)).sip_media_application_arn
    return arn, account.holdings.tags.setdefault(arn, {"team": "workshop"})


def tag_resource(server: Server, voice: ChimeSDKVoiceClient) -> None:
    arn, _ = tags(server)
    voice.tag_resource(ResourceARN=arn, Tags=[{"Key": "stage", "Value": "desk"}])
    assert tags(server)[1] == {"team": "workshop", "stage": "desk"}


def untag_resource(server: Server, voice: ChimeSDKVoiceClient) -> None:
    arn, _ = tags(server)
    voice.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert tags(server)[1] == {}


def list_tags_for_resource(server: Server, voice: ChimeSDKVoiceClient) -> None:
    arn, _ = tags(server)
    found = voice.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert found == [{"Key": "team", "Value": "workshop"}]
