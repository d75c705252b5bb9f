"""Success stories of the settings of the whole account."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server


def get_global_settings(server: Server, voice: ChimeSDKVoiceClient) -> None:
    server.service.account.holdings.cdr_bucket = "records"
    assert voice.get_global_settings()["VoiceConnector"] == {"CdrBucket": "records"}


def update_global_settings(server: Server, voice: ChimeSDKVoiceClient) -> None:
    voice.update_global_settings(VoiceConnector={"CdrBucket": "records"})
    assert server.service.account.holdings.cdr_bucket == "records"


def get_phone_number_settings(server: Server, voice: ChimeSDKVoiceClient) -> None:
    server.service.account.holdings.calling_name = "Workshop"
    assert voice.get_phone_number_settings()["CallingName"] == "Workshop"


def update_phone_number_settings(server: Server, voice: ChimeSDKVoiceClient) -> None:
    voice.update_phone_number_settings(CallingName="Workshop")
    assert server.service.account.holdings.calling_name == "Workshop"
