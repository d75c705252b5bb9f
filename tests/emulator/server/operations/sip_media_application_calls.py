"""Success stories of the operations on calls."""

from types_boto3_chime_sdk_voice import ChimeSDKVoiceClient

from offhook.emulator.server.listening import Server
from tests.emulator.functions import types
from tests.emulator.server.calls import call_of, dials
from tests.emulator.server.conftest import OURS, THEIRS, application
from tests.patience import until


def create_sip_media_application_call(server: Server, voice: ChimeSDKVoiceClient) -> None:
    made = voice.create_sip_media_application_call(
        FromPhoneNumber=OURS, ToPhoneNumber=THEIRS, SipMediaApplicationId=application(server)
    )
    call = call_of(server, made["SipMediaApplicationCall"].get("TransactionId", ""))
    until(lambda: "CALL_ANSWERED" in types(call.told.events))


def update_sip_media_application_call(server: Server, voice: ChimeSDKVoiceClient) -> None:
    call = dials(server, OURS)
    updated = voice.update_sip_media_application_call(
        SipMediaApplicationId=application(server),
        TransactionId=call.transaction_id,
        Arguments={"what": "end"},
    )["SipMediaApplicationCall"]
    assert updated.get("TransactionId") == call.transaction_id
    until(lambda: "CALL_UPDATE_REQUESTED" in types(call.told.events))
